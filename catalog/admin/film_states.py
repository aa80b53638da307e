"""The state of films in words. Streaming registers what it knows of their videos."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from django.utils import timezone

from catalog.models import Movie

Look = Callable[[Sequence[UUID]], Mapping[UUID, str]]
_looks: list[Look] = []


def video_states(look: Look) -> Look:
    """Register a function that returns the state of the videos of films that have one."""
    _looks.append(look)
    return look


def states_of(movies: Sequence[Movie], *, down: set[UUID]) -> dict[UUID, str]:
    """Return the states of films with one query. `down` are the films under an accepted claim."""
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
        return "Taken down"
    if movie.published:
        return "Live" if movie.playable else "Published, no video"
    if doing:
        return doing
    if movie.publish_at:
        moment = timezone.localtime(movie.publish_at)
        return f"Scheduled for {moment:%-d %b %Y, %H:%M}"
    return "Ready, not published" if movie.playable else "Draft"
