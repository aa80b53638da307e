"""Writes of series and seasons: create, rename, publish, and delete when empty."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from accounts.services.audit import audit_write
from catalog.models import Movie, Season, Series
from catalog.services.edits import Changes, names_clean, now_of, row_apply, row_check, row_lock
from catalog.services.pictures import pictures_forget
from catalog.services.slugs import slug_insert, slug_rename, slug_set, slugs_forget
from kushfilms.core.errors import InvalidInput, WrongState
from kushfilms.core.text import line_clean

EDITABLE = frozenset(
    {
        "title",
        "description",
        "year",
        "language",
        "country",
        "genres",
        "category",
        "poster_key",
        "backdrop_key",
        "featured",
    }
)
LAST_NUMBER = 9999


@transaction.atomic
def series_create(*, title: str, **fields: Any) -> Series:
    """Create a series. Raises InvalidInput."""
    series = Series(title=line_clean(title), **_clean(fields))
    row_check(series, exclude=["slug"])
    slug_insert(series, text=series.title)
    audit_write("series.create", series, new={"title": series.title})
    return series


@transaction.atomic
def series_update(series: Series, *, changes: Changes) -> Series:
    """Change the given fields; a new title gives a new address. Raises InvalidInput, NotFound."""
    series = row_lock(series, what="series")
    changes = _clean(dict(changes))
    before = series.slug
    slug = changes.pop("slug", None)
    old = row_apply(series, changes, allowed=EDITABLE)
    row_check(series, exclude=["slug"])
    if old:
        series.save(update_fields=[*old, "updated_at"])
    if slug is not None and slug != before:
        slug_set(series, slug)
    elif "title" in old:
        slug_rename(series, text=series.title)
    if series.slug != before:
        old["slug"] = before
    if old:
        audit_write("series.change", series, old=old, new=now_of(series, old))
    return series


def _clean(fields: dict[str, Any]) -> dict[str, Any]:
    if "title" in fields:
        fields["title"] = line_clean(str(fields["title"]))
    if "genres" in fields:
        fields["genres"] = names_clean(fields["genres"], field="genres", longest=60)
    return fields


@transaction.atomic
def series_publish(series: Series, *, published: bool, now: datetime) -> Series:
    """Show or hide a series; its episodes are published individually."""
    series = row_lock(series, what="series")
    if series.published == published:
        return series
    series.published = published
    series.published_at = series.published_at or now
    series.save(update_fields=["published", "published_at", "updated_at"])
    verb = "publish" if published else "unpublish"
    old = {"published": not published}
    audit_write(f"series.{verb}", series, old=old, new={"published": published})
    return series


@transaction.atomic
def series_delete(series: Series) -> None:
    """Delete an empty series. Raises WrongState: `has_episodes`."""
    series = row_lock(series, what="series")
    _must_be_empty(Movie.objects.filter(season__series=series).count(), what=series.title)
    audit_write("series.delete", series, old={"title": series.title})
    slugs_forget(series)
    pictures_forget(series)
    series.delete()


def _must_be_empty(episodes: int, *, what: str) -> None:
    if episodes:
        count = "one episode" if episodes == 1 else f"{episodes} episodes"
        message = f"“{what}” has {count}. Move or delete them first."
        raise WrongState(message, code="has_episodes")


# ── Seasons ─────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def season_create(series: Series, *, number: int | None = None, title: str = "") -> Season:
    """Create a season, without a number the next one. Raises InvalidInput, NotFound."""
    series = row_lock(
        series, what="series"
    )  # locked, so that two requests for the next season get two
    if number is None:
        number = (series.seasons.aggregate(last=Max("number"))["last"] or 0) + 1
    season = Season(series=series, number=number, title=line_clean(title))
    _season_save(season, force_insert=True)
    audit_write("season.create", season, new={"series": series.title, "number": number})
    return season


@transaction.atomic
def season_update(season: Season, *, changes: Changes) -> Season:
    """Change number and title. Raises InvalidInput, NotFound."""
    season = row_lock(season, what="season")
    if old := row_apply(season, changes, allowed=frozenset({"number", "title"})):
        _season_save(season, update_fields=list(old))
        audit_write("season.change", season, old=old, new=now_of(season, old))
    return season


def _season_save(season: Season, **how: Any) -> None:
    if not 0 <= season.number <= LAST_NUMBER:
        fault = f"A whole number from 0 (specials) to {LAST_NUMBER}."
        raise InvalidInput("Check the marked fields.", fields={"number": [fault]})
    row_check(season)
    try:
        with transaction.atomic():
            season.save(**how)
    except IntegrityError as exc:
        fault = f"Season {season.number} exists already."
        raise InvalidInput(fault, fields={"number": [fault]}) from exc


@transaction.atomic
def season_delete(season: Season) -> None:
    """Delete an empty season. Raises WrongState: `has_episodes`."""
    season = row_lock(season, what="season")
    _must_be_empty(season.episodes.count(), what=str(season))
    audit_write(
        "season.delete", season, old={"series": str(season.series), "number": season.number}
    )
    season.delete()
