"""What changes films. Every way to publish, feature or prepare one goes through here."""

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
    """Make a draft film; unless a `slug` is given it comes from the title, and is unique.

    Names in `director` (“A, B”), `cast` and `vjs` become credits. For staff it is `movie_add`.

    Raises:
        InvalidInput: a field does not fit.
    """
    names = {name: fields.pop(name) for name in COPIES if fields.get(name)}
    movie = Movie(title=line_clean(title), **fields)
    row_check(movie, exclude=["id", "slug"])  # the id is new
    lines = credit_lines(names)
    # Before the film's own row, which others may wait for: one order of locks for all.
    people = lines_resolve(lines)
    if slug:
        slug_insert_as(movie, slug)
    else:
        slug_insert(movie, text=movie.title)
    if lines:
        credits_insert(movie, people)
        movie.refresh_from_db(fields=list(COPIES))
    return movie


def _movie_lock(movie: Movie) -> Movie:
    """Return the film as it is now, locked. Raises NotFound when it was deleted meanwhile."""
    return row_lock(movie, what="film")


@transaction.atomic
def movie_publish(movie: Movie, *, now: datetime) -> Movie:
    """Show a film to everyone. Published again, it keeps its first date.

    Raises:
        WrongState: `not_ready` while there is nothing to play, `taken_down` while an accepted
            copyright claim stands.
    """
    movie = _movie_lock(movie)
    if takedown_in_force(movie):
        message = f"“{movie.title}” is down for a copyright claim. Reverse the claim first."
        raise WrongState(message, code="taken_down")
    if not movie.playable:
        message = f"“{movie.title}” has no finished video yet. Upload one, or wait for its encode."
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
    """Take a film away from everyone, from those watching it, too; a no-op for a draft.

    It stays away until somebody publishes it: the next encode does not bring it back.
    """
    movie = _movie_lock(movie)
    if movie.published:
        movie.published = movie.publish_when_ready = False
        movie.save(update_fields=["published", "publish_when_ready", "updated_at"])
        old, new = {"published": True}, {"published": False}
        audit_write("movie.unpublish", movie, old=old, new=new, reason=reason)
        emit(MovieTermsChanged(movie_id=movie.pk))
    return movie


# What `catalog.entitlement` looks at in a film.
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
    """Call with what an edit changed, in its transaction: whoever is watching is asked again."""
    if TERMS & set(fields):
        emit(MovieTermsChanged(movie_id=movie.pk))


@transaction.atomic
def movie_feature(movie: Movie, *, featured: bool) -> Movie:
    """Put a film into the home page's hero, or out of it."""
    movie = _movie_lock(movie)
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
    """What the encoder found and made: seconds, and keys of `public/…` objects. None: leave it."""
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
    # Also of a deleted film: a worker that was at it finishes, and a restored film is whole.
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
