"""Second factor at sign-in: an authenticator app, set up, checked and removed.

An account has five tries of a code in 15 minutes. A try needs the password or a sign-in, so a
stranger cannot use them up.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pyotp
from django.conf import settings
from django.db import transaction

from accounts.auth.principal import Principal, principals_forget
from accounts.models import Session, Totp, User
from accounts.services.audit import audit_write
from accounts.services.lock_out import own_password_check
from accounts.services.totp_codes import (
    code_spend,
    code_step,
    recovery_codes_new,
    recovery_digest,
    secret_new,
    secret_read,
    try_count,
)
from kushfilms.core.errors import Denied, InvalidInput, NotSignedIn, WrongState

ISSUER = "Kush Films"
# Time for the first code after a secret was shown.
SET_UP_WITHIN = timedelta(minutes=30)
WRONG_CODE = "Wrong code. Check the clock of your phone and try the next code."


@dataclass(frozen=True)
class Enrolment:
    """The secret for an authenticator app, shown only during the set-up."""

    secret: str
    uri: str


def totp_begin(user: User, *, password: str, now: datetime) -> Enrolment:
    """Create a secret, which applies after a first code.

    Raises:
        InvalidInput: wrong password.  RateLimited: too many of them.
        WrongState: `totp_on`.
    """
    if second_factor_on(user.pk):
        raise _already_on()
    _check_password(user, password, now=now)
    # Created already expired, so that only the update below, which checks for a confirmed app,
    # starts the set-up.
    expired = {"sealed_secret": secret_new(), "created_at": now - SET_UP_WITHIN}
    totp, _ = Totp.objects.get_or_create(user=user, defaults=expired)
    rows = Totp.objects.filter(pk=totp.pk, confirmed_at=None)
    if not rows.update(sealed_secret=secret_new(), created_at=now):
        raise _already_on()
    totp.refresh_from_db()
    return _enrolment(totp, user)


def totp_enrolment(user: User, *, now: datetime) -> Enrolment | None:
    """Return the set-up in progress, to show its QR code again, or None."""
    fresh = now - SET_UP_WITHIN
    totp = Totp.objects.filter(user=user, confirmed_at=None, created_at__gt=fresh).first()
    return _enrolment(totp, user) if totp else None


def totp_confirm(user: User, *, code: str, session_id: UUID, now: datetime) -> list[str]:
    """Turn the second factor on with a first code; return the recovery codes, shown once.

    Raises:
        InvalidInput: a wrong code.  RateLimited: too many of them.
        WrongState: `totp_on`; or `totp_not_begun`, also when begun too long ago.
    """
    totp = Totp.objects.filter(user=user).first()
    if totp and totp.confirmed_at:
        raise _already_on()
    if totp is None or totp.created_at <= now - SET_UP_WITHIN:
        raise WrongState("The set-up has expired. Start again.", code="totp_not_begun")
    try_count(totp, now=now)
    step = code_step(totp, code, now=now)
    if step is None:
        raise InvalidInput("Wrong code.", fields={"code": [WRONG_CODE]})
    return _turn_on(totp, user, step=step, session_id=session_id, now=now)


@transaction.atomic
def _turn_on(totp: Totp, user: User, *, step: int, session_id: UUID, now: datetime) -> list[str]:
    codes = recovery_codes_new()
    begun = Totp.objects.filter(pk=totp.pk, confirmed_at=None, sealed_secret=totp.sealed_secret)
    if not begun.update(
        confirmed_at=now,
        last_step=step,
        tries=0,
        recovery_code_hashes=[recovery_digest(code) for code in codes],
    ):
        raise _already_on()
    Session.objects.filter(pk=session_id, user=user).update(second_factor=True)
    principals_forget(user=user)
    _note(user, "totp_on")
    return codes


def recovery_codes_left(user_id: UUID) -> int:
    totp = Totp.objects.filter(user_id=user_id, confirmed_at__isnull=False).first()
    return len(totp.recovery_code_hashes) if totp else 0


def second_factor_on(user_id: UUID) -> bool:
    return Totp.objects.filter(user_id=user_id, confirmed_at__isnull=False).exists()


def second_factor_check(user: User, *, code: str, now: datetime) -> bool:
    """Return whether a second factor was needed and given; call after the password check.

    Raises:
        NotSignedIn: `totp_required` without a code, `totp_invalid` with a wrong one.
        RateLimited: `totp_locked`.
    """
    totp = Totp.objects.filter(user=user, confirmed_at__isnull=False).first()
    if totp is None:
        return False
    if not code.strip():
        message = "Enter the code from your authenticator app."
        raise NotSignedIn(message, code="totp_required")
    try_count(totp, now=now)
    if not code_spend(totp, code, now=now):
        message = "This code is wrong or already used. Wait for the next one."
        raise NotSignedIn(message, code="totp_invalid")
    return True


def second_factor_missing(principal: Principal) -> bool:
    """Return whether a sign-in lacks the second factor that staff need."""
    return settings.STAFF_TOTP_REQUIRED and not principal.second_factor


def staff_second_factor_check(principal: Principal) -> None:
    """Check the second factor of a member of staff.

    Raises Denied: `totp_setup_required`, or `totp_required` if the sign-in was without the code.
    """
    if not second_factor_missing(principal):
        return
    if second_factor_on(principal.user_id):
        message = "Sign out, then sign in again with the code from your authenticator app."
        raise Denied(message, code="totp_required")
    message = "Set up an authenticator app first: /account/two-factor, or POST users/totp."
    raise Denied(message, code="totp_setup_required")


def totp_remove(user: User, *, password: str, code: str, now: datetime) -> None:
    """Remove the second factor.

    Raises InvalidInput (password, code), RateLimited, or WrongState `totp_off`.
    """
    totp = Totp.objects.filter(user=user, confirmed_at__isnull=False).first()
    if totp is None:
        raise WrongState("You have no authenticator app to remove.", code="totp_off")
    # The password first, which is counted by session: a stolen session must not use up the tries
    # of a code, which the owner needs.
    _check_password(user, password, now=now)
    try_count(totp, now=now)
    if not code_spend(totp, code, now=now):
        raise InvalidInput("Wrong code.", fields={"code": [WRONG_CODE]})
    with transaction.atomic():
        Totp.objects.filter(pk=totp.pk).delete()
        Session.objects.filter(user=user, second_factor=True).update(second_factor=False)
        principals_forget(user=user)
        _note(user, "totp_off")


def _note(user: User, verb: str) -> None:
    if user.is_staff:
        audit_write(f"user.{verb}", user, actor=user)


def _check_password(user: User, password: str, *, now: datetime) -> None:
    if not own_password_check(user, password, now=now):
        fault = "This is not your password."
        raise InvalidInput(fault, fields={"password": [fault]})


def _enrolment(totp: Totp, user: User) -> Enrolment:
    secret = secret_read(totp)
    uri = pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name=ISSUER)
    return Enrolment(secret=secret, uri=uri)


def _already_on() -> WrongState:
    message = "You already have an authenticator app. Remove it first."
    return WrongState(message, code="totp_on")
