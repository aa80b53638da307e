"""People: creation, credentials and changes."""

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
    """Return an address without case, spaces, invisible or compatibility characters."""
    return email_clean(email).casefold()


def user_by_email(email: str) -> User | None:
    """Return the person with this address, by the unique index on its lower case, or None."""
    found = User.objects.alias(folded=Lower("email")).filter(folded=email_normalise(email))
    return next(iter(found), None)  # `first()` would order by the key, and may walk its index


def user_lock(user_id: UUID) -> User:
    """Lock a person's row for this transaction. Raises NotSignedIn if it is gone."""
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
    """Create a person.

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
    # Not a plain INSERT, which would fail in a race and be logged with all its values.
    User.objects.bulk_create([user], ignore_conflicts=True)
    if not User.objects.filter(pk=user.pk).exists():
        raise email_taken()
    return user


def address_must_be_free(email: str, *, besides: User | None, now: datetime) -> None:
    """Check that an address can be used.

    Raises WrongState (`email_taken`) if it belongs to another person, or to one who may still undo
    the change away from it.
    """
    holder = user_by_email(email)
    if (holder and holder != besides) or address_kept(email, besides=besides, now=now):
        raise email_taken()


def email_taken() -> WrongState:
    taken = "This e-mail already has an account. Sign in instead."
    return WrongState(taken, code="email_taken")


def user_full_clean(user: User) -> None:
    """Check that all values fit their columns. Raises InvalidInput."""
    try:
        user.full_clean(validate_constraints=False)
    except ValidationError as exc:
        raise InvalidInput("Check the marked fields.", fields=exc.message_dict) from exc


def password_check_strength(password: str, user: User) -> None:
    """Check a new password. Raises InvalidInput."""
    try:
        validate_password(password, user)
    except ValidationError as exc:
        raise InvalidInput("Choose another password.", fields={"password": exc.messages}) from exc


def user_check_credentials(*, email: str, password: str, now: datetime | None = None) -> User:
    """Return the person of an e-mail and a password; lift a ban that is over by `now`.

    Raises:
        NotSignedIn: unknown e-mail and wrong password have the same text and take the same time.
        Denied: `banned`, with the reason, only after the right password.
    """
    user = user_by_email(email)
    if not password_matches(user, password) or user is None:
        raise NotSignedIn("E-mail or password is wrong.", code="invalid_credentials")
    if user.is_banned and not user_ban_end(user, now=now or timezone.now()):
        reason = user.ban_reason or _("Contact us if you think this is a mistake.")
        raise Denied(_("This account is closed. %(reason)s") % {"reason": reason}, code="banned")
    return user


@transaction.atomic
def user_update(user: User, *, fields: list[str]) -> None:
    """Save checked fields of a person, effective on their next request.

    A new e-mail must be confirmed, unless `email_verified` is among the fields.
    """
    locked = user_lock(user.pk)
    moved = "email" in fields and locked.email != user.email
    if moved:
        address_must_be_free(user.email, besides=user, now=timezone.now())
        user.pending_email, fields = "", [*fields, "pending_email"]
    if moved and "email_verified" not in fields:
        user.email_verified, fields = False, [*fields, "email_verified"]
    user.save(update_fields=[*fields, "updated_at"])
    principals_forget(user=user)
    if moved:
        address_moved(user, old=locked.email, undo=False, now=timezone.now())
