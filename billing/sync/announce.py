"""A plan that changed: the next request counts it, on every node."""

from accounts.auth.principal import principals_forget
from accounts.models import User
from billing.events import PlanChanged
from kushfilms.core.events import emit


def plan_announce(user: User) -> None:
    principals_forget(user=user)
    emit(PlanChanged(user_id=user.pk))
