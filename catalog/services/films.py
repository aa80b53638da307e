"""Writes of films: create, publish, unpublish, feature, and results of encodes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.services.audit import audit_write
from catalog.events import MoviePublished, MovieTermsChanged
from catalog.models import Movie, TakedownNotice, TakedownStatus
from catalog.services.credits import COPIES, credit_lines, credits_insert, lines_resolve
from catalog.services.edits import row_check, row_lock
from catalog.services.slugs import slug_insert, slug_insert_as
from kushfilms.core.errors import WrongState
from kushfilms.core.events import emit
from kushfilms.core.text import line_clean


@transaction.atomic
def movie_create(*, title: str, slug: str = "", **fields: Any) -> Movie:
    """Create a draft film under `slug`, or under a unique slug made of the title.

    Names in `director` (“A, B”), `cast` and `vjs` become credits. Staff use `movie_add`.

    Raises:
        InvalidInput: a field does not fit.
    """
    names = {name: fields.pop(name) for name in COPIES if fields.get(name)}
    movie = Movie(title=line_clean(title), **fields)
    row_check(movie, exclude=["id", "slug"])  # the id is new and needs no look-up
    lines = credit_lines(names)
    # People before the film, for which other transactions may wait: one order of locks.
    people = lines_resolve(lines)
    if slug:
        slug_insert_as(movie, slug)
    else:
        slug_insert(movie, text=movie.title)
    if lines:
        credits_insert(movie, people)
        movie.refresh_from_db(fields=list(COPIES))
    return movie


@transaction.atomic
def movie_publish(movie: Movie, *, now: datetime) -> Movie:
    """Publish a film. A film that is published again keeps its first date.

    Raises:
        WrongState: `not_ready` while it has nothing to play, `taken_down` while an accepted
            copyright claim is in force.
    """
    movie = row_lock(movie, what="film")
    if takedown_in_force(movie):
        message = f"“{movie.title}” is taken down for a copyright claim. Reverse the claim first."
        raise WrongState(message, code="taken_down")
    if not movie.playable:
        message = f"“{movie.title}” has no finished video yet. Upload one, or wait for the encode."
        raise WrongState(message, code="not_ready")
    if movie.published:
        return movie
    movie.published = True
    movie.published_at = movie.published_at or now
    movie.publish_at = None
    movie.save(update_fields=["published", "published_at", "publish_at", "updated_at"])
    audit_write("movie.publish", movie, old={"published": False}, new={"published": True})
    emit(MoviePublished(movie_id=movie.pk))
    return movie


def takedown_in_force(movie: Movie) -> bool:
    return TakedownNotice.objects.filter(movie=movie, status=TakedownStatus.ACCEPTED).exists()


@transaction.atomic
def movie_unpublish(movie: Movie, *, reason: str = "") -> Movie:
    """Hide a film from everyone, including current viewers; does nothing for a draft.

    It stays hidden until staff publish it: the next encode does not bring it back.
    """
    movie = row_lock(movie, what="film")
    if movie.published:
        movie.published = movie.publish_when_ready = False
        movie.save(update_fields=["published", "publish_when_ready", "updated_at"])
        audit_write(
            "movie.unpublish",
            movie,
            old={"published": True},
            new={"published": False},
            reason=reason,
        )
        emit(MovieTermsChanged(movie_id=movie.pk))
    return movie


# Fields that `catalog.entitlement` reads.
TERMS = frozenset(
    {
        "access_level",
        "age_rating",
        "allowed_countries",
        "blocked_countries",
        "licence_starts_at",
        "licence_ends_at",
    }
)


def movie_terms_changed(movie: Movie, *, fields: Iterable[str]) -> None:
    """Emit MovieTermsChanged if the edited fields decide who may watch.

    Call it in the edit's transaction.
    """
    if TERMS & set(fields):
        emit(MovieTermsChanged(movie_id=movie.pk))


@transaction.atomic
def movie_feature(movie: Movie, *, featured: bool) -> Movie:
    """Add a film to the heroes of the home page, or remove it."""
    movie = row_lock(movie, what="film")
    if movie.featured == featured:
        return movie
    movie.featured = featured
    movie.save(update_fields=["featured", "updated_at"])
    verb = "feature" if featured else "unfeature"
    audit_write(f"movie.{verb}", movie, old={"featured": not featured}, new={"featured": featured})
    return movie


@transaction.atomic
def movie_media_update(
    movie: Movie,
    *,
    duration: int | None = None,
    playable: bool | None = None,
    poster_key: str | None = None,
    thumbnail_key: str | None = None,
    backdrop_key: str | None = None,
    preview_key: str | None = None,
    poster_candidate_keys: list[str] | None = None,
    audio_languages: list[str] | None = None,
    subtitle_languages: list[str] | None = None,
    trailer_duration: int | None = None,
) -> Movie:
    """Write what the encoder measured and produced. None leaves a field unchanged."""
    given = {
        "duration": duration,
        "playable": playable,
        "poster_key": poster_key,
        "thumbnail_key": thumbnail_key,
        "backdrop_key": backdrop_key,
        "preview_key": preview_key,
        "poster_candidate_keys": poster_candidate_keys,
        "audio_languages": audio_languages,
        "subtitle_languages": subtitle_languages,
        "trailer_duration": trailer_duration,
    }
    changed = {name: value for name, value in given.items() if value is not None}
    # Deleted films included: a running encode completes, so that a restored film is whole.
    movie = Movie.every.select_for_update().get(pk=movie.pk)
    for name, value in changed.items():
        setattr(movie, name, value)
    movie.save(update_fields=[*changed, "updated_at"])
    now = timezone.now()
    due = movie.publish_when_ready or (movie.publish_at is not None and movie.publish_at <= now)
    publishable = not movie.published and movie.deleted_at is None
    if playable and due and publishable and not takedown_in_force(movie):
        return movie_publish(movie, now=now)
    return movie
