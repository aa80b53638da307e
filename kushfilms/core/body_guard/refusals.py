"""Errors for refused request bodies."""

from kushfilms.core.body_guard.middleware import BUSY_RETRY_SECONDS, BodyRefusal
from kushfilms.core.errors import InvalidInput, KushError, TooLarge, TooSlow, Unavailable


def body_error(refusal: BodyRefusal) -> KushError:
    """Return the error for a refusal, with a sentence for people."""
    if refusal.status == TooLarge.status:
        return TooLarge("This is too large. Send less at a time.", limit=refusal.limit)
    if refusal.status == TooSlow.status:
        return TooSlow("Your upload took too long. Try again on a better connection.")
    if refusal.status == Unavailable.status:
        busy = "Too many uploads are in progress. Try again in a few seconds."
        return Unavailable(busy, retry_after_seconds=BUSY_RETRY_SECONDS)
    return InvalidInput("Your upload was cut off. Send it again.")
