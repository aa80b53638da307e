"""Who may act on an account: the rule that compares two people's roles."""

from accounts.auth.principal import Principal
from accounts.models import User
from accounts.roles import SUPER_ADMIN


def may_act_on(me: User | Principal, other: User) -> bool:
    """Staff act on those below them, the super admin on all, and nobody on themselves."""
    my_id, my_role = (me.pk, me.rank) if isinstance(me, User) else (me.user_id, me.role)
    if my_id == other.pk:
        return False
    return my_role == SUPER_ADMIN or my_role.rank > other.rank.rank
