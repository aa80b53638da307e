"""Largest request bodies, by view."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from django.conf import settings
from django.urls import Resolver404, resolve

MIB = 1024**2
# Boundaries and other fields of a form around the file it carries.
FORM_BYTES = 256 * 1024
View = TypeVar("View", bound=Callable[..., Any])
ATTRIBUTE = "largest_body"


def largest_body(size_bytes: int) -> Callable[[View], View]:
    """Let a view, or a class of views, accept bodies up to so many bytes (decorator)."""

    def mark(view: View) -> View:
        setattr(view, ATTRIBUTE, size_bytes)
        return view

    return mark


def default_limit() -> int:
    """Return the limit of JSON and forms without files: the settings' limit plus form overhead."""
    return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE) + FORM_BYTES


def body_limit(path: str) -> int:
    """Return the largest body of a request for this path, in bytes."""
    return _declared(path) or default_limit()


@lru_cache(maxsize=1024)
def _declared(path: str) -> int:
    try:
        view = resolve(path).func
    except Resolver404:
        return 0
    owner = getattr(view, "cls", None) or getattr(view, "view_class", None) or view
    return int(getattr(owner, ATTRIBUTE, 0))
