"""Demo logins of a local run. The launcher prints their passwords."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from accounts.services.people import user_create
from billing.models import Plan
from billing.services.complimentary import subscription_grant

PLAN_LASTS = timedelta(days=3652)
BORN = date(1990, 10, 9)  # old enough for every film


@dataclass(frozen=True)
class Person:
    email: str
    password: str
    name: str
    role: Role = Role.USER
    plan: Plan = Plan.FREE


ADMIN = Person("admin@kushfilms.com", "admin123", "Achieng Admin", Role.SUPER_ADMIN)
FREE_VIEWER = Person("free@kushfilms.com", "viewer123", "Fahad Free")
PEOPLE = (
    ADMIN,
    Person("moderator@kushfilms.com", "viewer123", "Mercy Moderator", Role.MODERATOR),
    FREE_VIEWER,
    Person("basic@kushfilms.com", "viewer123", "Babirye Basic", plan=Plan.BASIC),
    Person("premium@kushfilms.com", "viewer123", "Paul Premium", plan=Plan.PREMIUM),
)


def people_add() -> int:
    """Create the missing accounts, and return their number; one query if none is missing."""
    emails = [person.email for person in PEOPLE]
    existing = set(User.objects.filter(email__in=emails).values_list("email", flat=True))
    missing = [person for person in PEOPLE if person.email not in existing]
    for person in missing:
        _add(person)
    return len(missing)


@transaction.atomic  # Otherwise an existing account without its plan would never get it.
def _add(person: Person) -> None:
    user = user_create(
        email=person.email,
        password=person.password,
        name=person.name,
        role=person.role,
        email_verified=True,
    )
    user.date_of_birth = BORN
    user.save(update_fields=["date_of_birth", "updated_at"])
    if person.plan != Plan.FREE:
        subscription_grant(user, plan=person.plan, until=timezone.now() + PLAN_LASTS)
