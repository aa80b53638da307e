"""Mails about a change of plan."""

from django.utils.translation import gettext as _

from accounts.models import User
from billing.mails.frame import BILLING, day_of, letter, mail_of, plan_name
from billing.models import Notice, Plan, Subscription
from billing.plan_access import RUNNING
from billing.selectors import plan_price
from kushfilms.core.mail import Mail


@letter("upgraded")
def upgraded(user: User, row: Subscription, notice: Notice) -> Mail | None:
    words = {
        "plan": plan_name(row),
        "amount": plan_price(row.plan),
        "day": day_of(row.current_period_end),
    }
    return mail_of(
        user,
        _("Your plan is %(plan)s now") % words,
        _("Your payment arrived, and every film of %(plan)s is open.") % words,
        _("From %(day)s on it costs %(amount)s a month.") % words,
        path="/",
        label=_("Start watching"),
    )


@letter("lowered")
def lowered(user: User, row: Subscription, notice: Notice) -> Mail | None:
    if not row.next_plan or row.status not in RUNNING:
        return None
    words = {
        "plan": plan_name(row),
        "next": Plan(row.next_plan).label,
        "amount": plan_price(row.next_plan),
        "day": day_of(row.current_period_end),
    }
    return mail_of(
        user,
        _("Your plan changes to %(next)s on %(day)s") % words,
        _("You have paid for %(plan)s until %(day)s, and it stays open until then.") % words,
        _("%(next)s begins on that day, for %(amount)s a month.") % words,
        label=_("See or change my plan"),
    )


@letter("upgrade_waiting")
def upgrade_waiting(user: User, row: Subscription, notice: Notice) -> Mail | None:
    if not row.upgrade_plan:
        return None
    words = {"plan": plan_name(row), "next": Plan(row.upgrade_plan).label}
    return mail_of(
        user,
        _("Your change to %(next)s waits for its payment") % words,
        _("Your bank has to confirm the payment, or has refused it. You keep %(plan)s until then.")
        % words,
        path=row.pay_url or BILLING,
        label=_("Confirm or pay the difference"),
    )


@letter("change_failed")
def change_failed(user: User, row: Subscription, notice: Notice) -> Mail | None:
    if row.status not in RUNNING:
        return None
    return mail_of(
        user,
        _("Your plan was not changed"),
        _("The payment for the change failed, so you keep %(plan)s.") % {"plan": plan_name(row)},
        _("Change your card under billing, then try again."),
        label=_("See or change my plan"),
    )
