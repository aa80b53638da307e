"""How far a viewer got: the catalogue's most frequent write, so one statement and no read."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection

from catalog.models import Movie
from kushfilms.core.errors import InvalidInput, NotFound

# Heartbeats may overtake one another: the later moment wins, and finished stays finished.
UPSERT = """
INSERT INTO catalog_watchhistory AS held
    (id, user_id, movie_id, progress, completed, watched_at)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT ON CONSTRAINT one_history_row_a_film DO UPDATE SET
    progress = CASE WHEN EXCLUDED.watched_at >= held.watched_at
        THEN EXCLUDED.progress ELSE held.progress END,
    completed = held.completed OR EXCLUDED.completed,
    watched_at = GREATEST(held.watched_at, EXCLUDED.watched_at)
RETURNING progress, completed
"""


@dataclass(frozen=True)
class Progress:
    seconds: int
    completed: bool


def watch_progress(
    user_id: UUID, movie: Movie, *, progress_seconds: int, now: datetime
) -> Progress:
    """Note where a viewer is; the film's end at most. Seen to 90 % once is seen for good.

    Raises:
        InvalidInput: before the beginning.
        NotFound: the film is gone.
    """
    if progress_seconds < 0:
        fault = "Seconds from the beginning, 0 or more."
        raise InvalidInput("progress cannot be used.", fields={"progress": [fault]})
    seconds = min(progress_seconds, movie.duration)
    completed = movie.duration > 0 and seconds * 10 >= movie.duration * 9
    row = (uuid.uuid4(), user_id, movie.pk, seconds, completed, now)
    try:
        with connection.cursor() as cursor:
            cursor.execute(UPSERT, row)
            return Progress(*cursor.fetchone())
    except IntegrityError as exc:  # deleted since it was read
        raise NotFound("There is no such film.") from exc
