"""Permission to act on an account, by comparing two people's roles."""

from accounts.models import User
from accounts.roles import SUPER_ADMIN, Actor, Role


def may_act_on(actor: Actor, other: User) -> bool:
    """Return whether `actor` may: staff act on lower roles, a super admin on all, none on self."""
    if actor.id == other.pk:
        return False
    return actor.role == SUPER_ADMIN or Role(actor.role).rank > other.rank.rank
