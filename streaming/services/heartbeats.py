"""Heartbeats of players: many at once, in one statement and one commit.

A heartbeat stores where its viewer is, shows that its session is still alive and renews the
session's token. `heartbeats_store` does this for the usual heartbeat; whatever ends a session or
counts a view happens once in a film and has its own code (`playback_sessions`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection
from django.utils import timezone

from accounts.auth.principal import Principal
from catalog.models import Movie
from catalog.services.progress import (
    COLUMNS,
    LONGEST_LATE,
    ON_CONFLICT,
    Heartbeat,
    Progress,
    is_completed,
    moment_of,
    second_in,
    watch_progress,
)
from kushfilms.core.errors import Denied, NotFound
from streaming.selectors.playback import live_since, live_until, session_started_at
from streaming.services.playback_sessions import (
    VIEW_AFTER,
    Renewal,
    playback_decide,
    playback_end,
    playback_heartbeat,
    token_lifetime,
)
from streaming.signing import StreamToken, sign

# The rows are inserted in one order, so that two processes do not wait for each other in a circle.
# A view that has yet to be counted is left out, and so is a session with too many others.
STORE = f"""
WITH beat AS (
    SELECT * FROM unnest(
        $1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::int[], $6::int[], $7::bool[],
        $8::timestamptz[], $9::int[]
    ) WITH ORDINALITY AS beat(
        user_id, sign_in_id, movie_id, session_id, sequence, progress, completed, at,
        stream_limit, place
    )
), usual AS (
    SELECT beat.*, play.id AS play_id, play.asset_id, asset.duration_seconds, package.number,
        LEAST(GREATEST(coalesce(beat.at, $10), coalesce(play.started_at, $11)), $10) AS moment
    FROM beat
    LEFT JOIN streaming_playbacksession AS play
        ON play.id = beat.session_id AND play.user_id = beat.user_id AND play.revoked_at IS NULL
    LEFT JOIN streaming_videoasset AS asset
        ON asset.id = play.asset_id AND asset.movie_id = beat.movie_id
    LEFT JOIN streaming_package AS package ON package.id = play.package_id
    WHERE beat.session_id IS NULL OR (
        asset.id IS NOT NULL
        AND (play.counted_at IS NOT NULL OR play.started_at > $12)
        AND (beat.stream_limit = 0 OR beat.stream_limit > (
            SELECT count(*) FROM streaming_playbacksession AS other
            WHERE other.user_id = beat.user_id AND other.id <> play.id
                AND other.last_heartbeat_at > $13 AND other.last_heartbeat_at <= $14
                AND other.ended_at IS NULL AND other.revoked_at IS NULL
        ))
    )
), stored AS (
    INSERT INTO catalog_watchhistory AS held ({COLUMNS})
    SELECT gen_random_uuid(), user_id, movie_id, progress, completed, moment, session_id, sequence
    FROM usual ORDER BY user_id, movie_id
    {ON_CONFLICT}
    RETURNING user_id, movie_id, progress, completed
), alive AS (
    UPDATE streaming_playbacksession AS play
    SET last_heartbeat_at = $10, ended_at = NULL, sign_in_id = usual.sign_in_id
    FROM usual WHERE play.id = usual.play_id AND play.revoked_at IS NULL
)
SELECT usual.place, stored.progress, stored.completed, usual.asset_id, usual.number,
    usual.duration_seconds
