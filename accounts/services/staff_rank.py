"""Rank of staff, checked with the rows locked."""

from django.db.models import Q

from accounts.auth.permissions import may_act_on
from accounts.models import User
from accounts.roles import Actor, Role
from kushfilms.core.errors import Denied, NotFound, WrongState


def user_lock_below(user: User, *, by: Actor | None) -> User:
    """Lock and return a person's row, after checking that `by` may act on them.

    All super admins are locked as well, in one order: if two demote each other at the same moment,
    the second sees the first change.

    Raises:
        NotFound: the person is gone.
        Denied: `by` is the person themselves, or not above them.
    """
    rows_to_lock = Q(pk=user.pk) | Q(role=Role.SUPER_ADMIN)
    # Not the key, so that inserts referring to these people do not wait.
    rows = User.objects.select_for_update(no_key=True).filter(rows_to_lock).order_by("pk")
    found = next((row for row in rows if row.pk == user.pk), None)
    if found is None:
        raise NotFound("Person not found.")
    if by is not None and not may_act_on(by, found):
        raise Denied("You can only change accounts below your role.", code="not_below_you")
    return found


def super_admin_keep_one(user: User) -> None:
    """Check that a super admin remains; call under `user_lock_below` before demoting one.

    Raises:
        WrongState: `last_super_admin`.
    """
    if user.rank != Role.SUPER_ADMIN or user.is_banned:
        return
    others = User.objects.filter(role=Role.SUPER_ADMIN, is_banned=False, erased_at=None)
    if not others.filter(deletes_at=None).exclude(pk=user.pk).exists():
        message = "This is the last super admin. Give another account this role first."
        raise WrongState(message, code="last_super_admin")
