"""What a client reads whose body was not taken."""

from kushfilms.core.body_guard.middleware import BUSY_RETRY_SECONDS, BodyRefusal
from kushfilms.core.errors import InvalidInput, KushError, TooLarge, TooSlow, Unavailable


def body_error(refusal: BodyRefusal) -> KushError:
    """Return the error that says why, and what to do."""
    if refusal.status == TooLarge.status:
        return TooLarge("This is more than fits here at once. Send less.", limit=refusal.limit)
    if refusal.status == TooSlow.status:
        return TooSlow("What you sent did not arrive in time. Try again on a better connection.")
    if refusal.status == Unavailable.status:
        busy = "Many slow uploads are under way. Try again in a few seconds."
        return Unavailable(busy, retry_after_seconds=BUSY_RETRY_SECONDS)
    return InvalidInput("What you sent ended before it was whole. Send it again.")
