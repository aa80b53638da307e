"""What people write, before it is kept."""

import unicodedata

from django.utils.translation import gettext as _

from kushfilms.core.errors import InvalidInput

# Letters by their category, and yet nothing to see: Hangul fillers, the empty Braille cell.
BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800")
# Letters, numbers, punctuation and symbols, emoji among them. Not: marks that join to nothing,
# spaces, and what only steers (zero-width, directions).
SEEN = frozenset("LNPS")


def words_clean(written: str, *, field: str, longest: int) -> str:
    """The words as they will stand. Scripts and tags are words like others: pages escape them.

    Raises:
        InvalidInput: nothing one could see, or too much.
    """
    text = written.replace("\r\n", "\n").strip()
    if len(text) > longest or "\0" in text or not any(map(_seen, text)):
        fault = _("Write something, in up to %(count)s characters.") % {"count": longest}
        raise InvalidInput(fault, fields={field: [fault]})
    return text


def _seen(char: str) -> bool:
    return char not in BLANK and unicodedata.category(char)[0] in SEEN
