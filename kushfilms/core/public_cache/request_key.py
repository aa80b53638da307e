"""Cache keys and encodings of requests, read from their WSGI environ without Django."""

import uuid
from functools import lru_cache
from typing import Any

from django.urls import Resolver404, resolve

from kushfilms.core.context import ACCEPTED
from kushfilms.core.request_client import country_in

Environ = dict[str, Any]
LONGEST_KEY = 1500
JSON = ("*/*", "application/json", "application/*")


def key_of(environ: Environ) -> str | None:
    """Return the key of everything the response depends on; None for an uncached request.

    Host and scheme are part of it, as they appear in links to the next page.
    """
    path = environ.get("PATH_INFO", "")
    accept = environ.get("HTTP_ACCEPT", "")
    if not path.startswith("/api/"):
        return None
    if accept and not any(kind in accept for kind in JSON):
        return None
    query = environ.get("QUERY_STRING", "")
    if "&" in query:  # a stable sort: of a repeated name the last value counts
        query = "&".join(sorted(query.split("&"), key=lambda part: part.partition("=")[0]))
    key = "\n".join(
        (
            path,
            query,
            country_in(environ),
            environ.get("HTTP_HOST", ""),
            environ.get("wsgi.url_scheme", ""),
            environ.get("HTTP_X_FORWARDED_PROTO", ""),
        )
    )
    return key if len(key) <= LONGEST_KEY else None


@lru_cache(maxsize=4096)
def is_cacheable(path: str) -> bool:
    """Return whether the view at this path sets `kept_in_memory`."""
    try:
        view = resolve(path).func
    except Resolver404:
        return False
    return bool(getattr(getattr(view, "cls", None), "kept_in_memory", False))


@lru_cache(maxsize=512)
def encoding_of(accepted: str) -> str:
    """Return `br`, `gzip`, or an empty string for no encoding."""
    weights = {"br": 0.0, "gzip": 0.0}
    named = set()
    for part in accepted.lower().split(","):
        name, _, parameters = part.strip().partition(";")
        parameter, _, value = parameters.strip().partition("=")
        try:
            weight = float(value) if parameter.strip() == "q" else 1.0
        except ValueError:
            weight = 0.0
        if name.strip() in weights:
            weights[name.strip()] = weight
            named.add(name.strip())
        elif name.strip() == "*":
            weights |= {other: weight for other in weights if other not in named}
    best = max(weights, key=lambda name: weights[name])  # br if both weigh the same
    return best if weights[best] > 0 else ""


def has_it(environ: Environ, digest: str) -> bool:
    """Return whether the client has these bytes: `*`, or one ETag of a list, weak or strong."""
    etags = environ.get("HTTP_IF_NONE_MATCH", "")
    return bool(etags) and (f'"{digest}"' in etags or etags.strip() == "*")


def request_id(environ: Environ) -> str:
    given = environ.get("HTTP_X_REQUEST_ID", "")
    return given if ACCEPTED.fullmatch(given) else uuid.uuid4().hex
