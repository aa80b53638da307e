"""People of many requests, found and counted in two round trips to Redis."""

import time
from collections.abc import Collection
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIRequest
from django.http.cookie import parse_cookie
from django.utils import timezone
from redis.exceptions import RedisError

from accounts.auth.csrf import csrf_fault
from accounts.auth.middleware import SESSION_KEY
from accounts.auth.principal import (
    Principal,
    principal_key,
    principal_parse,
    principals_load_and_cache,
)
from accounts.auth.tokens import read_access
from kushfilms.core.errors import NotSignedIn
from kushfilms.core.fast_path.requests import FastRequest
from kushfilms.core.rate_limits import person_key
from kushfilms.core.rate_windows import rate_of, windows_count

BEARER = "Bearer "
# A cookie's signature and age are checked again after so long.
COOKIE_SECONDS = 60


def principals_of(requests: list[FastRequest], scope: str) -> list[Principal | None]:
    """Return each request's person, counted in the rate limit of `scope`.

    None where Django has to answer: no valid token or cookie, a session that has ended, a full
    window, or Redis away.
    """
    sessions = [_session_of(request) for request in requests]
    try:
        held = _principals({session_id for session_id in sessions if session_id})
        people = [held.get(session_id) if session_id else None for session_id in sessions]
        return _counted(requests, people, scope)
    except RedisError:
        return [None] * len(requests)


def _session_of(request: FastRequest) -> UUID | None:
    """Return the sign-in that a request's token or cookie names, if it is valid."""
    environ = request.environ
    authorization: str = environ.get("HTTP_AUTHORIZATION", "")
    if "HTTP_COOKIE" not in environ:
        try:
            return read_access(authorization.removeprefix(BEARER)).session_id
        except NotSignedIn:
            return None
    if authorization:
        return None
    cookie = parse_cookie(environ["HTTP_COOKIE"]).get(settings.SESSION_COOKIE_NAME, "")
    session_id = _session_of_cookie(cookie, int(time.time() // COOKIE_SECONDS)) if cookie else None
    if session_id and environ["REQUEST_METHOD"] != "GET" and csrf_fault(WSGIRequest(environ)):
        return None
    return session_id


@lru_cache(maxsize=4096)
def _session_of_cookie(cookie: str, _minute: int) -> UUID | None:
    session_id = SessionStore(session_key=cookie).get(SESSION_KEY)
    return UUID(session_id) if session_id else None


def _principals(session_ids: Collection[UUID]) -> dict[UUID, Principal]:
    """Return the principals of live sessions, cached or from the database. Raises RedisError."""
    client = cache.client  # type: ignore[attr-defined]  # of django-redis
    keys = [str(client.make_key(principal_key(session_id))) for session_id in session_ids]
    entries = dict(zip(session_ids, client.get_client().mget(keys) if keys else (), strict=True))
    people = {session_id: _parse(entry) if entry else None for session_id, entry in entries.items()}
    missing = {session_id: entries[session_id] for session_id, held in people.items() if not held}
    if missing:
        people.update(zip(missing, principals_load_and_cache(missing), strict=True))
    now = timezone.now()
    return {
        session_id: person
        for session_id, person in people.items()
        if person is not None and person.session_expires_at > now
    }


@lru_cache(maxsize=4096)
def _parse(entry: bytes) -> Principal | None:
    """Return `principal_parse` of a cache entry; equal bytes are parsed once."""
    return principal_parse(cache.client.decode(entry))  # type: ignore[attr-defined]  # django-redis


def _counted(
    requests: list[FastRequest], people: list[Principal | None], scope: str
) -> list[Principal | None]:
    """Count each person's request; return None for those beyond their limit. Raises RedisError."""
    limit, seconds = rate_of(scope)
    windows = {
        place: f"{scope}:{person_key(person.user_id)}"
        for place, person in enumerate(people)
        if person
    }
    counts = windows_count(list(windows.values()), seconds=seconds, now=time.time())
    allowed = list(people)
    for (place, window), count in zip(windows.items(), counts, strict=True):
        requests[place].counted = {window: count}
        if count > limit:
            allowed[place] = None
    return allowed
