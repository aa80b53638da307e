"""What every page's template may know of who is looking."""

from django.http import HttpRequest
from django.utils import timezone

from accounts.middleware import principal_of


def viewer(request: HttpRequest) -> dict[str, object]:
    """`viewer`: the signed-in person's Principal, or None. `viewer_plan`: the plan they hold."""
    principal = principal_of(request)
    return {
        "viewer": principal,
        "viewer_plan": principal.plan_at(timezone.now()) if principal else None,
    }
