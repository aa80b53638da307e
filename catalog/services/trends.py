"""Trends: the films most played in the last weeks."""

from datetime import datetime

from django.db import connection, transaction

from catalog.services.plays import KAMPALA

HALF_LIFE_DAYS = 3
# After this time a play counts for less than a hundredth.
WINDOW_DAYS = 21
CHART_LENGTH = 200
# Lock of the computation; any number that no other lock has (see dev.demo.uploads).
LOCK = 0x4B757369
COMPUTE = """
INSERT INTO catalog_trend (movie_id, rank, score, home_rank)
SELECT movie_id, rank, score, CASE WHEN home > 0 AND home_rank <= %(kept)s THEN home_rank END
FROM (
    SELECT movie_id, score, home,
        row_number() OVER (ORDER BY score DESC, movie_id) AS rank,
        row_number() OVER (ORDER BY home DESC, movie_id) AS home_rank
    FROM (
        SELECT movie.id AS movie_id,
            sum(day.plays * power(0.5, (%(today)s - day.day) / %(half)s)) AS score,
            sum(day.home_plays * power(0.5, (%(today)s - day.day) / %(half)s)) AS home
        FROM catalog_movieday AS day JOIN catalog_movie AS movie ON movie.id = day.movie_id
        WHERE day.day > %(today)s - %(window)s AND day.day <= %(today)s
            AND movie.published AND movie.playable
        GROUP BY movie.id
    ) AS played
) AS ranked
WHERE rank <= %(kept)s OR (home > 0 AND home_rank <= %(kept)s)
"""


@transaction.atomic
def trends_compute(*, now: datetime) -> None:
    """Rank the films by their plays, each halved for every three days it is old.

    The list is replaced at once: readers see the old one whole until then.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute("SELECT (%s AT TIME ZONE %s)::date", [now, KAMPALA])
        (today,) = cursor.fetchone()
        cursor.execute("DELETE FROM catalog_trend")
        parameters = {
            "today": today,
            "half": float(HALF_LIFE_DAYS),
            "window": WINDOW_DAYS,
            "kept": CHART_LENGTH,
        }
        cursor.execute(COMPUTE, parameters)
