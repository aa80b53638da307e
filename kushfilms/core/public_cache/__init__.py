"""Public reads answered from memory, in front of Django (docs/adr/0007-public-reads.md)."""

from collections.abc import Collection

from django.conf import settings

from kushfilms.core.public_cache.listener import CHANNEL, LISTS, TALK, ChangeListener
from kushfilms.core.public_cache.memo import Memo
from kushfilms.core.public_cache.memory import Entry, Memory, process_memory
from kushfilms.core.public_cache.middleware import Application, PublicAnswers
from kushfilms.core.public_cache.shortcuts import Shortcut
from kushfilms.core.public_cache.shown import SHOWN, Shown

__all__ = [
    "CHANNEL",
    "LISTS",
    "SHOWN",
    "TALK",
    "ChangeListener",
    "Entry",
    "Memo",
    "Memory",
    "PublicAnswers",
    "Shortcut",
    "Shown",
    "process_memory",
    "wrap_with_public_cache",
]


def wrap_with_public_cache(
    application: Application, *, shortcuts: Collection[Shortcut] = ()
) -> Application:
    """Return the application inside the layer, or alone if `PUBLIC_CACHE_BYTES` is 0."""
    if not settings.PUBLIC_CACHE_BYTES:
        return application
    return PublicAnswers(application, memory=process_memory(), shortcuts=shortcuts)
