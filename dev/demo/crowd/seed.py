"""Put the crowd in, and take it away again."""

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
    Film,
    Studio,
    categories_make,
    people_make,
    seasons_make,
)
from kushfilms.core.errors import WrongState

Tell = Callable[[str], object]
BATCH_GONE = 500
CROWD = Q(metadata__has_key=MARK)


def crowd_there() -> bool:
    """Whether there is one, whole or not."""
    return any(
        (
            Movie.objects.filter(CROWD).exists(),
            Person.objects.filter(slug__startswith=PREFIX).exists(),
            User.objects.filter(email__endswith=f"@{DOMAIN}").exists(),
        )
    )


@transaction.atomic
def crowd_add(
    *, movies: int, people: int, series: int, history: int, seed: int, now: datetime, tell: Tell
) -> None:
    """The same rows for the same seed and moment. Raises WrongState: there is one already."""
    if crowd_there():
        raise WrongState("There is a made-up catalogue already. Take it away with --remove first.")
    random = Random(seed)  # noqa: S311  made up is made up
    cast = people_make(random, count=people)
    tell(f"{people} people.")
    studio = Studio(
        random,
        people=cast,
        seasons=seasons_make(random, count=series, now=now),
        shelves=categories_make(random),
        films=movies,
        now=now,
    )
    films = _films_add(studio)
    tell(f"{len(films)} films, {len(studio.places)} of them episodes of {series} series.")
    if history and films:
        viewers = viewers_make(random, history=history)
        rows = history_copy(random, viewers=viewers, films=films, rows=history, now=now)
        tell(f"{rows} rows of history by {len(viewers)} viewers.")


def _films_add(studio: Studio) -> list[Film]:
    made = studio.films()
    films = []
    while batch := list(islice(made, BATCH)):
        Movie.objects.bulk_create(movie for movie, _, _ in batch)
        Credit.objects.bulk_create(
            [credit for _, credited, _ in batch for credit in credited], batch_size=5000
        )
        films += [film for _, _, film in batch]
    return films


def crowd_remove(*, tell: Tell) -> None:
    """Take away all that is marked, a batch at a time; killed halfway it goes on where it was."""
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
            if rows.model is User:  # a hundred rows each, which Django would fetch one by one
                history = WatchHistory.objects.filter(user__in=ids)
                history._raw_delete(history.db)
            rows.model._default_manager.filter(pk__in=ids).delete()
            count += len(ids)
        tell(f"{count} {what} taken away.")


def statistics_renew() -> None:
    """The planner knows nothing of a million new rows until it is told."""
    with connection.cursor() as cursor:
        for model in (Movie, Person, Credit, WatchHistory, User):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
