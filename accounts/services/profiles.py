"""Profiles of people, and their choice of mail."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from accounts.auth.principal import principals_forget
from accounts.models import NotificationType, User
from accounts.roles import Role
from accounts.services.consents import consent_by_preference
from accounts.services.email_changes import email_change
from accounts.services.people import user_full_clean, user_lock
from kushfilms.core.errors import InvalidInput
from kushfilms.core.names import name_clean, own_name_clean

EARLIEST_BIRTH = date(1900, 1, 1)


@dataclass(frozen=True, kw_only=True)
class ProfileChange:
    """A change of a profile; None keeps a value, `forget_birth` removes the date of birth."""

    name: str | None = None
    locale: str | None = None
    date_of_birth: date | None = None
    forget_birth: bool = False
    email: str | None = None
    password: str = ""  # the current one, needed to change the e-mail


@transaction.atomic
def profile_update(user_id: UUID, change: ProfileChange, *, now: datetime) -> User:
    """Change a profile completely or not at all.

    Raises InvalidInput and the errors of `email_change`.
    """
    user = user_lock(user_id)
    if change.name is not None and change.name != user.name:
        clean = own_name_clean if user.rank == Role.USER else name_clean
        user.name = clean(change.name)
    if change.locale is not None:
        user.locale = change.locale
    if change.date_of_birth or change.forget_birth:
        birth = change.date_of_birth
        if birth is not None and not EARLIEST_BIRTH <= birth <= now.date():
            fault = "Enter your date of birth."
            raise InvalidInput("Check the marked fields.", fields={"dateOfBirth": [fault]})
        user.date_of_birth = birth
    user_full_clean(user)
    user.save(update_fields=["name", "locale", "date_of_birth", "updated_at"])
    if change.email is not None:
        email_change(user, email=change.email, password=change.password, now=now)
    principals_forget(user=user)
    return user


@transaction.atomic
def preferences_update(user_id: UUID, *, emailed_types: list[NotificationType]) -> User:
    """Set the notifications that a person also gets by e-mail."""
    user = user_lock(user_id)
    user.emailed_types = [kind.value for kind in NotificationType if kind in emailed_types]
    user.save(update_fields=["emailed_types", "updated_at"])
    consent_by_preference(user.pk, emailed_types=user.emailed_types)
    return user
