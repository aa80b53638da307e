"""Panels of billing on a person's page in the admin area."""

from typing import Any

from accounts.admin.panels import user_panel
from accounts.models import User
from billing.models import Subscription
from billing.selectors import payments_of

PAYMENTS_SHOWN = 12


@user_panel("Plan", template="admin/panels/plan.html", perm="billing.view_subscription", order=10)
def plan(user: User) -> dict[str, Any]:
    rows = Subscription.objects.filter(user=user)
    lines = []
    for row in rows:
        periods = []
        if row.current_period_end:
            periods.append(f"until {row.current_period_end:%d %b %Y}, {row.provider}")
        if row.complimentary_until:
            plan_label = row.get_complimentary_plan_display()
            periods.append(f"{plan_label} complimentary until {row.complimentary_until:%d %b %Y}")
        lines.append(
            {
                "text": f"{row.get_plan_display()}, {row.get_status_display().lower()}",
                "quiet": "; ".join(periods) or "no paid or complimentary plan",
                "url": f"/admin/billing/subscription/{row.pk}/change/",
            }
        )
    is_complimentary = any(row.complimentary_plan for row in rows)
    return {"lines": lines, "empty": "Free plan; never subscribed.", "given": is_complimentary}


@user_panel("Payments", template="admin/panels/lines.html", perm="billing.view_payment", order=11)
def payments(user: User) -> dict[str, Any]:
    lines = []
    for row in payments_of(user.pk)[:PAYMENTS_SHOWN]:
        details = [f"{row.paid_at:%d %b %Y}", row.get_purpose_display().lower()]
        if row.refunded_minor:
            details.append(f"{row.refunded_text} refunded")
        lines.append(
            {
                "text": f"{row.amount_text}, {row.get_status_display().lower()}",
                "quiet": ", ".join(detail for detail in details if detail),
                "url": f"/admin/billing/payment/{row.pk}/change/",
            }
        )
    return {"lines": lines, "empty": "No payments."}
