"""Pending sign-ins, between the password and the second factor, in the browser's signed cookie.

The cookie holds no password and does not sign in: it only states that the password was right a
few minutes ago. It is void once the password changes.
"""

from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from accounts.models import User

KEY = "half"
LIFETIME = timedelta(minutes=10)


def pending_sign_in_set(request: HttpRequest, user: User, *, now: datetime) -> None:
    request.session.flush()
    request.session[KEY] = [str(user.pk), int(now.timestamp()), user.get_session_auth_hash()]


def pending_sign_in_user(request: HttpRequest, *, now: datetime) -> User | None:
    """Return the person whose password was right in this browser, if that is still valid."""
    pending = request.session.get(KEY)
    if pending is None:
        return None
    user_id, begun_at, fingerprint = pending
    if not now.timestamp() - LIFETIME.total_seconds() < begun_at:
        return None
    user = User.objects.filter(pk=user_id, is_banned=False).first()
    if user is None or not constant_time_compare(fingerprint, user.get_session_auth_hash()):
        return None
    return user
