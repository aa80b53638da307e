"""The nightly computation of films that share their audience."""

from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from catalog.models import RelatedMovie
from catalog.services.similar_films import Neighbours, Watched, neighbours_of_films
from kushfilms.core.jobs import Running, job_enqueue, job_kind
from kushfilms.core.models import JobLane

KIND = "related_movies"
# Latest films of one viewer: taste changes, and an account that plays everything must not cost the
# square of the catalogue.
LATEST = 300
READ_AT_ONCE = 20_000
FILMS_AT_ONCE = 500
# Ten minutes or a tenth of a film: less is only a look. Episodes count as their series, whose first
# episode is recommended.
HISTORY = """
WITH first_episode AS (
    SELECT DISTINCT ON (season.series_id) season.series_id, movie.id
    FROM catalog_movie AS movie JOIN catalog_season AS season ON season.id = movie.season_id
    WHERE movie.published AND movie.playable
    ORDER BY season.series_id, (season.number = 0), season.number, movie.episode_number
), latest AS (
    SELECT history.user_id, coalesce(first_episode.id, movie.id) AS movie_id,
        CASE WHEN history.completed THEN 1.0
            ELSE least(1.0, history.progress::float / greatest(movie.duration, 1)) END AS share,
        row_number() OVER (PARTITION BY history.user_id ORDER BY history.watched_at DESC) AS place
    FROM catalog_watchhistory AS history
    JOIN catalog_movie AS movie ON movie.id = history.movie_id
    LEFT JOIN catalog_season AS season ON season.id = movie.season_id
    LEFT JOIN first_episode ON first_episode.series_id = season.series_id
    WHERE movie.published AND movie.playable
        AND (history.completed OR history.progress >= 600
            OR history.progress * 10 >= movie.duration AND history.progress > 0)
)
SELECT user_id, movie_id, max(share) FROM latest WHERE place <= %s GROUP BY user_id, movie_id
"""


def related_request() -> None:
    """Enqueue the computation, once."""
    job_enqueue(KIND, {}, key=KIND)


@job_kind(KIND, lane=JobLane.LONG)
def related_compute(job: Running) -> None:
    """Replace `RelatedMovie`, some films at a time: readers find the old rows or the new ones."""
    films, watched = _watched()
    job.checkpoint()
    done: set[UUID] = set()
    alike = neighbours_of_films(watched)
    while some := list(islice(alike, FILMS_AT_ONCE)):
        job.checkpoint()  # raises when another worker has taken over
        done |= _replace(films, some)
    RelatedMovie.objects.exclude(movie_id__in=done).delete()


def _watched() -> tuple[list[UUID], Watched]:
    """Return films by their number, and who watched them: twelve bytes a row."""
    # A heavy import, which web processes do without.
    import numpy as np

    viewer_numbers: dict[UUID, int] = {}
    film_numbers: dict[UUID, int] = {}
    parts: list[Any] = []
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(HISTORY, [LATEST])
        while rows := cursor.fetchmany(READ_AT_ONCE):
            viewers = [viewer_numbers.setdefault(row[0], len(viewer_numbers)) for row in rows]
            films = [film_numbers.setdefault(row[1], len(film_numbers)) for row in rows]
            weights = [max(float(row[2]), 0.1) for row in rows]
            numbers = (np.array(viewers, np.int32), np.array(films, np.int32))
            parts.append((*numbers, np.array(weights, np.float32)))
    if not parts:
        nothing = np.empty(0, np.int32)
        return [], Watched(nothing, nothing, np.empty(0, np.float32))
    return list(film_numbers), Watched(
        *(np.concatenate(column) for column in zip(*parts, strict=True))
    )


@transaction.atomic
def _replace(films: list[UUID], some: list[Neighbours]) -> set[UUID]:
    done = {films[alike.film] for alike in some}
    RelatedMovie.objects.filter(movie_id__in=done).delete()
    RelatedMovie.objects.bulk_create(
        (
            RelatedMovie(movie_id=films[alike.film], other_id=films[other], rank=rank, score=score)
            for alike in some
            for rank, (other, score) in enumerate(
                zip(alike.others.tolist(), alike.scores.tolist(), strict=True), 1
            )
        ),
        batch_size=5000,
    )
    return done
