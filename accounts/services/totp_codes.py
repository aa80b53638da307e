"""Codes of an authenticator app (TOTP, RFC 6238) and recovery codes, each valid once.

The secret is sealed with a key that is not in the database. Tries are counted in the database,
where concurrent requests cannot bypass the count and a lost cache does not reset it.
"""

import hashlib
import hmac
import logging
import secrets
from datetime import datetime, timedelta

import pyotp
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_noop

from accounts.models import Totp
from kushfilms.core.encryption import SealBroken, seal, unseal
from kushfilms.core.wait_texts import too_often

logger = logging.getLogger(__name__)

STEP_SECONDS = 30
# A phone's clock may be one step off.
STEPS_OFF = (0, -1, 1)
TRIES = 5
TRIES_WINDOW = timedelta(minutes=15)
TOO_MANY_CODES = gettext_noop("Too many wrong codes. Try again in %(wait)s.")
RECOVERY_CODES = 10
RECOVERY_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def try_count(totp: Totp, *, now: datetime) -> None:
    """Count a try of this account. Raises RateLimited."""
    rows = Totp.objects.filter(pk=totp.pk)
    over = Q(tries_from=None) | Q(tries_from__lte=now - TRIES_WINDOW)
    if rows.filter(over).update(tries=1, tries_from=now):
        return
    if not rows.filter(tries__lt=TRIES).update(tries=F("tries") + 1):
        begun = rows.values_list("tries_from", flat=True).first() or now
        rest = (begun + TRIES_WINDOW - now).total_seconds()
        raise too_often(rest, message=TOO_MANY_CODES, code="totp_locked")


def code_spend(totp: Totp, code: str, *, now: datetime) -> bool:
    """Spend a code of the app or a recovery code; of two requests with one code only one wins."""
    rows = Totp.objects.filter(pk=totp.pk)
    step = code_step(totp, code, now=now)
    if step is not None:
        taken = rows.filter(last_step__lt=step).update(last_step=step, tries=0)
    else:
        digest = recovery_digest(code)
        without = Func(F("recovery_code_hashes"), Value(digest), function="array_remove")
        taken = rows.filter(recovery_code_hashes__contains=[digest]).update(
            recovery_code_hashes=without, tries=0
        )
    return bool(taken)


def code_step(totp: Totp, code: str, *, now: datetime) -> int | None:
    """Return the 30-second step that this code belongs to, or None."""
    digits = "".join(code[:20].split()).encode("utf-8", "backslashreplace")
    try:
        app = pyotp.TOTP(secret_read(totp))
    except (
        SealBroken
    ):  # the key was replaced without keeping the old one; recovery codes still work
        logger.exception("the secret of %s cannot be read", totp)
        return None
    present = int(now.timestamp()) // STEP_SECONDS
    for step in (present + off for off in STEPS_OFF):
        if hmac.compare_digest(app.at(step * STEP_SECONDS).encode(), digits):
            return step
    return None


def secret_new() -> str:
    """Return a new sealed secret."""
    return seal(pyotp.random_base32(), purpose="totp")


def secret_read(totp: Totp) -> str:
    """Return the secret. Raises SealBroken."""
    return unseal(totp.sealed_secret, purpose="totp")


def recovery_codes_new() -> list[str]:
    codes = []
    for _ in range(RECOVERY_CODES):
        groups = ["".join(secrets.choice(RECOVERY_ALPHABET) for _ in range(4)) for _ in range(3)]
        codes.append("-".join(groups))
    return codes


def recovery_digest(code: str) -> str:
    """Return the hash of a recovery code as typed; 59 random bits need no slow hash."""
    plain = "".join(char for char in code[:60].lower() if char.isalnum())
    return hashlib.sha256(plain.encode("utf-8", "backslashreplace")).hexdigest()
