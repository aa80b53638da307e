"""Credits of films, and the copies of names that films carry for reading."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, transaction
from django.db.models import F, Func, OuterRef, TextField, Value
from django.db.models.functions import Left, Now, Upper

from accounts.services.audit import audit_write
from catalog.models import Credit, CreditJob, Movie, Person
from catalog.services.edits import names_clean
from catalog.services.slugs import slug_insert
from kushfilms.core.errors import InvalidInput, NotFound

# Fields of a film that copy names, and the job each copies.
COPIES = {"director": CreditJob.DIRECTOR, "cast": CreditJob.CAST, "vjs": CreditJob.VJ}
LONGEST_NAME = 120
LONGEST_DIRECTOR = 400
# People are created under one lock: two requests with the same new name mean one person.
NAMES_LOCK = 0x6B75_7368
NAMES_LOCK_SQL = "SELECT pg_advisory_xact_lock(%s)"


@dataclass(frozen=True)
class CreditLine:
    """A credit to write: of an existing person, or of a name (`@slug` names one exactly)."""

    job: CreditJob
    name: str = ""
    person_id: UUID | None = None
    character: str = ""


def credit_lines(names: Mapping[str, Any]) -> list[CreditLine]:
    """Return lines for director “A, B” and lists of cast and vjs. Raises InvalidInput."""
    lines: list[CreditLine] = []
    for field, given in names.items():
        listed = given.split(",") if isinstance(given, str) else given
        clean = names_clean(listed, field=field, longest=LONGEST_NAME)
        lines += [CreditLine(COPIES[field], name=name) for name in clean]
    return lines


@transaction.atomic
def movie_credits_set(
    movie: Movie, lines: Sequence[CreditLine], *, jobs: Iterable[CreditJob] = tuple(CreditJob)
) -> bool:
    """Replace a film's credits of these jobs, in this order; return whether anything changed.

    Raises:
        InvalidInput: a name that several people have, none of whom is credited already.
        NotFound: no such person.
    """
    movie = Movie.objects.select_for_update(of=("self",)).get(pk=movie.pk)
    jobs = set(jobs)
    current = list(movie.credits.filter(job__in=jobs).select_related("person"))
    wanted = _rows(movie, lines_resolve(lines, current=current))
    if [_facts(row) for row in wanted] == [_facts(row) for row in _in_order(current)]:
        return False
    old = _names_by_job(_in_order(current))
    movie.credits.filter(job__in=jobs).delete()
    Credit.objects.bulk_create(wanted)
    copies_refresh([movie.pk])
    audit_write("movie.credits", movie, old=old, new=_names_by_job(wanted))
    return True


def person_named(name: str) -> Person | None:
    """Return the person of a name, created if there is none; `@slug` names one exactly.

    Raises InvalidInput: several people have the name, or it is too long.
    """
    lines = credit_lines({"vjs": [name]})
    return lines_resolve(lines)[0][1] if lines else None


@transaction.atomic
def vj_credit_set(movie: Movie, person: Person, *, credited: bool) -> None:
    """Add or remove a person among the film's VJs; other VJs stay."""
    movie = Movie.objects.select_for_update(of=("self",)).get(pk=movie.pk)
    current = movie.credits.filter(job=CreditJob.VJ).order_by("order", "pk")
    lines = [
        CreditLine(CreditJob.VJ, person_id=row.person_id, character=row.character)
        for row in current
    ]
    remaining = [line for line in lines if line.person_id != person.pk]
    if credited and len(remaining) == len(lines):
        remaining.append(CreditLine(CreditJob.VJ, person_id=person.pk))
    elif credited:
        return
    movie_credits_set(movie, remaining, jobs=[CreditJob.VJ])


def credits_insert(movie: Movie, people: Sequence[tuple[CreditLine, Person]]) -> None:
    """Write a new film's first credits."""
    Credit.objects.bulk_create(_rows(movie, people))
    copies_refresh([movie.pk])


def lines_resolve(
    lines: Sequence[CreditLine], *, current: Sequence[Credit] = ()
) -> list[tuple[CreditLine, Person]]:
    """Return the person of every line; a person of a new name is created."""
    by_id = Person.objects.in_bulk([line.person_id for line in lines if line.person_id])
    by_name = _people_of([line.name for line in lines if not line.person_id])
    found: list[tuple[CreditLine, Person]] = []
    used: set[tuple[CreditJob, UUID]] = set()
    for line in lines:
        person = by_id.get(line.person_id) if line.person_id else None
        if line.person_id and person is None:
            raise NotFound("There is no such person.")
        if person is None:
            taken = {pk for job, pk in used if job == line.job}
            person = _person_by_name(line.name, by_name, taken=taken, current=current, job=line.job)
        if (line.job, person.pk) not in used:
            used.add((line.job, person.pk))
            found.append((line, person))
    return found


