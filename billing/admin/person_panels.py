"""Panels of billing on a person's page in the admin area."""

from typing import Any

from accounts.admin.panels import user_panel
from accounts.models import User
from billing.models import Payment, Subscription
from billing.selectors import payments_of

PAYMENTS_SHOWN = 12


@user_panel("Plan", template="admin/panels/plan.html", perm="billing.view_subscription", order=10)
def plan(user: User) -> dict[str, Any]:
    rows = Subscription.objects.filter(user=user)
    lines = [
        {
            "text": f"{row.get_plan_display()}, {row.get_status_display().lower()}",
            "quiet": _until(row),
            "url": f"/admin/billing/subscription/{row.pk}/change/",
        }
        for row in rows
    ]
    is_complimentary = any(row.complimentary_plan for row in rows)
    return {"lines": lines, "empty": "Free plan; never subscribed.", "given": is_complimentary}


def _until(row: Subscription) -> str:
    parts = []
    if row.current_period_end:
        parts.append(f"until {row.current_period_end:%d %b %Y}, {row.provider}")
    if row.complimentary_until:
        plan_label = row.get_complimentary_plan_display()
        parts.append(f"{plan_label} complimentary until {row.complimentary_until:%d %b %Y}")
    return "; ".join(parts) or "no paid or complimentary plan"


@user_panel("Payments", template="admin/panels/lines.html", perm="billing.view_payment", order=11)
def payments(user: User) -> dict[str, Any]:
    lines = [
        {
            "text": f"{row.amount_text}, {row.get_status_display().lower()}",
            "quiet": _about(row),
            "url": f"/admin/billing/payment/{row.pk}/change/",
        }
        for row in payments_of(user.pk)[:PAYMENTS_SHOWN]
    ]
    return {"lines": lines, "empty": "No payments."}


def _about(payment: Payment) -> str:
    parts = [f"{payment.paid_at:%d %b %Y}", payment.get_purpose_display().lower()]
    if payment.refunded_minor:
        parts.append(f"{payment.refunded_text} refunded")
    return ", ".join(part for part in parts if part)
