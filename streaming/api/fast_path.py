"""`movies/:id/stream` and `watch` in batches (`kushfilms.core.fast_path`)."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.utils import timezone

from accounts.auth.principal import Principal
from catalog.models import Movie
from catalog.selectors.films import movies_to_watch
from kushfilms.core.api.renderers import json_bytes
from kushfilms.core.errors import Denied, InvalidInput
from kushfilms.core.fast_path.requests import FastRequest
from kushfilms.core.fast_path.routes import Answer, Route
from kushfilms.core.request_client import country_in
from kushfilms.core.text import line_clean
from streaming.api.serializers import (
    LARGEST_NUMBER,
    LARGEST_SEQUENCE,
    stream_json,
    watch_json,
)
from streaming.services.heartbeats import PlayerReport, StoredReport, heartbeats_store
from streaming.services.playback_sessions import progress_check
from streaming.services.playback_start import Playback, Viewing, playbacks_start

REFERENCE = r"/api/v1/movies/([\w-]+)"
FIELDS = frozenset({"progress", "sessionId", "sequence", "at", "ended"})
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3}(\d{3})?)?Z", re.ASCII)
UUID_LENGTH = 36
Asked = Sequence[tuple[FastRequest, Principal]]


def watch_answers(asked: Asked) -> list[Answer]:
    """Return `WatchOutput` of each request, None for any that is not a usual heartbeat."""
    films = movies_to_watch([request.reference for request, _ in asked])
    reports = [
        report_of(request, viewer, films.get(request.reference)) for request, viewer in asked
    ]
    usual = [report for report in reports if report]
    stored = iter(heartbeats_store(usual, now=timezone.now()) if usual else ())
    return [
        _watch_json(next(stored), request) if report else None
        for report, (request, _) in zip(reports, asked, strict=True)
    ]


def _watch_json(stored: StoredReport | Denied | None, request: FastRequest) -> Answer:
    if isinstance(stored, StoredReport):
        return json_bytes(watch_json(stored, request.absolute))
    return stored


def report_of(request: FastRequest, viewer: Principal, movie: Movie | None) -> PlayerReport | None:
    """Return the body of a heartbeat as `WatchInput` reads it, None for unusual or wrong ones."""
    if movie is None:
        return None
    try:
        given = orjson.loads(request.body)
        if not isinstance(given, dict) or not given.keys() <= FIELDS:
            return None
        if given.get("ended", False) is not False:
            return None
        report = PlayerReport(
            viewer=viewer,
            movie=movie,
            progress=_number(given["progress"], LARGEST_NUMBER, (int, float)),
            session_id=_optional(given, "sessionId", _uuid),
            sequence=_optional(given, "sequence", lambda n: _number(n, LARGEST_SEQUENCE, (int,))),
            at=_optional(given, "at", _moment),
            country=country_in(request.environ),
        )
        progress_check(report.progress, movie=movie)
    except (KeyError, ValueError, InvalidInput):
        return None
    return report


def _optional(given: dict[str, Any], name: str, read: Any) -> Any:
    value = given.get(name)
    return None if value is None else read(value)


def _number(value: Any, most: float, kinds: tuple[type, ...]) -> Any:
    """Return the number. Raises ValueError for another type, or one out of bounds."""
    if type(value) not in kinds or not 0 <= value <= most:
        raise ValueError(value)
    return value


def _uuid(value: Any) -> UUID:
    """Return the UUID of its usual form. Raises ValueError."""
    if not isinstance(value, str) or len(value) != UUID_LENGTH:
        raise ValueError(value)
    return UUID(value)


def _moment(value: Any) -> datetime:
    """Return the moment of a text in UTC, as JavaScript writes it. Raises ValueError."""
    if not isinstance(value, str) or not MOMENT.fullmatch(value):
        raise ValueError(value)
    return datetime.fromisoformat(value)


def stream_answers(asked: Asked) -> list[Answer]:
    """Return `StreamOutput` of each request, None where Django has to refuse."""
    films = movies_to_watch([request.reference for request, _ in asked])
    viewings = [
        _viewing(request, viewer, films[request.reference])
        for request, viewer in asked
        if request.reference in films
    ]
    started = iter(playbacks_start(viewings, now=timezone.now()))
    return [
        _stream_json(next(started), request) if request.reference in films else None
        for request, _ in asked
    ]


def _viewing(request: FastRequest, viewer: Principal, movie: Movie) -> Viewing:
    return Viewing(
        movie,
        viewer,
        device_name=line_clean(request.environ.get("HTTP_X_DEVICE_NAME", ""))[:120],
        country=country_in(request.environ),
    )


def _stream_json(started: Playback | Denied | None, request: FastRequest) -> Answer:
    if isinstance(started, Playback):
        return json_bytes(stream_json(started, request.absolute))
    return started


ROUTES = [
    Route("POST", f"{REFERENCE}/watch", "movies", "POST, OPTIONS", watch_answers),
    Route("GET", f"{REFERENCE}/stream", "movies", "GET, HEAD, OPTIONS", stream_answers),
]
