"""Deletion of films: hidden at once, restorable for a while, then removed for good.

Deleting a film costs one row, however many people watched it. Its history, ratings, comments,
packages and original stay until `settings.DELETED_FILMS_KEPT` has passed.
"""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts.services.audit import audit_write
from catalog.events import MovieDeleted, MovieTermsChanged
from catalog.models import Movie, MovieKind, Season
from catalog.services.edits import row_lock
from catalog.services.slugs import slug_reclaim, slug_release, slugs_forget
from kushfilms.core.context import RequestContext, opened
from kushfilms.core.errors import NotFound
from kushfilms.core.events import emit

# Films removed by one sweep: each may take the rows of a hundred thousand viewers along.
REMOVED_AT_ONCE = 20


@transaction.atomic
def movie_delete(movie: Movie, *, now: datetime) -> Movie:
    """Hide a film from everyone at once; `movie_restore` brings it back as a draft.

    Raises:
        NotFound: it was deleted already.
    """
    movie = row_lock(movie, what="film")
    old = {"title": movie.title, "published": movie.published}
    movie.before_deletion = {
        "slug": slug_release(movie),
        "kind": movie.kind,
        "season": str(movie.season_id) if movie.season_id else None,
        "episode_number": movie.episode_number,
    }
    movie.deleted_at = now
    movie.published = movie.publish_when_ready = False
    movie.publish_at = None
    if movie.season_id:
        # The number is free for another episode, and an empty season can be deleted.
        movie.kind = MovieKind.FILM
        movie.season = None
        movie.episode_number = None
    movie.save()
    audit_write("movie.delete", movie, old=old)
    emit(MovieTermsChanged(movie_id=movie.pk))
    return movie


@transaction.atomic
def movie_restore(movie_id: UUID) -> Movie:
    """Restore a deleted film as a draft, at its old address and position where these are free.

    Raises:
        NotFound: no deleted film has this id.
    """
    movie = movies_deleted().select_for_update(of=("self",)).filter(pk=movie_id).first()
    if movie is None:
        raise NotFound("There is no such deleted film.")
    before = movie.before_deletion
    movie.before_deletion = {}
    movie.deleted_at = None
    season = Season.objects.filter(pk=before["season"]).first() if before["season"] else None
    number = before["episode_number"]
    if season and not season.episodes.filter(episode_number=number).exists():
        movie.kind = MovieKind.EPISODE
        movie.season = season
        movie.episode_number = number
    movie.save()
    slug_reclaim(movie, before["slug"])
    audit_write("movie.restore", movie, new={"title": movie.title, "slug": movie.slug})
    return movie


def movies_deleted() -> QuerySet[Movie]:
    """Return deleted films that can still be restored."""
    return Movie.every.filter(deleted_at__isnull=False)


def movies_remove_due(*, now: datetime) -> int:
    """Remove films deleted long enough ago; return how many."""
    due = movies_deleted().filter(deleted_at__lte=now - settings.DELETED_FILMS_KEPT)
    ids = list(due.order_by("deleted_at").values_list("pk", flat=True)[:REMOVED_AT_ONCE])
    with opened(RequestContext()):  # the clock removes it, so the audit log names no person
        return sum(movie_remove(movie_id) for movie_id in ids)


@transaction.atomic
def movie_remove(movie_id: UUID) -> bool:
    """Remove a deleted film with everything about it; its objects in storage follow.

    Returns False when it was restored or removed in the meantime.
    """
    locked = movies_deleted().select_for_update(of=("self",), skip_locked=True)
    movie = locked.filter(pk=movie_id).first()
    if movie is None:
        return False
    emit(MovieDeleted(movie_id=movie.pk))
    audit_write("movie.remove", movie, old={"title": movie.title})
    slugs_forget(movie)
    movie.delete()
    return True
