"""Sentences for refused requests, with the time to wait."""

import math

from django.utils.translation import gettext, gettext_noop, ngettext

from kushfilms.core.errors import RateLimited

TOO_OFTEN = gettext_noop("Too many tries. Try again in %(wait)s.")


def wait_text(seconds: float) -> str:
    """Return "40 seconds", "12 minutes" or "2 hours", rounded up."""
    whole = max(1, math.ceil(seconds))
    if whole < 60:
        return ngettext("%(count)d second", "%(count)d seconds", whole) % {"count": whole}
    if whole < 2 * 3600:
        minutes = math.ceil(whole / 60)
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    hours = math.ceil(whole / 3600)
    return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}


def too_often(seconds: float, *, message: str = TOO_OFTEN, code: str | None = None) -> RateLimited:
    """Return the error of a limit whose window ends in so many seconds."""
    sentence = gettext(message) % {"wait": wait_text(seconds)}
    return RateLimited(sentence, code=code, retry_after_seconds=seconds)
