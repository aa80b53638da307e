"""Public reads answered from memory, in front of Django (docs/adr/0007-public-reads.md)."""

from django.conf import settings

from kushfilms.core.public_cache.listener import CHANNEL, ChangeListener, catalogue_changes
from kushfilms.core.public_cache.memo import Memo
from kushfilms.core.public_cache.middleware import Application, PublicAnswers

__all__ = ["CHANNEL", "ChangeListener", "Memo", "PublicAnswers", "wrap_with_public_cache"]


def wrap_with_public_cache(application: Application) -> Application:
    """Return the application inside the layer, or alone if `PUBLIC_CACHE_BYTES` is 0."""
    most_bytes: int = settings.PUBLIC_CACHE_BYTES
    if not most_bytes:
        return application
    return PublicAnswers(application, listener=catalogue_changes(), most_bytes=most_bytes)
