"""What a page asks before a plan changes: the plan, the day and the amount, in whole sentences."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from billing.models import Plan, Subscription
from billing.plan_access import RUNNING
from billing.selectors import plan_price
from billing.services.quotes import Quote


@dataclass(frozen=True)
class Confirmation:
    """`lines` are sentences, `url` names the form's address, `fields` go along with it."""

    title: str
    lines: tuple[str, ...]
    label: str
    url: str
    fields: dict[str, str] = field(default_factory=dict)


def cancel_confirmation(row: Subscription) -> Confirmation:
    words = _words(row)
    if row.status in RUNNING:
        lines = (
            _("%(plan)s stays open until %(day)s. After that day only free films are open.")
            % words,
            _("Nothing more is charged. You can take your plan up again until then."),
        )
    else:
        lines = (
            _("%(plan)s ends at once, because this month is not paid.") % words,
            _("The open bill is withdrawn, and nothing more is charged."),
        )
    title, label = _("Cancel your plan?"), _("Cancel my plan")
    return Confirmation(title=title, lines=lines, label=label, url="billing-cancel")


def reactivate_confirmation(row: Subscription) -> Confirmation:
    return Confirmation(
        title=_("Keep your plan?"),
        lines=(_next_payment(row, Plan(row.next_plan or row.plan)),),
        label=_("Keep my plan"),
        url="billing-reactivate",
    )


def lower_confirmation(row: Subscription, plan: Plan) -> Confirmation:
    words = {**_words(row), "other": plan.label, "amount": plan_price(plan)}
    return Confirmation(
        title=_("Change to %(other)s?") % words,
        lines=(
            _("You have paid for %(plan)s until %(day)s, and it stays open until then.") % words,
            _("%(other)s begins on that day, for %(amount)s a month. Nothing is charged before.")
            % words,
        ),
        label=_("Change to %(other)s") % words,
        url="billing-change",
        fields={"plan": plan.value},
    )


def stay_confirmation(row: Subscription) -> Confirmation:
    return Confirmation(
        title=_("Keep %(plan)s?") % _words(row),
        lines=(_next_payment(row, Plan(row.plan)),),
        label=_("Keep %(plan)s") % _words(row),
        url="billing-change",
        fields={"plan": row.plan},
    )


def raise_confirmation(row: Subscription, quote: Quote, *, token: str) -> Confirmation:
    words = {
        **_words(row),
        "other": quote.plan.label,
        "amount": quote.amount_text,
        "price": plan_price(quote.plan),
    }
    return Confirmation(
        title=_("Change to %(other)s?") % words,
        lines=(
            _("You pay %(amount)s now: the difference for the days until %(day)s.") % words,
            _("From that day on %(other)s costs %(price)s a month.") % words,
            _("%(other)s opens as soon as the payment has arrived.") % words,
        ),
        label=_("Pay %(amount)s and change to %(other)s") % words,
        url="billing-change",
        fields={"plan": quote.plan.value, "quote": token},
    )


def _next_payment(row: Subscription, plan: Plan) -> str:
    words = {**_words(row), "plan": plan.label, "amount": plan_price(plan)}
    return _("%(plan)s goes on. The next payment is %(amount)s on %(day)s, then monthly.") % words


def _words(row: Subscription) -> dict[str, str]:
    return {"plan": Plan(row.plan).label, "day": _day(row.current_period_end)}


def _day(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "j F Y") if moment else ""
