"""Announcement of a changed plan, so that the next request on every node uses it."""

from accounts.auth.principal import principals_forget
from accounts.models import User
from billing.events import PlanChanged
from kushfilms.core.events import emit


def plan_announce(user: User) -> None:
    principals_forget(user=user)
    emit(PlanChanged(user_id=user.pk))
