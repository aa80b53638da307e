"""E-mails about a change of plan."""

from django.utils.translation import gettext as _

from accounts.models import User
from billing.mails.frame import BILLING, day_of, mail_for_notice, mail_of, plan_name
from billing.models import Notice, Plan, Subscription
from billing.plan_access import RUNNING
from billing.selectors import plan_price
from kushfilms.core.mail import Mail


@mail_for_notice("upgraded")
def upgraded(user: User, row: Subscription, notice: Notice) -> Mail | None:
    values = {
        "plan": plan_name(row),
        "amount": plan_price(row.plan),
        "day": day_of(row.current_period_end),
    }
    return mail_of(
        user,
        _("Your plan is now %(plan)s") % values,
        _("We received your payment. Every film of %(plan)s is open now.") % values,
        _("From %(day)s it costs %(amount)s a month.") % values,
        path="/",
        label=_("Start watching"),
    )


@mail_for_notice("lowered")
def lowered(user: User, row: Subscription, notice: Notice) -> Mail | None:
    if not row.next_plan or row.status not in RUNNING:
        return None
    values = {
        "plan": plan_name(row),
        "next": Plan(row.next_plan).label,
        "amount": plan_price(row.next_plan),
        "day": day_of(row.current_period_end),
    }
    return mail_of(
        user,
        _("Your plan changes to %(next)s on %(day)s") % values,
        _("You have paid for %(plan)s until %(day)s, and it stays open until then.") % values,
        _("%(next)s starts on that day, for %(amount)s a month.") % values,
        label=_("See or change my plan"),
    )


@mail_for_notice("upgrade_waiting")
def upgrade_waiting(user: User, row: Subscription, notice: Notice) -> Mail | None:
    if not row.upgrade_plan:
        return None
    values = {"plan": plan_name(row), "next": Plan(row.upgrade_plan).label}
    return mail_of(
        user,
        _("Your change to %(next)s is waiting for payment") % values,
        _("Your bank needs to confirm the payment, or declined it. You keep %(plan)s until then.")
        % values,
        path=row.pay_url or BILLING,
        label=_("Confirm or pay the difference"),
    )


@mail_for_notice("change_failed")
def change_failed(user: User, row: Subscription, notice: Notice) -> Mail | None:
    if row.status not in RUNNING:
        return None
    return mail_of(
        user,
        _("Your plan was not changed"),
        _("The payment for the change failed, so you keep %(plan)s.") % {"plan": plan_name(row)},
        _("Update your card under Billing, then try again."),
        label=_("See or change my plan"),
    )
