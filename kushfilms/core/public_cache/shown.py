"""Tags and lifetimes that views give to their answers."""

from collections.abc import Collection
from dataclasses import dataclass

# Licence windows open and close without a change to any row, and counters move unannounced.
LIFETIME_SECONDS = 60.0
# The key of `Shown` in the environ of a rendering, which is Django's `request.META`.
SHOWN = "kushfilms.shown"


@dataclass(frozen=True)
class Shown:
    """The ids of all that an answer shows (`memory.Entry`), and how long it may be kept.

    A view that says nothing shows a list: any change drops its answer.
    """

    tags: Collection[str] = ()
    seconds: float = LIFETIME_SECONDS
