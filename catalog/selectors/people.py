"""Reads of people credited in films."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import Exists, F, OuterRef, Prefetch, QuerySet, Window
from django.db.models.functions import RowNumber

from catalog.models import Credit, CreditJob, Movie, Person, SlugKind
from catalog.models.films import listed_where
from catalog.selectors.films import movies_listed
from catalog.selectors.slugs import by_reference
from kushfilms.core.errors import NotFound

PEOPLE_ORDER = ("name", "id")
# Films of each job on a person's page; `movies?person=` lists all.
FILMS_SHOWN = 48


@dataclass(frozen=True)
class FilmsByJob:
    job: CreditJob
    movies: list[Movie]  # newest first


def people_listed(*, now: datetime, country: str, job: str = "") -> QuerySet[Person]:
    """Return people credited in a film that can be watched there and then, in any `job`."""
    parts = Credit.objects.filter(
        listed_where(now=now, country=country, through="movie__"), person=OuterRef("pk")
    )
    return Person.objects.filter(Exists(parts.filter(job=job) if job else parts))


def person_get(reference: str) -> Person:
    """Return a person by id, slug or former slug. Raises NotFound."""
    person = by_reference(Person.objects.all(), reference, kind=SlugKind.PERSON)
    if person is None:
        raise NotFound("This person does not exist.")
    return person


def person_films(person: Person, *, now: datetime, country: str) -> list[FilmsByJob]:
    """Return a person's films by job, newest first, jobs in the order of credits."""
    rank = Window(
        RowNumber(), partition_by=F("job"), order_by=(F("movie__published_at").desc(), "movie_id")
    )
    shown = (
        Credit.objects.filter(
            listed_where(now=now, country=country, through="movie__"), person=person
        )
        .annotate(rank=rank)
        .filter(rank__lte=FILMS_SHOWN)
        .prefetch_related(Prefetch("movie", movies_listed(now=now, country=country)))
        .order_by("job", "rank")
    )
    jobs = {
        CreditJob(job): [credit.movie for credit in parts]
        for job, parts in groupby(shown, key=lambda credit: credit.job)
    }
    return [FilmsByJob(job, jobs[job]) for job in CreditJob if job in jobs]
