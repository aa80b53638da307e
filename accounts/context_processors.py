"""What every page's template may know of who is looking."""

from functools import partial

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from accounts.auth.middleware import principal_of
from accounts.services.unread import unread_count


def viewer(request: HttpRequest) -> dict[str, object]:
    """`viewer`: the signed-in person's Principal, or None. `viewer_plan`: the plan they hold.
    `terms_changed`: the terms were changed after the person agreed to them.
    `viewer_unread`: how many notifications they have not read."""
    principal = principal_of(request)
    return {
        "viewer": principal,
        # Called by the header alone: a page without one asks for nothing.
        "viewer_unread": partial(unread_count, principal.user_id) if principal else None,
        "terms_changed": principal is not None
        and principal.terms_version not in {"", settings.LEGAL_TEXTS_VERSION},
        "viewer_plan": principal.plan_at(timezone.now()) if principal else None,
    }
