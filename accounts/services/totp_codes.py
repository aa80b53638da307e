"""The codes of an authenticator app (TOTP, RFC 6238) and those on paper: each is good once.

The secret is sealed with a key that is not in the database. Tries are counted in the database,
which two requests at once cannot slip past and which does not forget.
"""

import hashlib
import hmac
import logging
import secrets
from datetime import datetime, timedelta

import pyotp
from django.db.models import F, Func, Q, QuerySet, Value
from django.utils.translation import gettext_noop

from accounts.models import Totp
from kushfilms.core.encryption import SealBroken, seal, unseal
from kushfilms.core.wait_texts import too_often

logger = logging.getLogger(__name__)

STEP_SECONDS = 30
# A phone's clock may be one step off.
STEPS_OFF = (0, -1, 1)
TRIES, TRIES_WINDOW = 5, timedelta(minutes=15)
TOO_MANY_CODES = gettext_noop("Too many wrong codes. Try again in %(wait)s.")
RECOVERY_CODES = 10
RECOVERY_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def try_count(totp: Totp, *, now: datetime) -> None:
    """One more try of this account. Raises RateLimited."""
    rows = Totp.objects.filter(pk=totp.pk)
    over = Q(tries_from=None) | Q(tries_from__lte=now - TRIES_WINDOW)
    if rows.filter(over).update(tries=1, tries_from=now):
        return
    if not rows.filter(tries__lt=TRIES).update(tries=F("tries") + 1):
        begun = rows.values_list("tries_from", flat=True).first() or now
        rest = (begun + TRIES_WINDOW - now).total_seconds()
        raise too_often(rest, message=TOO_MANY_CODES, code="totp_locked")


def code_spend(totp: Totp, code: str, *, now: datetime) -> bool:
    """Take a code of the app, or one from paper. Of two requests with one code one has it."""
    rows = Totp.objects.filter(pk=totp.pk)
    step = code_step(totp, code, now=now)
    if step is not None:
        taken = rows.filter(last_step__lt=step).update(last_step=step, tries=0)
    else:
        taken = _spend_recovery(rows, recovery_digest(code))
    return bool(taken)


def _spend_recovery(rows: QuerySet[Totp], digest: str) -> int:
    without = Func(F("recovery_code_hashes"), Value(digest), function="array_remove")
    return rows.filter(recovery_code_hashes__contains=[digest]).update(
        recovery_code_hashes=without, tries=0
    )


def code_step(totp: Totp, code: str, *, now: datetime) -> int | None:
    """The 30-second step whose code this is."""
    digits = "".join(code[:20].split()).encode("utf-8", "backslashreplace")
    try:
        app = pyotp.TOTP(secret_read(totp))
    except SealBroken:  # the key was changed without keeping the old one: paper codes still work
        logger.exception("the secret of %s cannot be read", totp)
        return None
    present = int(now.timestamp()) // STEP_SECONDS
    for step in (present + off for off in STEPS_OFF):
        if hmac.compare_digest(app.at(step * STEP_SECONDS).encode(), digits):
            return step
    return None


def secret_new() -> str:
    """A sealed one."""
    return seal(pyotp.random_base32(), purpose="totp")


def secret_read(totp: Totp) -> str:
    """Raises SealBroken."""
    return unseal(totp.sealed_secret, purpose="totp")


def recovery_codes_new() -> list[str]:
    return ["-".join(_letters(4) for _ in range(3)) for _ in range(RECOVERY_CODES)]


def _letters(count: int) -> str:
    return "".join(secrets.choice(RECOVERY_ALPHABET) for _ in range(count))


def recovery_digest(code: str) -> str:
    """Of a recovery code as people type it. 59 random bits need no slow hash."""
    plain = "".join(char for char in code[:60].lower() if char.isalnum())
    return hashlib.sha256(plain.encode("utf-8", "backslashreplace")).hexdigest()
