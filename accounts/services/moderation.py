"""What staff may do to someone. Every one of these is in the audit log."""

from datetime import datetime

from django.db import transaction

from accounts.models import Role, User
from accounts.principal import principals_forget
from accounts.services.audit import audit_write
from accounts.services.sessions import user_sessions_revoke


@transaction.atomic
def user_ban(user: User, *, reason: str, until: datetime | None = None) -> None:
    """Shut an account, for good or `until` a moment; effective on its next request everywhere."""
    old = _ban_values(user)
    user.is_banned, user.ban_reason, user.banned_until = True, reason.strip()[:500], until
    user.save(update_fields=["is_banned", "ban_reason", "banned_until", "updated_at"])
    user_sessions_revoke(user, reason="banned")
    audit_write("user.ban", user, old=old, new=_ban_values(user), reason=user.ban_reason)


@transaction.atomic
def user_unban(user: User) -> None:
    old = _ban_values(user)
    user.is_banned, user.ban_reason, user.banned_until = False, "", None
    user.save(update_fields=["is_banned", "ban_reason", "banned_until", "updated_at"])
    audit_write("user.unban", user, old=old, new=_ban_values(user))


def _ban_values(user: User) -> dict[str, object]:
    return {"is_banned": user.is_banned, "banned_until": user.banned_until}


@transaction.atomic
def user_set_role(user: User, *, role: Role) -> None:
    old = user.role
    user.role = role
    user.save(update_fields=["role", "updated_at"])
    principals_forget(user=user)
    audit_write("user.set_role", user, old={"role": old}, new={"role": role})
