"""Cleaning of texts that viewers write."""

from django.utils.translation import gettext as _

from kushfilms.core.errors import InvalidInput
from kushfilms.core.text import seen_count, text_clean


def viewer_text_clean(written: str, *, field: str, longest: int) -> str:
    """Return the text as it is stored. Markup is kept as text: pages escape it.

    Raises:
        InvalidInput: no visible text, or too long.
    """
    text = text_clean(written).strip()
    if len(text) > longest or "\0" in text or not seen_count(text):
        fault = _("Write something, in up to %(count)s characters.") % {"count": longest}
        raise InvalidInput(fault, fields={field: [fault]})
    return text
