"""Quality of recommendations: recall of films held back from viewers' histories.

    python bench/recommend.py [--people 3000] [--films 1500] [--seed 7]

It starts a private stack with viewers who have tastes: films belong to groups of which each viewer
loves two, some films are popular with all viewers, and a third of the views are random. A tenth of
each history is held back; the job sees the rest. The script prints recall and coverage at 10 of our
list, and of the list of the most watched films.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np

from dev.stack import keys, test_stacks
from dev.stack.environment import Site, contract
from dev.stack.ports import pick

GROUPS = 30
LOVED = 2
TOP = 10
NOW = datetime(2026, 11, 21, 18, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--people", type=int, default=3000)
    parser.add_argument("--films", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    with test_stacks.private_stack() as stack, tempfile.TemporaryDirectory() as folder:
        site = Site(port=pick())
        variables = contract(
            kind="test", site=site, home=Path(folder), keys=keys.for_tests(), given={}
        )
        os.environ.update(
            {**stack.env(), **variables, "DJANGO_SETTINGS_MODULE": "kushfilms.settings"}
        )
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        measure(options.people, options.films, np.random.default_rng(options.seed))


def histories(people: int, films: int, rng: Any) -> list[np.ndarray[Any, Any]]:
    """Return the numbers of the films that each viewer has watched, in order."""
    group = rng.integers(0, GROUPS, films)
    weight = 1 / (1 + np.arange(films)) ** 0.7  # hits first
    rng.shuffle(weight)
    seen = []
    for _ in range(people):
        loved = rng.choice(GROUPS, LOVED, replace=False)
        taste = weight * np.where(np.isin(group, loved), 25.0, 1.0)
        chance = np.full(films, 1 / films)
        odds = 0.67 * taste / taste.sum() + 0.33 * chance
        seen.append(rng.choice(films, int(rng.integers(20, 60)), replace=False, p=odds))
    return seen


def measure(people: int, films: int, rng: Any) -> None:
    seen = histories(people, films, rng)
    held = [set(rng.choice(one, max(1, len(one) // 10), replace=False).tolist()) for one in seen]
    users, movies = _rows(seen, held, films)
    began = time.process_time()
    _run_related_job()
    print(f"{people} people, {films} films, {sum(map(len, seen))} rows of history")
    print(f"the job: {time.process_time() - began:.1f} CPU-s in the worker")
    numbers = {movie: number for number, movie in enumerate(movies)}
    ours = [_ours(user, numbers) for user in users]
    counts = np.bincount(
        np.concatenate(
            [[f for f in one if f not in out] for one, out in zip(seen, held, strict=True)]
        ).astype(int),
        minlength=films,
    )
    best = np.argsort(-counts, kind="stable").tolist()
    popular = []
    for one, out in zip(seen, held, strict=True):
        known = set(one.tolist()) - out
        popular.append([film for film in best[: TOP + len(known)] if film not in known][:TOP])
    print(f"{'':>12} recall@{TOP}  coverage@{TOP}")
    figures = {"ours": _figures(ours, held, films), "popularity": _figures(popular, held, films)}
    for name, (recall, coverage) in figures.items():
        print(f"{name:>12} {recall:9.3f}  {coverage:11.1%}")
    print(f"ours over popularity: {figures['ours'][0] / figures['popularity'][0]:.2f} of recall")


def _rows(seen: list[Any], held: list[set[int]], films: int) -> tuple[list[UUID], list[UUID]]:
    from accounts.models import User
    from catalog.models import Movie, WatchHistory

    movies = Movie.objects.bulk_create(
        Movie(
            title=f"Film {n}", slug=f"film-{n}", duration=6000, playable=True, published=True,
            published_at=NOW - timedelta(minutes=n),
        )
        for n in range(films)
    )  # fmt: skip
    users = User.objects.bulk_create(
        User(email=f"p{n}@kush.test", name=f"P {n}", password="!") for n in range(len(seen))
    )
    rows = (
        WatchHistory(
            user=user, movie=movies[film], progress=6000, completed=True,
            watched_at=NOW - timedelta(hours=len(one) - place),
        )
        for user, one, out in zip(users, seen, held, strict=True)
        for place, film in enumerate(one.tolist())
        if film not in out
    )  # fmt: skip
    WatchHistory.objects.bulk_create(rows, batch_size=5000)
    return [user.pk for user in users], [movie.pk for movie in movies]


def _run_related_job() -> None:
    from catalog.services.related import related_request
    from kushfilms.core.jobs import job_run_next
    from kushfilms.core.models import JobLane

    related_request()
    assert job_run_next(JobLane.LONG)


def _ours(user_id: UUID, numbers: dict[UUID, int]) -> list[int]:
    """Return the numbers of a viewer's list, before popular films fill it."""
    from catalog.selectors.recommendations import related_to_history

    return [numbers[movie_id] for movie_id, _ in related_to_history(user_id, most=TOP)]


def _figures(lists: list[list[int]], held: list[set[int]], films: int) -> tuple[float, float]:
    recalls = [
        len(set(one) & out) / min(TOP, len(out)) for one, out in zip(lists, held, strict=True)
    ]
    return float(np.mean(recalls)), len({film for one in lists for film in one}) / films


if __name__ == "__main__":
    main()
