"""Between the password and the second factor: who it is, in the browser's own signed cookie.

The cookie holds no password, and nothing that signs in: only that the password was right a few
minutes ago, and has not been changed since.
"""

from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from accounts.models import User

KEY = "half"
LIFETIME = timedelta(minutes=10)


def half_sign_in(request: HttpRequest, user: User, *, now: datetime) -> None:
    request.session.flush()
    request.session[KEY] = [str(user.pk), int(now.timestamp()), user.get_session_auth_hash()]


def half_signed_in(request: HttpRequest, *, now: datetime) -> User | None:
    """Who gave the right password here, if that still counts."""
    half = request.session.get(KEY)
    if half is None:
        return None
    user_id, at, fingerprint = half
    if not now.timestamp() - LIFETIME.total_seconds() < at:
        return None
    user = User.objects.filter(pk=user_id, is_banned=False).first()
    if user is None or not constant_time_compare(fingerprint, user.get_session_auth_hash()):
        return None
    return user
