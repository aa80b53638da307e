"""Facts about one viewer and one film."""

from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, QuerySet, Subquery

from catalog.models import Comment, Favorite, Movie, Rating, WatchHistory
from kushfilms.core.db.prepared import STAND_IN_ID, Prepared


class ViewerFilm(NamedTuple):
    """A viewer's own part of a film's page. `stars` is 0 without a rating."""

    position: int = 0  # seconds; 0 at the start and after the end
    in_list: bool = False
    stars: int = 0
    review: str = ""
    commented: bool = False


def viewer_film(user_id: UUID, movie_id: UUID) -> ViewerFilm:
    [row] = _FACTS.rows(user_id=user_id, movie_id=movie_id) or [()]
    position, in_list, stars, review, commented = row or ViewerFilm()
    return ViewerFilm(position or 0, in_list, stars or 0, review or "", commented)


def _facts(**row: UUID) -> QuerySet[Movie, tuple[object, ...]]:
    rating = Rating.objects.filter(**row)
    return Movie.objects.filter(pk=row["movie_id"]).values_list(
        Subquery(WatchHistory.objects.filter(**row, completed=False).values("progress")),
        Exists(Favorite.objects.filter(**row)),
        Subquery(rating.values("stars")),
        Subquery(rating.values("review")),
        Exists(Comment.objects.filter(**row, deleted_at=None)),
    )


_FACTS = Prepared(_facts, user_id=STAND_IN_ID, movie_id=UUID(int=STAND_IN_ID.int + 1))
