"""A second proof at sign-in: an authenticator app, set up, asked for and removed.

Five wrong codes are all an account gets in a quarter of an hour. Only who knows the password, or
is signed in, gets to try, so nobody can use those five up for somebody else.
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
# How long a secret that was shown waits for its first code.
SET_UP_WITHIN = timedelta(minutes=30)
WRONG_CODE = "Not the code your app shows now. Is the phone's clock right?"


@dataclass(frozen=True)
class Enrolment:
    """What an authenticator app needs; shown while setting up and never again."""

    secret: str
    uri: str


def totp_begin(user: User, *, password: str, now: datetime) -> Enrolment:
    """A new secret, which counts once a first code has come.

    Raises:
        InvalidInput: wrong password.  RateLimited: too many.
        WrongState: `totp_on`.
    """
    if second_factor_on(user.pk):
        raise _already_on()
    _check_password(user, password, now=now)
    # As if begun too long ago: the line below begins it.
    unshown = {"sealed_secret": secret_new(), "created_at": now - SET_UP_WITHIN}
    totp, _ = Totp.objects.get_or_create(user=user, defaults=unshown)
    rows = Totp.objects.filter(pk=totp.pk, confirmed_at=None)
    if not rows.update(sealed_secret=secret_new(), created_at=now):
        raise _already_on()
    totp.refresh_from_db()
    return _enrolment(totp, user)


def totp_enrolment(user: User, *, now: datetime) -> Enrolment | None:
    """What is being set up at this moment, to show its QR code again."""
    fresh = now - SET_UP_WITHIN
    totp = Totp.objects.filter(user=user, confirmed_at=None, created_at__gt=fresh).first()
    return _enrolment(totp, user) if totp else None


def totp_confirm(user: User, *, code: str, session_id: UUID, now: datetime) -> list[str]:
    """Turn it on with a first code; the recovery codes, which nobody sees again.

    Raises:
        InvalidInput: a wrong code.  RateLimited: too many.
        WrongState: `totp_on`; or `totp_not_begun`, also when it was begun too long ago.
    """
    totp = Totp.objects.filter(user=user).first()
    if totp and totp.confirmed_at:
        raise _already_on()
    if totp is None or totp.created_at <= now - SET_UP_WITHIN:
        raise WrongState("Start again: ask for a new secret first.", code="totp_not_begun")
    try_count(totp, now=now)
    step = code_step(totp, code, now=now)
    if step is None:
        raise InvalidInput("This code does not fit.", fields={"code": [WRONG_CODE]})
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
    """Whether a second factor was needed, and given. After the password, never before.

    Raises:
        NotSignedIn: `totp_required` without a code, `totp_invalid` with a wrong one.
        RateLimited: `totp_locked`.
    """
    totp = Totp.objects.filter(user=user, confirmed_at__isnull=False).first()
    if totp is None:
        return False
    if not code.strip():
        message = "Add the code from your authenticator app."
        raise NotSignedIn(message, code="totp_required")
    try_count(totp, now=now)
    if not code_spend(totp, code, now=now):
        message = "This code does not fit, or was used. Wait for the next one."
        raise NotSignedIn(message, code="totp_invalid")
    return True


def second_factor_missing(principal: Principal) -> bool:
    """Is this staff who may not act as staff yet?"""
    return settings.STAFF_TOTP_REQUIRED and not principal.second_factor


def staff_second_factor_check(principal: Principal) -> None:
    """Raises Denied: `totp_setup_required`; or `totp_required` where this sign-in was without."""
    if not second_factor_missing(principal):
        return
    if second_factor_on(principal.user_id):
        message = "Sign out, and sign in again with the code of your authenticator app."
        raise Denied(message, code="totp_required")
    message = "Set up an authenticator app first: /account/two-factor, or POST users/totp."
    raise Denied(message, code="totp_setup_required")


def totp_remove(user: User, *, password: str, code: str, now: datetime) -> None:
    """Raises InvalidInput (password, code), RateLimited, or WrongState `totp_off`."""
    totp = Totp.objects.filter(user=user, confirmed_at__isnull=False).first()
    if totp is None:
        raise WrongState("There is no authenticator app to remove.", code="totp_off")
    # First the password, which counts by session: a stolen one must not use up the codes that
    # the account's owner may try.
    _check_password(user, password, now=now)
    try_count(totp, now=now)
    if not code_spend(totp, code, now=now):
        raise InvalidInput("This code does not fit.", fields={"code": [WRONG_CODE]})
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
    message = "An authenticator app is set up already. Remove it first."
    return WrongState(message, code="totp_on")
