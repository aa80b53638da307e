"""Expiry of temporary bans."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.services.moderation import user_unban
from kushfilms.core.context import RequestContext, opened

AT_ONCE = 500


@transaction.atomic
def user_ban_end(user: User, *, now: datetime) -> bool:
    """Lift a ban that is over; return whether it was."""
    over = User.objects.select_for_update().filter(
        pk=user.pk, is_banned=True, banned_until__lte=now
    )
    banned = over.first()
    if banned is None:
        return False
    with opened(RequestContext()):  # the system lifts it, not the person of the current request
        user_unban(banned)
    user.refresh_from_db()
    return True


def bans_end(*, now: datetime) -> int:
    """Lift all bans that are over; return their number."""
    over = User.objects.filter(is_banned=True, banned_until__lte=now).order_by("banned_until")
    return sum(user_ban_end(user, now=now) for user in over[:AT_ONCE])
