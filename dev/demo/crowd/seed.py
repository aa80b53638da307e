"""Creation and removal of the generated catalogue and audience."""

from collections.abc import Callable
from datetime import datetime
from itertools import islice
from random import Random

from django.db import connection, transaction
from django.db.models import Q

from accounts.models import User
from catalog.models import Category, Credit, Movie, Person, Season, Series, WatchHistory
from dev.demo.crowd.audience import DOMAIN, history_copy, viewers_make
from dev.demo.crowd.catalogue import (
    BATCH,
    MARK,
    PREFIX,
    GeneratedFilm,
    Studio,
    categories_make,
    people_make,
    seasons_make,
)
from kushfilms.core.errors import WrongState

Report = Callable[[str], object]
BATCH_GONE = 500
CROWD = Q(metadata__has_key=MARK)


def crowd_exists() -> bool:
    """Return whether a generated catalogue exists, complete or not."""
    return any(
        (
            Movie.objects.filter(CROWD).exists(),
            Person.objects.filter(slug__startswith=PREFIX).exists(),
            User.objects.filter(email__endswith=f"@{DOMAIN}").exists(),
        )
    )


@transaction.atomic
def crowd_add(
    *, movies: int, people: int, series: int, history: int, seed: int, now: datetime, report: Report
) -> None:
    """Generate a catalogue and its audience, the same for the same seed and moment.

    Raises:
        WrongState: a generated catalogue exists already.
    """
    if crowd_exists():
        raise WrongState("A generated catalogue exists already. Delete it with --remove first.")
    random = Random(seed)  # noqa: S311  The data is generated.
    cast = people_make(random, count=people)
    report(f"{people} people.")
    studio = Studio(
        random,
        people=cast,
        seasons=seasons_make(random, count=series, now=now),
        shelves=categories_make(random),
        films=movies,
        now=now,
    )
    films = _films_add(studio)
    report(f"{len(films)} films, {len(studio.places)} of them episodes of {series} series.")
    if history and films:
        viewers = viewers_make(random, history=history)
        rows = history_copy(random, viewers=viewers, films=films, rows=history, now=now)
        report(f"{rows} rows of history by {len(viewers)} viewers.")


def _films_add(studio: Studio) -> list[GeneratedFilm]:
    made = studio.films()
    films = []
    while batch := list(islice(made, BATCH)):
        Movie.objects.bulk_create(movie for movie, _, _ in batch)
        Credit.objects.bulk_create(
            [credit for _, credited, _ in batch for credit in credited], batch_size=5000
        )
        films += [film for _, _, film in batch]
    return films


def crowd_remove(*, report: Report) -> None:
    """Delete all marked rows in batches; a second call continues after an interruption."""
    viewers = User.objects.filter(email__endswith=f"@{DOMAIN}")
    for rows, what in (
        (viewers, "viewers"),
        (Movie.objects.filter(CROWD), "films"),
        (Season.objects.filter(series__slug__startswith=PREFIX), "seasons"),
        (Series.objects.filter(slug__startswith=PREFIX), "series"),
        (Person.objects.filter(slug__startswith=PREFIX), "people"),
        (Category.objects.filter(slug__startswith=PREFIX), "categories"),
    ):
        count = 0
        while ids := list(rows.values_list("pk", flat=True)[:BATCH_GONE]):
            if rows.model is User:  # Django would fetch the hundred rows of each viewer first
                history = WatchHistory.objects.filter(user__in=ids)
                history._raw_delete(history.db)
            rows.model._default_manager.filter(pk__in=ids).delete()
            count += len(ids)
        report(f"{count} {what} deleted.")


def statistics_renew() -> None:
    """Analyse the tables, so that the planner knows of the new rows."""
    with connection.cursor() as cursor:
        for model in (Movie, Person, Credit, WatchHistory, User):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
