"""Template context of every page: the signed-in viewer."""

from functools import partial

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from accounts.auth.middleware import principal_of
from accounts.services.unread import unread_count


def viewer(request: HttpRequest) -> dict[str, object]:
    """Return the context of the viewer.

    `viewer`: the signed-in person's Principal, or None. `viewer_plan`: their plan.
    `terms_changed`: the terms changed after the person agreed to them. `viewer_unread`: a function
    that returns the number of unread notifications.
    """
    principal = principal_of(request)
    return {
        "viewer": principal,
        # A function, so that a page without the header does not count.
        "viewer_unread": partial(unread_count, principal.user_id) if principal else None,
        "terms_changed": principal is not None
        and principal.terms_version not in {"", settings.LEGAL_TEXTS_VERSION},
        "viewer_plan": principal.plan_at(timezone.now()) if principal else None,
    }