def _people_of(names: Iterable[str]) -> dict[str, list[Person]]:
    """Return people by name in capitals, and by `@SLUG`; create those who are missing."""
    by_key = {name.upper(): name for name in names}
    found = _look_up(by_key)
    if missing := [key for key in by_key if key not in found]:
        with connection.cursor() as cursor:
            cursor.execute(NAMES_LOCK_SQL, [NAMES_LOCK])
        found |= _look_up(missing)  # created by the request that held the lock before
        for key in missing:
            if key in found:
                continue
            name = by_key[key]
            if name.startswith("@"):
                fault = f"No person has the address {name[1:]}."
                raise InvalidInput(fault, fields={"credits": [fault]})
            person = Person(name=name)
            slug_insert(person, text=name)
            found[key] = [person]
    return found


def _look_up(keys: Iterable[str]) -> dict[str, list[Person]]:
    keys = list(keys)
    found: dict[str, list[Person]] = defaultdict(list)
    people = Person.objects.annotate(key=Upper("name")).order_by("created_at", "pk")
    for person in people.filter(key__in=[key for key in keys if not key.startswith("@")]):
        found[person.key].append(person)
    slugs = [key[1:].lower() for key in keys if key.startswith("@")]
    for named in Person.objects.filter(slug__in=slugs) if slugs else ():
        found[f"@{named.slug.upper()}"] = [named]
    return dict(found)


def _person_by_name(
    name: str,
    people: Mapping[str, list[Person]],
    *,
    taken: set[UUID],
    current: Sequence[Credit],
    job: CreditJob,
) -> Person:
    """Return the only person of the name, else the one credited in the film already."""
    namesakes = people[name.upper()]
    if len(namesakes) == 1:
        return namesakes[0]
    ids = {person.pk: person for person in namesakes}
    candidates = sorted(current, key=lambda credit: (credit.job != job, credit.order))
    for credit in candidates:
        if credit.person_id in ids and credit.person_id not in taken:
            return ids[credit.person_id]
    slugs = " or ".join(f"@{person.slug}" for person in namesakes[:5])
    fault = f"Several people are called {name}. Write {slugs} for the one you mean."
    field = next((field for field, copied in COPIES.items() if copied == job), "credits")
    raise InvalidInput(fault, fields={field: [fault]})


def _rows(movie: Movie, found: Sequence[tuple[CreditLine, Person]]) -> list[Credit]:
    places: dict[CreditJob, int] = defaultdict(int)
    rows = []
    for line, person in found:
        character = line.character.strip()[:120]
        order = places[line.job]
        places[line.job] += 1
        rows.append(
            Credit(movie=movie, person=person, job=line.job, character=character, order=order)
        )
    return _in_order(rows)


def _in_order(rows: Iterable[Credit]) -> list[Credit]:
    return sorted(rows, key=lambda row: (row.job, row.order))


def _facts(row: Credit) -> tuple[Any, ...]:
    return row.job, row.order, row.person_id, row.character


def _names_by_job(rows: Iterable[Credit]) -> dict[str, list[str]]:
    names: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        names[row.job.lower()].append(row.person.name)
    return dict(names)


def copies_refresh(movie_ids: Iterable[UUID]) -> None:
    """Copy the names from the films' credits into the films, in one statement."""
    director = Func(
        ArraySubquery(_names(CreditJob.DIRECTOR)),
        Value(", "),
        function="array_to_string",
        output_field=TextField(),
    )
    Movie.every.filter(pk__in=list(movie_ids)).update(
        director=Left(director, LONGEST_DIRECTOR),
        cast=ArraySubquery(_names(CreditJob.CAST)),
        vjs=ArraySubquery(_names(CreditJob.VJ)),
        updated_at=Now(),
    )


def _names(job: CreditJob) -> Any:
    rows = Credit.objects.filter(movie=OuterRef("pk"), job=job).order_by("order", "id")
    return rows.annotate(called=F("person__name")).values("called")
