"""Notifications of new films to followers: one for each film and follower, ever.

Every publication requests the fan-out, whose key is the film, so it happens once. Its audience are
those who followed before the film's first publication, so a film that returns after a year is no
news to later followers. A film that is unpublished before the fan-out began is announced when it is
published again.
"""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import NotificationType, User
from accounts.services.bulk_notifications import audience_kind, notification_fan_out
from catalog.models import Follow, Movie
from kushfilms.core.jobs import Payload

AUDIENCE = "followers_of_film"


def followers_notify(movie_id: UUID) -> None:
    """Request the fan-out. Call it in the transaction that publishes."""
    movie = Movie.objects.select_related("season__series").get(pk=movie_id)
    if not _follows(movie).exists():
        return
    series = movie.season.series if movie.season else None
    name = f"{series.title}: {movie.title}" if series else movie.title
    notification_fan_out(
        AUDIENCE,
        key=f"film:{movie.pk}",
        kind=NotificationType.NEW_CONTENT,
        title=f"New: {name}",
        message=f"“{name}” is on Kush Films now.",
        action_url=f"/movies/{movie.slug}",
        metadata={"movieId": str(movie.pk)},
        about={"movie": str(movie.pk)},
    )


@audience_kind(AUDIENCE)
def followers(about: Payload) -> QuerySet[User]:
    """Return the audience; empty once the film is deleted or unpublished."""
    movie = Movie.objects.filter(pk=about["movie"], published=True).first()
    if movie is None:
        return User.objects.none()
    return User.objects.filter(Exists(_follows(movie).filter(user=OuterRef("pk"))))


def _follows(movie: Movie) -> QuerySet[Follow]:
    series = movie.season.series_id if movie.season else None
    of_film = Q(person__credits__movie=movie)
    if series:
        of_film |= Q(series=series)
    if movie.category_id:
        of_film |= Q(category=movie.category_id)
    return Follow.objects.filter(of_film, created_at__lte=movie.published_at)
