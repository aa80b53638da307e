"""Watch progress: the catalogue's most frequent write, so one statement and no read.

The network may deliver two heartbeats in any order. The later one is found as follows: - Within one
playback, the higher number (`sequence`) is later: a number needs no clock, so a clock that is set
back or wrong does no harm. - Between two playbacks, or where a player sends no numbers, the one
that was later for the viewer: `at` by the player's clock, else the time of arrival. A player's
clock is not trusted, so `moment_of` bounds it by the start of its playback and by now: a fast clock
counts as now and cannot hold the row against others, and a slow one still counts as its playback.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, connection

from catalog.models import Movie
from kushfilms.core.errors import InvalidInput, NotFound

# How long a player without a network may keep a heartbeat: a film taken to the village.
LONGEST_LATE = timedelta(days=30)

LATER = """CASE
    WHEN held.session_id = EXCLUDED.session_id AND held.sequence IS NOT NULL
        AND EXCLUDED.sequence IS NOT NULL THEN EXCLUDED.sequence >= held.sequence
    ELSE EXCLUDED.watched_at >= held.watched_at END"""
COLUMNS = "id, user_id, movie_id, progress, completed, watched_at, session_id, sequence"
# The end of every statement that inserts into the table, which it calls `held`.
ON_CONFLICT = """
ON CONFLICT ON CONSTRAINT one_history_row_a_film DO UPDATE SET
    progress = CASE WHEN is_later THEN EXCLUDED.progress ELSE held.progress END,
    session_id = CASE WHEN is_later THEN EXCLUDED.session_id ELSE held.session_id END,
    sequence = CASE WHEN is_later THEN EXCLUDED.sequence ELSE held.sequence END,
    completed = held.completed OR EXCLUDED.completed,
    watched_at = GREATEST(held.watched_at, EXCLUDED.watched_at)
""".replace("is_later", LATER)
UPSERT = f"""
INSERT INTO catalog_watchhistory AS held ({COLUMNS})
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) {ON_CONFLICT}
RETURNING progress, completed
"""  # noqa: S608  no values


@dataclass(frozen=True)
class Progress:
    seconds: int
    completed: bool


@dataclass(frozen=True)
class Heartbeat:
    """The playback session of a heartbeat, and its number there."""

    session_id: UUID | None = None
    sequence: int | None = None


def moment_of(
    at: datetime | None, *, now: datetime, session_started_at: datetime | None = None
) -> datetime:
    """Return when the viewer was there, as far as a player's clock can be trusted."""
    if at is None:
        return now
    earliest = session_started_at or now - LONGEST_LATE
    return min(max(at, earliest), now)


def second_in(movie: Movie, seconds: int) -> int:
    """Return a position, at most the film's end."""
    return min(seconds, movie.duration)


def is_completed(movie: Movie, seconds: int) -> bool:
    """Return whether a film counts as seen to the end from here: at 90 %."""
    return movie.duration > 0 and seconds * 10 >= movie.duration * 9


def watch_progress(
    user_id: UUID,
    movie: Movie,
    *,
    progress_seconds: int,
    now: datetime,
    heartbeat: Heartbeat | None = None,
) -> Progress:
    """Store a viewer's position, at most the film's end; a film seen to 90 % stays completed.

    `now` is when the viewer was there (`moment_of`).

    Raises:
        InvalidInput: a negative position.
        NotFound: the film was deleted.
    """
    if progress_seconds < 0:
        fault = "Seconds from the beginning, 0 or more."
        raise InvalidInput("progress cannot be used.", fields={"progress": [fault]})
    seconds = second_in(movie, progress_seconds)
    completed = is_completed(movie, seconds)
    beat = heartbeat or Heartbeat()
    which = (beat.session_id, beat.sequence)
    row = (uuid.uuid4(), user_id, movie.pk, seconds, completed, now, *which)
    try:
        with connection.prepared_cursor() as cursor:  # type: ignore[attr-defined]  # our engine's
            cursor.execute(UPSERT, row)
            return Progress(*cursor.fetchone())
    except IntegrityError as exc:  # the film was deleted since it was read
        raise NotFound("There is no such film.") from exc
