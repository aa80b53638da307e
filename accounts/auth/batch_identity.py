"""People of many requests with bearer tokens, found and counted in one round trip to Redis."""

import time
from functools import lru_cache
from uuid import UUID

from django.core.cache import cache
from django.utils import timezone
from redis.exceptions import RedisError

from accounts.auth.principal import (
    Principal,
    principal_key,
    principal_parse,
    principals_load_and_cache,
)
from accounts.auth.tokens import AccessClaims, read_access
from kushfilms.core.errors import NotSignedIn
from kushfilms.core.fast_path.requests import FastRequest
from kushfilms.core.rate_limits import person_key
from kushfilms.core.rate_windows import rate_of, windows_count_reading

BEARER = "Bearer "


def principals_of(requests: list[FastRequest], scope: str) -> list[Principal | None]:
    """Return each request's person, counted in the rate limit of `scope`.

    None where Django has to answer: a token that is not valid, a session that has ended, a full
    window, or Redis away.
    """
    claims = [_claims_of(request) for request in requests]
    asked = [
        (principal_key(of.session_id), f"{scope}:{person_key(of.user_id)}") for of in claims if of
    ]
    limit, seconds = rate_of(scope)
    try:
        counted = windows_count_reading(asked, seconds=seconds, now=time.time())
    except RedisError:
        return [None] * len(requests)
    sessions: list[UUID | None] = []
    entries: dict[UUID, bytes | None] = {}
    windows = iter(zip(asked, counted, strict=True))
    for request, of in zip(requests, claims, strict=True):
        if of is None:
            sessions.append(None)
            continue
        (_, window), (count, entry) = next(windows)
        request.counted = {window: count}
        entries[of.session_id] = entry
        sessions.append(of.session_id if count <= limit else None)
    people = _principals(entries)
    return [people.get(session_id) if session_id else None for session_id in sessions]


def _principals(entries: dict[UUID, bytes | None]) -> dict[UUID, Principal]:
    """Return the principals of live sessions by the cache's entries, or from the database."""
    people = {session_id: _parse(entry) if entry else None for session_id, entry in entries.items()}
    missing = {session_id: entries[session_id] for session_id, held in people.items() if not held}
    if missing:
        loaded = principals_load_and_cache(missing)
        people.update(zip(missing, loaded, strict=True))
    now = timezone.now()
    return {
        session_id: person
        for session_id, person in people.items()
        if person is not None and person.session_expires_at > now
    }


def _claims_of(request: FastRequest) -> AccessClaims | None:
    authorization: str = request.environ["HTTP_AUTHORIZATION"]
    if not authorization.startswith(BEARER):
        return None
    try:
        return read_access(authorization.removeprefix(BEARER))
    except NotSignedIn:
        return None


@lru_cache(maxsize=4096)
def _parse(cached: bytes) -> Principal | None:
    """Return `principal_parse` of a cache entry; equal bytes are parsed once."""
    return principal_parse(cache.client.decode(cached))  # type: ignore[attr-defined]  # django-redis
