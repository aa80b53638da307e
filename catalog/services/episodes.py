"""Positions of films in a season. Every change locks the season's row."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max

from accounts.services.audit import audit_write
from catalog.models import Movie, MovieKind, Season
from catalog.services.edits import row_lock
from kushfilms.core.errors import InvalidInput, WrongState

LAST_NUMBER = 9999
# Numbers are unique at every moment, so renumbering starts by moving all of them up here.
ASIDE = 20_000


@transaction.atomic
def episode_assign(movie: Movie, *, season: Season, number: int | None = None) -> Movie:
    """Put a film into a season, or move it; without a number after the last episode.

    Raises:
        InvalidInput: the number is out of range.
        NotFound: the season or the film was deleted.
        WrongState: `episode_taken`.
    """
    season = row_lock(season, what="season")
    movie = row_lock(movie, what="film")
    others = season.episodes.exclude(pk=movie.pk)
    if number is None:
        number = (others.aggregate(last=Max("episode_number"))["last"] or 0) + 1
    if not 0 <= number <= LAST_NUMBER:
        fault = f"A whole number from 0 to {LAST_NUMBER}."
        raise InvalidInput("Check the marked fields.", fields={"number": [fault]})
    if holder := others.filter(episode_number=number).first():
        message = f"Episode {number} is “{holder.title}” already. Move that one first."
        raise WrongState(message, code="episode_taken")
    return _position_set(movie, kind=MovieKind.EPISODE, season=season, number=number)


@transaction.atomic
def episode_remove(movie: Movie, *, kind: MovieKind = MovieKind.FILM) -> Movie:
    """Take a film out of its season, as a film or a short. Raises InvalidInput, NotFound."""
    if kind == MovieKind.EPISODE:
        fault = "An episode belongs to a season: name the season."
        raise InvalidInput(fault, fields={"season": [fault]})
    return _position_set(row_lock(movie, what="film"), kind=kind, season=None, number=None)


def _position_set(
    movie: Movie, *, kind: MovieKind, season: Season | None, number: int | None
) -> Movie:
    old = _position(movie)
    movie.kind = kind
    movie.season = season
    movie.episode_number = number
    if _position(movie) != old:
        fields = ["kind", "season", "episode_number", "updated_at"]
        movie.save(update_fields=fields)
        audit_write("movie.place", movie, old=old, new=_position(movie))
    return movie


def _position(movie: Movie) -> dict[str, object]:
    return {"kind": movie.kind, "season": movie.season_id, "episode": movie.episode_number}


@transaction.atomic
def episodes_order(season: Season, *, movie_ids: Sequence[UUID]) -> None:
    """Renumber all episodes of a season 1, 2, 3… in this order.

    Raises:
        InvalidInput: an episode is missing, named twice, or of another season.
    """
    season = row_lock(season, what="season")
    current = list(season.episodes.order_by("episode_number").values_list("pk", flat=True))
    if len(movie_ids) != len(current) or set(movie_ids) != set(current):
        fault = "List every episode of the season once. Reload the page and try again."
        raise InvalidInput(fault, fields={"movieIds": [fault]})
    if list(movie_ids) == current:
        last = season.episodes.aggregate(last=Max("episode_number"))["last"] or 0
        if last == len(current):
            return
    season.episodes.update(episode_number=F("episode_number") + ASIDE)
    for number, movie_id in enumerate(movie_ids, start=1):
        Movie.objects.filter(pk=movie_id).update(episode_number=number)
    audit_write(
        "season.order", season, old={"episodes": current}, new={"episodes": list(movie_ids)}
    )
