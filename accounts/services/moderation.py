"""Bans and roles. Each change is in the audit log."""

from datetime import datetime

from django.db import transaction

from accounts.auth.principal import principals_forget
from accounts.events import RoleChanged
from accounts.models import User
from accounts.roles import Actor, Role
from accounts.services.audit import audit_write
from accounts.services.sessions import user_sessions_revoke
from accounts.services.staff_rank import super_admin_keep_one, user_lock_below
from kushfilms.core.events import emit

BAN_FIELDS = ("is_banned", "ban_reason", "banned_until")


@transaction.atomic
def user_ban(
    user: User, *, reason: str, until: datetime | None = None, by: Actor | None = None
) -> None:
    """Ban a person for good or `until` a moment, effective on their next request.

    A second ban replaces the reason and the end.

    Raises:
        Denied: `by` may not act on this person.
        WrongState: `last_super_admin`.
    """
    locked = user_lock_below(user, by=by)
    super_admin_keep_one(locked)
    old = _ban_values(locked)
    user.is_banned = True
    user.ban_reason = reason.strip()[:500]
    user.banned_until = until
    user.save(update_fields=[*BAN_FIELDS, "updated_at"])
    user_sessions_revoke(user, reason="banned")
    audit_write("user.ban", user, old=old, new=_ban_values(user), reason=user.ban_reason)


@transaction.atomic
def user_unban(user: User, *, by: Actor | None = None) -> None:
    """Lift a ban, if there is one. Raises Denied."""
    locked = user_lock_below(user, by=by)
    if not locked.is_banned:
        return
    user.is_banned = False
    user.ban_reason = ""
    user.banned_until = None
    user.save(update_fields=[*BAN_FIELDS, "updated_at"])
    audit_write("user.unban", user, old=_ban_values(locked), new=_ban_values(user))


def _ban_values(user: User) -> dict[str, object]:
    return {"is_banned": user.is_banned, "banned_until": user.banned_until}


@transaction.atomic
def user_set_role(user: User, *, role: Role, by: Actor | None = None) -> None:
    """Give a person a role. Raises Denied, or WrongState `last_super_admin`."""
    locked = user_lock_below(user, by=by)
    if role != Role.SUPER_ADMIN:
        super_admin_keep_one(locked)
    user.role = role
    if role == locked.role:
        return
    user.save(update_fields=["role", "updated_at"])
    principals_forget(user=user)
    emit(RoleChanged(user_id=user.pk, old=locked.role, new=role))
    audit_write("user.set_role", user, old={"role": locked.role}, new={"role": role})
