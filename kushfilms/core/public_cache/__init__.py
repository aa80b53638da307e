"""Public reads answered from memory, in front of Django (docs/adr/0007-public-reads.md)."""

from typing import Any

import psycopg
from django.conf import settings
from django.db import connections

from kushfilms.core.public_cache.layer import Application, PublicAnswers
from kushfilms.core.public_cache.listener import CHANNEL, ChangeListener

__all__ = ["CHANNEL", "ChangeListener", "PublicAnswers", "in_front_of"]


def in_front_of(application: Application) -> Application:
    """The application, with the layer unless `PUBLIC_CACHE_BYTES` is 0."""
    most_bytes: int = settings.PUBLIC_CACHE_BYTES
    if not most_bytes:
        return application
    return PublicAnswers(application, listener=ChangeListener(_connect), most_bytes=most_bytes)


def _connect() -> psycopg.Connection[Any]:
    """One of its own, to the primary: Django's belong to requests."""
    parameters = connections["default"].get_connection_params()
    return psycopg.connect(**{**parameters, "autocommit": True})
