"""Cache keys and encodings of requests, read from their WSGI environ without Django."""

import uuid
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, NamedTuple

from django.conf import settings
from django.http.cookie import parse_cookie
from django.urls import Resolver404, resolve
from django.utils.translation import get_language_from_request

from kushfilms.core.client_ids import DEVICE_META
from kushfilms.core.context import ACCEPTED
from kushfilms.core.preferences import (
    BUNDLE,
    CHOICES,
    SAVER,
    THEME,
    bundle_in,
    choice_in,
    choice_text,
    saver_in,
    theme_in,
)
from kushfilms.core.request_client import country_in

Environ = dict[str, Any]
LONGEST_KEY = 1500
JSON = ("*/*", "application/json", "application/*")
BELOW_API = "/api/"
# The cookie of `django.contrib.messages`.
MESSAGES = "messages"
# What a rendering for all clients gets of a request: its address, and the headers that only logs
# and rate limits use. The country's header is named by a setting.
FOR_ALL = {
    "REQUEST_METHOD",
    "SCRIPT_NAME",
    "PATH_INFO",
    "QUERY_STRING",
    "SERVER_NAME",
    "SERVER_PORT",
    "SERVER_PROTOCOL",
    "REMOTE_ADDR",
    "HTTP_HOST",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_USER_AGENT",
    "HTTP_X_REQUEST_ID",
    DEVICE_META,
}
# A longer header is not kept with its language, or long ones would fill the memory.
LONGEST_ACCEPT_LANGUAGE = 500


class PageVariant(NamedTuple):
    """Everything a public page depends on besides its URL, the country and the catalogue.

    `bundle` and `choices` are as in their cookies, or empty.
    """

    language: str
    theme: str
    saver: bool
    bundle: str
    choices: str

    def headers(self) -> Environ:
        """Return the headers of a browser with these preferences and nothing else."""
        cookies = {THEME: self.theme, BUNDLE: self.bundle, CHOICES: self.choices}
        cookies[SAVER] = "on" if self.saver else ""
        pairs = [f"{name}={value}" for name, value in cookies.items() if value]
        return {"HTTP_COOKIE": "; ".join(pairs), "HTTP_ACCEPT_LANGUAGE": self.language}


def _preferences(environ: Environ, cookies: dict[str, str]) -> PageVariant:
    answered = settings.VISITS_COUNTED and choice_in(cookies) is not None
    accepted = environ.get("HTTP_ACCEPT_LANGUAGE", "")
    return PageVariant(
        _language(cookies.get(settings.LANGUAGE_COOKIE_NAME), accepted),
        theme_in(cookies),
        saver_in(cookies, environ),
        str(bundle_in(cookies) or ""),
        choice_text(granted=False) if answered else "",
    )


def _language(chosen: str | None, accepted: str) -> str:
    """Return the language in which Django's middleware would answer."""
    if len(chosen or "") + len(accepted) > LONGEST_ACCEPT_LANGUAGE:
        return _find_language.__wrapped__(chosen, accepted)
    return _find_language(chosen, accepted)


@lru_cache(maxsize=1024)
def _find_language(chosen: str | None, accepted: str) -> str:
    cookies = {} if chosen is None else {settings.LANGUAGE_COOKIE_NAME: chosen}
    request: Any = SimpleNamespace(COOKIES=cookies, META={"HTTP_ACCEPT_LANGUAGE": accepted})
    return get_language_from_request(request)


def key_of(environ: Environ) -> str | None:
    """Return the key of everything the response depends on; None for an uncached request.

    A page with a session, or with a message of the last action, is personal. Other cookies than
    those of `PageVariant` change no page.
    """
    query = environ.get("QUERY_STRING", "")
    if environ.get("PATH_INFO", "").startswith(BELOW_API):
        accept = environ.get("HTTP_ACCEPT", "")
        if accept and not any(kind in accept for kind in JSON):
            return None
        if "&" in query:  # a stable sort: of a repeated name the last value counts
            query = "&".join(sorted(query.split("&"), key=lambda part: part.partition("=")[0]))
        return _key(environ, query)
    cookies = parse_cookie(environ.get("HTTP_COOKIE", ""))
    if settings.SESSION_COOKIE_NAME in cookies or MESSAGES in cookies:
        return None
    # A page has its query in links back to it, so the order is part of it.
    return _key(environ, query, *map(str, _preferences(environ, cookies)))


def frame_key(environ: Environ) -> str:
    """Return the key of a page's frame, which all signed-in people share."""
    cookies = parse_cookie(environ.get("HTTP_COOKIE", ""))
    variant = map(str, _preferences(environ, cookies))
    return _key(environ, environ.get("QUERY_STRING", ""), *variant) or uuid.uuid4().hex


def _key(environ: Environ, query: str, *variant: str) -> str | None:
    """Return the parts of a key as one, or None for a key too long.

    Host and scheme are part of it, as they appear in links to the next page.
    """
    key = "\n".join(
        (
            environ.get("PATH_INFO", ""),
            query,
            country_in(environ),
            environ.get("HTTP_HOST", ""),
            environ.get("wsgi.url_scheme", ""),
            environ.get("HTTP_X_FORWARDED_PROTO", ""),
            *variant,
        )
    )
    return key if len(key) <= LONGEST_KEY else None


def headers_for_all(environ: Environ) -> Environ:
    """Return the environ for a rendering for all clients with this request's key.

    A page also gets the preferences of its key, and no other cookie.
    """
    kept = FOR_ALL | {f"HTTP_{settings.COUNTRY_HEADER.upper().replace('-', '_')}"}
    plain = {
        name: value for name, value in environ.items() if name in kept or name.startswith("wsgi.")
    }
    if not environ["PATH_INFO"].startswith(BELOW_API):
        cookies = parse_cookie(environ.get("HTTP_COOKIE", ""))
        plain |= _preferences(environ, cookies).headers()
    return plain


@lru_cache(maxsize=4096)
def is_cacheable(path: str) -> bool:
    """Return whether the view at this path sets `kept_in_memory`."""
    try:
        view = resolve(path).func
    except Resolver404:
        return False
    return bool(getattr(getattr(view, "view_class", view), "kept_in_memory", False))


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
