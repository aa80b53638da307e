"""Mails about a plan that begins, renews or ends."""

from django.utils.translation import gettext as _

from accounts.models import User
from billing.mails.frame import PLANS, day_of, letter, mail_of, plan_name
from billing.models import Notice, Subscription, SubscriptionStatus
from billing.plan_access import RUNNING
from billing.selectors import plan_price
from kushfilms.core.mail import Mail


@letter("welcome")
def welcome(user: User, row: Subscription, notice: Notice) -> Mail | None:
    return mail_of(
        user,
        _("Karibu to %(plan)s") % {"plan": plan_name(row)},
        _("Your %(plan)s plan is open, with more films on every screen of yours.")
        % {"plan": plan_name(row)},
        _("You can change or cancel it whenever you like, in your account under billing."),
        path="/",
        label=_("Start watching"),
    )


@letter("renewal_ahead")
def renewal_ahead(user: User, row: Subscription, notice: Notice) -> Mail | None:
    if row.status not in RUNNING or row.cancel_at_period_end:
        return None
    words = {
        "plan": plan_name(row),
        "day": day_of(row.current_period_end),
        "amount": plan_price(row.next_plan or row.plan),
    }
    return mail_of(
        user,
        _("Your plan renews on %(day)s") % words,
        _(
            "Your %(plan)s plan goes on for another month on %(day)s, for %(amount)s. "
            "If you want to go on watching there is nothing to do."
        )
        % {**words, "plan": plan_name(row) if not row.next_plan else row.get_next_plan_display()},
        _("If not, cancel before that day and nothing will be charged."),
        label=_("See or change my plan"),
    )


@letter("cancellation")
def cancellation(user: User, row: Subscription, notice: Notice) -> Mail | None:
    if row.status not in RUNNING or not row.cancel_at_period_end:
        return None  # taken up again, or over, before this was sent
    return mail_of(
        user,
        _("Your plan is canceled"),
        _("You will not be charged again. Your %(plan)s films stay open until %(day)s.")
        % {"plan": plan_name(row), "day": day_of(row.current_period_end)},
        _("Should you change your mind before then, one click takes it up again."),
        label=_("Keep my plan"),
    )


@letter("kept")
def kept(user: User, row: Subscription, notice: Notice) -> Mail | None:
    if row.status not in RUNNING or row.cancel_at_period_end:
        return None
    words = {
        "day": day_of(row.current_period_end),
        "amount": plan_price(row.next_plan or row.plan),
    }
    return mail_of(
        user,
        _("Your plan goes on"),
        _("Good to have you. The next payment is %(amount)s on %(day)s.") % words,
        label=_("See or change my plan"),
    )


@letter("final_day")
def final_day(user: User, row: Subscription, notice: Notice) -> Mail | None:
    if not row.cancel_at_period_end:
        return None
    return mail_of(
        user,
        _("Your %(plan)s plan ends on %(day)s")
        % {"plan": plan_name(row), "day": day_of(row.current_period_end)},
        _(
            "From then on free films, your list and where you stopped stay yours. Nothing will be "
            "charged."
        ),
        _("If you would rather stay, take your plan up again before it ends."),
        label=_("Keep my plan"),
    )


@letter("ended_now")
def ended_now(user: User, row: Subscription, notice: Notice) -> Mail | None:
    return _ended(
        user,
        row,
        _("You canceled your %(plan)s plan. It ended at once, because this month was not paid."),
    )


@letter("ended_unpaid")
def ended_unpaid(user: User, row: Subscription, notice: Notice) -> Mail | None:
    return _ended(
        user,
        row,
        _("We could not collect the payment for your %(plan)s plan, so it has ended."),
    )


@letter("ended")
def ended(user: User, row: Subscription, notice: Notice) -> Mail | None:
    return _ended(user, row, _("Your %(plan)s plan has ended, and nothing more is charged."))


def _ended(user: User, row: Subscription, why: str) -> Mail | None:
    if row.status != SubscriptionStatus.CANCELED:
        return None  # bought again before this was sent
    return mail_of(
        user,
        _("Your plan has ended"),
        why % {"plan": plan_name(row)},
        _("An open bill is withdrawn: there is nothing to pay any more."),
        _("Free films, your list and where you stopped stay yours. You can choose a plan again."),
        path=PLANS,
        label=_("See the plans"),
    )
