"""What a film is, in words. Streaming says what its video is doing: catalogue has no videos."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from django.utils import timezone

from catalog.models import Movie

Look = Callable[[Sequence[UUID]], Mapping[UUID, str]]
_looks: list[Look] = []


def video_states(look: Look) -> Look:
    """Decorator: this function knows what the videos of some films are doing, if anything."""
    _looks.append(look)
    return look


def states_of(movies: Sequence[Movie], *, down: set[UUID]) -> dict[UUID, str]:
    """One query however many films there are. `down`: those under an accepted claim."""
    ids = [movie.pk for movie in movies]
    doing: dict[UUID, str] = {}
    for look in _looks:
        doing |= look(ids)
    return {
        movie.pk: state_of(movie, down=movie.pk in down, doing=doing.get(movie.pk, ""))
        for movie in movies
    }


def state_of(movie: Movie, *, down: bool, doing: str) -> str:
    if movie.deleted_at:
        return f"Deleted on {timezone.localtime(movie.deleted_at):%-d %b %Y}"
    if down:
        return "Down"
    if movie.published:
        return "Live" if movie.playable else "Published, without a video"
    if doing:
        return doing
    if movie.publish_at:
        moment = timezone.localtime(movie.publish_at)
        return f"Scheduled for {moment:%-d %b %Y, %H:%M}"
    return "Ready, not published" if movie.playable else "Draft"
