"""Making people, knowing them by their password, changing them."""

from datetime import datetime
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.auth.principal import principals_forget
from accounts.models import User
from accounts.roles import Role
from accounts.services.ban_expiry import user_ban_end
from accounts.services.mailbox_changes import address_moved
from accounts.services.one_time_tokens import address_kept
from accounts.services.password_hashing import password_hash, password_matches
from kushfilms.core.errors import Denied, InvalidInput, NotSignedIn, WrongState
from kushfilms.core.names import name_clean
from kushfilms.core.text import email_clean


def email_normalise(email: str) -> str:
    """Return the one spelling of a mailbox: no case, spaces, invisible or compatibility forms."""
    return email_clean(email).casefold()


def user_by_email(email: str) -> User | None:
    """By the unique index on the lower case, the only one there is on addresses."""
    found = User.objects.alias(folded=Lower("email")).filter(folded=email_normalise(email))
    return next(iter(found), None)  # `first()` would order by the key, and may walk its index


def user_lock(user_id: UUID) -> User:
    """The row, for this transaction alone. Raises NotSignedIn for one that has gone."""
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise NotSignedIn("Sign in again.", code="session_ended")
    return user


def user_create(
    *,
    email: str,
    password: str,
    name: str,
    role: Role = Role.USER,
    email_verified: bool = False,
    locale: str = "",
    validate: bool = False,
) -> User:
    """Make a person.

    Raises:
        InvalidInput: the password is too weak (`validate`), or a field does not fit.
        WrongState: `email_taken`, also when two registrations race.
    """
    user = User(email=email_normalise(email), name=name_clean(name), role=role, locale=locale)
    user.email_verified = email_verified
    address_must_be_free(user.email, besides=None, now=timezone.now())
    if validate:
        password_check_strength(password, user)
    user.password = password_hash(password)
    user_full_clean(user)
    # Not an INSERT that fails where two race: the database logs such a one with all its values.
    User.objects.bulk_create([user], ignore_conflicts=True)
    if not User.objects.filter(pk=user.pk).exists():
        raise email_taken()
    return user


def address_must_be_free(email: str, *, besides: User | None, now: datetime) -> None:
    """Raises WrongState (`email_taken`): it is somebody's, or kept for who may still take a move
    away from it back."""
    holder = user_by_email(email)
    if (holder and holder != besides) or address_kept(email, besides=besides, now=now):
        raise email_taken()


def email_taken() -> WrongState:
    taken = "There is an account with this e-mail already. Sign in instead."
    return WrongState(taken, code="email_taken")


def user_full_clean(user: User) -> None:
    """Does everything fit its column? Raises InvalidInput."""
    try:
        user.full_clean(validate_constraints=False)
    except ValidationError as exc:
        raise InvalidInput("Check the marked fields.", fields=exc.message_dict) from exc


def password_check_strength(password: str, user: User) -> None:
    """Raises InvalidInput."""
    try:
        validate_password(password, user)
    except ValidationError as exc:
        raise InvalidInput("Choose another password.", fields={"password": exc.messages}) from exc


def user_check_credentials(*, email: str, password: str, now: datetime | None = None) -> User:
    """The person, if the password fits. A ban that is over by `now` is lifted on the way.

    Raises:
        NotSignedIn: unknown e-mail and wrong password read and take the same.
        Denied: `banned`, with the reason, only after the right password.
    """
    user = user_by_email(email)
    if not password_matches(user, password) or user is None:
        raise NotSignedIn("E-mail or password is wrong.", code="invalid_credentials")
    if user.is_banned and not user_ban_end(user, now=now or timezone.now()):
        reason = user.ban_reason or _("Write to us if you think this is a mistake.")
        raise Denied(_("This account is closed. %(reason)s") % {"reason": reason}, code="banned")
    return user


@transaction.atomic
def user_update(user: User, *, fields: list[str]) -> None:
    """Save these checked fields of a person; counts on their next request.

    Another e-mail has to be confirmed anew, unless `email_verified` is among the fields.
    """
    held = user_lock(user.pk)
    moved = "email" in fields and held.email != user.email
    if moved:
        address_must_be_free(user.email, besides=user, now=timezone.now())
        user.pending_email, fields = "", [*fields, "pending_email"]
    if moved and "email_verified" not in fields:
        user.email_verified, fields = False, [*fields, "email_verified"]
    user.save(update_fields=[*fields, "updated_at"])
    principals_forget(user=user)
    if moved:
        address_moved(user, old=held.email, undo=False, now=timezone.now())
