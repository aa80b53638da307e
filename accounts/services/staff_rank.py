"""Who may touch whom, decided with the rows in hand."""

from django.db.models import Q

from accounts.auth.permissions import may_act_on
from accounts.models import User
from accounts.roles import Actor, Role
from kushfilms.core.errors import Denied, NotFound, WrongState


def user_lock_below(user: User, *, by: Actor | None) -> User:
    """The person as the database has them, locked, once `by` may act on them.

    The super admins are locked with them, all in one order: of two who demote each other at the
    same moment the second sees what the first did.

    Raises:
        NotFound: they are gone.
        Denied: `by` is the person themselves, or not above them.
    """
    wanted = Q(pk=user.pk) | Q(role=Role.SUPER_ADMIN)
    # Without the key: what they watch and write meanwhile is not held up.
    rows = User.objects.select_for_update(no_key=True).filter(wanted).order_by("pk")
    found = next((row for row in rows if row.pk == user.pk), None)
    if found is None:
        raise NotFound("There is no such person.")
    if by is not None and not may_act_on(by, found):
        raise Denied("They are not below you.", code="not_below_you")
    return found


def super_admin_keep_one(user: User) -> None:
    """Call with `user_lock_below` held, before a super admin loses their power.

    Raises:
        WrongState: `last_super_admin`.
    """
    if user.rank != Role.SUPER_ADMIN or user.is_banned:
        return
    others = User.objects.filter(role=Role.SUPER_ADMIN, is_banned=False, erased_at=None)
    if not others.filter(deletes_at=None).exclude(pk=user.pk).exists():
        message = "This is the last super admin. Make somebody else one first."
        raise WrongState(message, code="last_super_admin")
