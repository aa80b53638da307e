"""Texts of the confirmation page before a plan changes: plan, day and amount."""

from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from billing.models import Plan, Subscription
from billing.plan_access import RUNNING
from billing.selectors import plan_price
from billing.services.quotes import Quote


@dataclass(frozen=True)
class Confirmation:
    """Texts of a confirmation page; `url` names its form's URL, `fields` are hidden inputs."""

    title: str
    lines: tuple[str, ...]
    label: str
    url: str
    fields: dict[str, str] = field(default_factory=dict)


def cancel_confirmation(row: Subscription) -> Confirmation:
    values = _values(row)
    if row.status in RUNNING:
        lines = (
            _("%(plan)s stays open until %(day)s. After that you can watch free films only.")
            % values,
            _("You will not be charged again. You can change your mind until then."),
        )
    else:
        lines = (
            _("%(plan)s ends immediately, because this month is not paid.") % values,
            _("The open bill is canceled, and you will not be charged."),
        )
    title = _("Cancel your plan?")
    label = _("Cancel my plan")
    return Confirmation(title=title, lines=lines, label=label, url="billing-cancel")


def reactivate_confirmation(row: Subscription) -> Confirmation:
    return Confirmation(
        title=_("Keep your plan?"),
        lines=(_next_payment(row, Plan(row.next_plan or row.plan)),),
        label=_("Keep my plan"),
        url="billing-reactivate",
    )


def lower_confirmation(row: Subscription, plan: Plan) -> Confirmation:
    values = {**_values(row), "other": plan.label, "amount": plan_price(plan)}
    return Confirmation(
        title=_("Change to %(other)s?") % values,
        lines=(
            _("You have paid for %(plan)s until %(day)s, and it stays open until then.") % values,
            _("%(other)s starts on that day, for %(amount)s a month. You pay nothing before then.")
            % values,
        ),
        label=_("Change to %(other)s") % values,
        url="billing-change",
        fields={"plan": plan.value},
    )


def stay_confirmation(row: Subscription) -> Confirmation:
    return Confirmation(
        title=_("Keep %(plan)s?") % _values(row),
        lines=(_next_payment(row, Plan(row.plan)),),
        label=_("Keep %(plan)s") % _values(row),
        url="billing-change",
        fields={"plan": row.plan},
    )


def raise_confirmation(row: Subscription, quote: Quote, *, token: str) -> Confirmation:
    values = {
        **_values(row),
        "other": quote.plan.label,
        "amount": quote.amount_text,
        "price": plan_price(quote.plan),
    }
    return Confirmation(
        title=_("Change to %(other)s?") % values,
        lines=(
            _("You pay %(amount)s now, the difference for the days until %(day)s.") % values,
            _("From that day %(other)s costs %(price)s a month.") % values,
            _("%(other)s opens as soon as we receive the payment.") % values,
        ),
        label=_("Pay %(amount)s and change to %(other)s") % values,
        url="billing-change",
        fields={"plan": quote.plan.value, "quote": token},
    )


def _next_payment(row: Subscription, plan: Plan) -> str:
    values = {**_values(row), "plan": plan.label, "amount": plan_price(plan)}
    return (
        _("%(plan)s continues. The next payment is %(amount)s on %(day)s, then monthly.") % values
    )


def _values(row: Subscription) -> dict[str, str]:
    end = row.current_period_end
    day = date_format(timezone.localtime(end), "j F Y") if end else ""
    return {"plan": Plan(row.plan).label, "day": day}
