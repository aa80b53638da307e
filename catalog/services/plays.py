"""Counting of plays: recorded without a lock, added up by a sweep."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from catalog.models import Play

# Plays of one sweep: many times those of a busy minute.
AT_ONCE = 50_000
KAMPALA = "Africa/Kampala"
# Sweeps at the same time take different rows. Films are updated in one order, so that no sweep
# waits for another in a circle.
COUNT = """
WITH taken AS (
    DELETE FROM catalog_play WHERE id IN (
        SELECT id FROM catalog_play ORDER BY id LIMIT %(most)s FOR UPDATE SKIP LOCKED
    ) RETURNING movie_id, (played_at AT TIME ZONE %(zone)s)::date AS day, country
), days AS (
    INSERT INTO catalog_movieday AS held (movie_id, day, plays, home_plays)
    SELECT movie_id, day, count(*), count(*) FILTER (WHERE country = %(home)s)
    FROM taken GROUP BY movie_id, day ORDER BY movie_id, day
    ON CONFLICT ON CONSTRAINT one_count_a_film_and_day
    DO UPDATE SET plays = held.plays + EXCLUDED.plays,
        home_plays = held.home_plays + EXCLUDED.home_plays
), films AS (
    SELECT movie.id, added.plays
    FROM catalog_movie AS movie
    JOIN (SELECT movie_id, count(*) AS plays FROM taken GROUP BY movie_id) AS added
        ON added.movie_id = movie.id
    ORDER BY movie.id FOR NO KEY UPDATE OF movie
), counted AS (
    UPDATE catalog_movie AS movie SET view_count = view_count + films.plays
    FROM films WHERE films.id = movie.id
)
SELECT count(*) FROM taken
"""


def play_note(movie_id: UUID, *, now: datetime, country: str = "") -> None:
    """Record that a film has been on for a while, without waiting for a lock.

    `country` is ISO 3166 alpha-2, empty when unknown.
    """
    Play.objects.create(movie_id=movie_id, played_at=now, country=country)


@transaction.atomic
def plays_count() -> int:
    """Add recorded plays to the films' figures; return how many plays."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"most": AT_ONCE, "zone": KAMPALA, "home": settings.HOME_COUNTRY})
        (count,) = cursor.fetchone()
    return int(count)