FROM usual JOIN stored USING (user_id, movie_id)
"""  # noqa: S608  no values


@dataclass(frozen=True, slots=True)
class PlayerReport:
    """Report of a player: its position in seconds, and its session with number and time."""

    viewer: Principal
    movie: Movie
    progress: float
    session_id: UUID | None = None
    sequence: int | None = None
    at: datetime | None = None
    country: str = ""


@dataclass(frozen=True, slots=True)
class StoredReport:
    progress: Progress
    renewal: Renewal | None = None


def heartbeats_store(
    reports: Sequence[PlayerReport], *, now: datetime
) -> list[StoredReport | Denied | None]:
    """Store reports; None for each that is not usual, of which nothing was stored.

    A refusal of the film stands where a report without a session meets it. Positions must have
    passed `progress_check`. Raises IntegrityError if a film was deleted since it was read; then
    nothing was stored.
    """
    stored: list[StoredReport | Denied | None] = [None] * len(reports)
    waiting: list[tuple[int, PlayerReport, int]] = []
    for place, report in enumerate(reports):
        entitlement = playback_decide(
            report.movie, viewer=report.viewer, now=now, country=report.country
        )
        if entitlement.allowed:
            waiting.append((place, report, entitlement.stream_limit))
        elif report.session_id is None and isinstance(entitlement.error, Denied):
            stored[place] = entitlement.error
    while waiting:
        # A statement writes a row once, so of two reports about it the second waits.
        rows: dict[tuple[UUID, UUID], tuple[int, PlayerReport, int]] = {}
        later = []
        for row in waiting:
            key = (row[1].viewer.user_id, row[1].movie.pk)
            if rows.setdefault(key, row) is not row:
                later.append(row)
        for place, result in _store(list(rows.values()), now=now):
            stored[place] = result
        waiting = later
    return stored


def _store(
    rows: list[tuple[int, PlayerReport, int]], *, now: datetime
) -> list[tuple[int, StoredReport]]:
    """Run the statement; return the results with their places in the caller's list."""
    values = [
        (
            report.viewer.user_id,
            report.viewer.session_id,
            report.movie.pk,
            report.session_id,
            report.sequence,
            (second := second_in(report.movie, int(report.progress))),
            is_completed(report.movie, second),
            report.at,
            limit,
        )
        for _, report, limit in rows
    ]
    columns = [list(column) for column in zip(*values, strict=True)]
    moments = (now, now - LONGEST_LATE, now - VIEW_AFTER, live_since(now), live_until(now))
    with connection.prepared_cursor() as cursor:  # type: ignore[attr-defined]  # our engine's
        cursor.execute(STORE, [*columns, *moments])
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return [
        (rows[place - 1][0], _result(rows[place - 1][1], row, now=now)) for place, *row in found
    ]


def _result(report: PlayerReport, row: Sequence[Any], *, now: datetime) -> StoredReport:
    seconds, completed, asset_id, package_number, duration_seconds = row
    progress = Progress(seconds, completed)
    if report.session_id is None:
        return StoredReport(progress)
    token = StreamToken(
        asset_id=asset_id,
        package_number=package_number,
        viewer_id=report.viewer.user_id,
        session_id=report.session_id,
        expires_at=now + timedelta(seconds=token_lifetime(duration_seconds)),
    )
    return StoredReport(progress, Renewal(sign(token), token_lifetime(duration_seconds)))


def report_store(report: PlayerReport, *, ended: bool = False) -> StoredReport:
    """Store one report, usual or not; `ended` says that its player was closed.

    Raises:
        NotSignedIn, NotFound, EntitlementDenied: as `entitlement_decide` raises them; the session
            is revoked, so that the edge refuses its next segment.
        NotFound, Denied: as `playback_heartbeat` raises them.
    """
    if not ended:
        try:
            [stored] = heartbeats_store([report], now=timezone.now())
        except IntegrityError as exc:  # the film was deleted since it was read
            raise NotFound("There is no such film.") from exc
        if isinstance(stored, Denied):
            raise stored
        if stored is not None:
            return stored
    return _store_unusual(report, ended=ended)


def _store_unusual(report: PlayerReport, *, ended: bool) -> StoredReport:
    """Store a report that ends its session, counts a view or meets a refusal."""
    now = timezone.now()
    heartbeat = partial(
        playback_heartbeat, viewer=report.viewer, movie=report.movie, country=report.country
    )
    entitlement = playback_decide(
        report.movie, viewer=report.viewer, now=now, country=report.country
    )
    if report.session_id and ended:
        playback_end(report.session_id, viewer=report.viewer)
    elif report.session_id and not entitlement.allowed:
        heartbeat(report.session_id)
    entitlement.enforce()
    started_at = None
    if report.at and report.session_id:  # needed only to correct the player's clock
        started_at = session_started_at(report.session_id, user_id=report.viewer.user_id)
    progress = watch_progress(
        report.viewer.user_id,
        report.movie,
        progress_seconds=int(report.progress),
        now=moment_of(report.at, now=now, session_started_at=started_at),
        heartbeat=Heartbeat(report.session_id, report.sequence),
    )
    if report.session_id is None or ended:
        return StoredReport(progress)
    return StoredReport(progress, heartbeat(report.session_id))
