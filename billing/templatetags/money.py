"""Billing figures on the admin's first screen."""

from typing import Any

from django import template
from django.utils import timezone

from billing.admin.statistics import figures

register = template.Library()


@register.inclusion_tag("admin/panels/money.html", takes_context=True)
def money_figures(context: dict[str, Any]) -> dict[str, Any]:
    """Return the figures, or None without the permission to view subscriptions."""
    user = context["request"].user
    is_allowed = user.is_authenticated and user.has_perm("billing.view_subscription")
    return {"figures": figures(now=timezone.now()) if is_allowed else None}
