"""Edits of films by staff: validated, written to the audit log, with addresses kept alive."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.services.audit import audit_write
from catalog.models import Movie, MovieKind, Season
from catalog.services.credits import COPIES, credit_lines, movie_credits_set
from catalog.services.edits import (
    Changes,
    countries_clean,
    names_clean,
    now_of,
    row_apply,
    row_check,
    row_lock,
)
from catalog.services.episodes import episode_assign, episode_remove
from catalog.services.films import movie_create, movie_terms_changed
from catalog.services.slugs import slug_rename, slug_set
from kushfilms.core.errors import InvalidInput
from kushfilms.core.text import line_clean

EDITABLE = frozenset(
    {
        "title",
        "description",
        "plot",
        "year",
        "language",
        "country",
        "genres",
        "imdb_rating",
        "category",
        "access_level",
        "age_rating",
        "allowed_countries",
        "blocked_countries",
        "licence_holder",
        "licence_starts_at",
        "licence_ends_at",
        "publish_when_ready",
        "publish_at",
        "trending",
        "thumbnail_key",
        "poster_key",
        "backdrop_key",
    }
)
# The position of a film: `kind`, `season` and `episode_number` belong together.
POSITION = frozenset({"kind", "season", "episode_number"})
GENRE = 60


@transaction.atomic
def movie_add(*, changes: Changes) -> Movie:
    """Create a draft from `title` and the fields that `movie_update` takes.

    Raises what `movie_update` raises.
    """
    given = _clean(dict(changes))
    slug = given.pop("slug", None) or ""
    position = {name: given.pop(name) for name in POSITION if name in given}
    if strange := given.keys() - EDITABLE - COPIES.keys():
        raise LookupError(f"{sorted(strange)} cannot be written here")
    fields = {name: value for name, value in given.items() if name not in COPIES}
    _check_rules(Movie(**fields), given, now=timezone.now())
    movie = movie_create(title=str(given.pop("title", "")), slug=slug, **given)
    filled = {name: value for name, value in given.items() if value not in (None, "", [])}
    audit_write("movie.create", movie, new={"title": movie.title, **filled})
    if position:
        _position_update(movie, position)
        movie.refresh_from_db()
    return movie


@transaction.atomic
def movie_update(movie: Movie, *, changes: Changes) -> Movie:
    """Change fields of `EDITABLE` and `POSITION`, the slug, and names (director, cast, vjs).

    A new title gives a new address; the old one redirects to it.

    Raises:
        InvalidInput: a field does not fit; `fields` names it.
        NotFound: the film was deleted.
        WrongState: `episode_taken`.
    """
    movie = row_lock(movie, what="film")
    changes = dict(changes)
    names = {name: changes.pop(name) for name in COPIES if name in changes}
    position = {name: changes.pop(name) for name in POSITION if name in changes}
    slug = changes.pop("slug", None)
    before = movie.slug
    old = row_apply(movie, _clean(changes), allowed=EDITABLE)
    row_check(movie, exclude=["slug"])
    _check_rules(movie, old, now=timezone.now())
    if old:
        movie.save(update_fields=[*old, "updated_at"])
    if slug is not None and slug != before:
        slug_set(movie, slug)
    elif "title" in old:
        slug_rename(movie, text=movie.title)
    if movie.slug != before:
        old["slug"] = before
    if old:
        audit_write("movie.change", movie, old=old, new=now_of(movie, old))
    movie_terms_changed(movie, fields=old)
    if position:
        _position_update(movie, position)
    if names:
        jobs = [COPIES[name] for name in names]
        movie_credits_set(movie, credit_lines(names), jobs=jobs)
    movie.refresh_from_db()
    return movie


def _clean(changes: dict[str, Any]) -> dict[str, Any]:
    if "title" in changes:
        changes["title"] = line_clean(str(changes["title"]))
    if "genres" in changes:
        changes["genres"] = names_clean(changes["genres"], field="genres", longest=GENRE)
    for field in ("allowed_countries", "blocked_countries"):
        if field in changes:
            changes[field] = countries_clean(changes[field], field=field)
    return changes


def _check_rules(movie: Movie, old: dict[str, Any], *, now: datetime) -> None:
    starts = movie.licence_starts_at
    ends = movie.licence_ends_at
    if starts and ends and ends <= starts:
        fault = "The licence must end after it starts."
        raise InvalidInput("Check the marked fields.", fields={"licence_ends_at": [fault]})
    if "publish_at" in old and movie.publish_at:
        schedule_check(movie, now=now)


def schedule_check(movie: Movie, *, now: datetime) -> None:
    """Raise InvalidInput where a scheduled publication makes no sense."""
    fault = ""
    if movie.published:
        fault = "The film is published already. Unpublish it first."
    elif movie.publish_at and movie.publish_at <= now:
        fault = "This time has passed. Publish the film now, or choose a later time."
    if fault:
        raise InvalidInput(fault, fields={"publish_at": [fault]})


def _position_update(movie: Movie, position: dict[str, Any]) -> None:
    kind = MovieKind(position.get("kind", movie.kind))
    season: Season | None = position.get("season", movie.season)
    if "season" not in position and kind != MovieKind.EPISODE:
        season = None
    if season is None:
        episode_remove(movie, kind=kind)
        return
    if "kind" in position and kind != MovieKind.EPISODE:
        fault = "Only an episode can belong to a season."
        raise InvalidInput(fault, fields={"kind": [fault]})
    moves = "season" in position and season.pk != movie.season_id
    number = position.get("episode_number", None if moves else movie.episode_number)
    episode_assign(movie, season=season, number=number)
