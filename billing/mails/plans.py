"""E-mails about a plan that starts, renews or ends."""

from django.utils.translation import gettext as _

from accounts.models import User
from billing.mails.frame import PLANS, day_of, mail_for_notice, mail_of, plan_name
from billing.models import Notice, Subscription, SubscriptionStatus
from billing.plan_access import RUNNING
from billing.selectors import plan_price
from kushfilms.core.mail import Mail


@mail_for_notice("welcome")
def welcome(user: User, row: Subscription, notice: Notice) -> Mail | None:
    return mail_of(
        user,
        _("Karibu to %(plan)s") % {"plan": plan_name(row)},
        _("Your %(plan)s plan has started, with more films on all your screens.")
        % {"plan": plan_name(row)},
        _("You can change or cancel it at any time in your account, under Billing."),
        path="/",
        label=_("Start watching"),
    )


@mail_for_notice("renewal_ahead")
def renewal_ahead(user: User, row: Subscription, notice: Notice) -> Mail | None:
    if row.status not in RUNNING or row.cancel_at_period_end:
        return None
    values = {
        "plan": plan_name(row),
        "day": day_of(row.current_period_end),
        "amount": plan_price(row.next_plan or row.plan),
    }
    return mail_of(
        user,
        _("Your plan renews on %(day)s") % values,
        _(
            "Your %(plan)s plan renews for another month on %(day)s, for %(amount)s. "
            "You don't need to do anything to keep watching."
        )
        % {**values, "plan": plan_name(row) if not row.next_plan else row.get_next_plan_display()},
        _("To stop, cancel before that day. You will not be charged."),
        label=_("See or change my plan"),
    )


@mail_for_notice("cancellation")
def cancellation(user: User, row: Subscription, notice: Notice) -> Mail | None:
    if row.status not in RUNNING or not row.cancel_at_period_end:
        return None  # reactivated, or ended, before this was sent
    return mail_of(
        user,
        _("Your plan is canceled"),
        _("You will not be charged again. Your %(plan)s films stay open until %(day)s.")
        % {"plan": plan_name(row), "day": day_of(row.current_period_end)},
        _("If you change your mind before then, you can keep your plan with one click."),
        label=_("Keep my plan"),
    )


@mail_for_notice("kept")
def reactivated(user: User, row: Subscription, notice: Notice) -> Mail | None:
    if row.status not in RUNNING or row.cancel_at_period_end:
        return None
    values = {
        "day": day_of(row.current_period_end),
        "amount": plan_price(row.next_plan or row.plan),
    }
    return mail_of(
        user,
        _("Your plan continues"),
        _("Good to have you with us. The next payment is %(amount)s on %(day)s.") % values,
        label=_("See or change my plan"),
    )


@mail_for_notice("final_day")
def final_day(user: User, row: Subscription, notice: Notice) -> Mail | None:
    if not row.cancel_at_period_end:
        return None
    return mail_of(
        user,
        _("Your %(plan)s plan ends on %(day)s")
        % {"plan": plan_name(row), "day": day_of(row.current_period_end)},
        _(
            "After that you can still watch free films, and we keep your list and your place in "
            "each film. You will not be charged."
        ),
        _("Want to stay? Keep your plan before it ends."),
        label=_("Keep my plan"),
    )


@mail_for_notice("ended_now")
def ended_now(user: User, row: Subscription, notice: Notice) -> Mail | None:
    return _ended(
        user,
        row,
        _("You canceled your %(plan)s plan. It ended today, because this month was not paid."),
    )


@mail_for_notice("ended_unpaid")
def ended_unpaid(user: User, row: Subscription, notice: Notice) -> Mail | None:
    return _ended(
        user,
        row,
        _("We could not collect the payment for your %(plan)s plan, so it has ended."),
    )


@mail_for_notice("ended")
def ended(user: User, row: Subscription, notice: Notice) -> Mail | None:
    return _ended(user, row, _("Your %(plan)s plan has ended. You will not be charged again."))


def _ended(user: User, row: Subscription, why: str) -> Mail | None:
    if row.status != SubscriptionStatus.CANCELED:
        return None  # bought again before this was sent
    return mail_of(
        user,
        _("Your plan has ended"),
        why % {"plan": plan_name(row)},
        _("Any open bill is canceled, so you have nothing left to pay."),
        _("You can still watch free films, and choose a plan again at any time."),
        path=PLANS,
        label=_("See the plans"),
    )
