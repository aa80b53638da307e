"""Cards of films in memory: in every list, and for every viewer, a film's card is the same.

The cards are written from plain values, at a fifth of what a serializer over models costs.
"""

from collections.abc import Collection, Sequence
from typing import Any

from orjson import Fragment
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.serializers import MovieCard
from catalog.models import Movie
from kushfilms.core.api.pagination import LimitedCursorPagination
from kushfilms.core.api.plain_values import ValuesWriter
from kushfilms.core.api.public_read import PublicRead
from kushfilms.core.api.renderers import json_bytes
from kushfilms.core.api.throttles import limited
from kushfilms.core.db.keyset import KeysetList
from kushfilms.core.public_cache import Memo

write_card = ValuesWriter(MovieCard)


def cards_of(ids: Collection[str]) -> dict[str, Fragment]:
    """Return JSON cards by film id, for ids as a `KeysetList` gives them.

    Deleted films are left out. The caller decides who may see a film.
    """
    return {film_id: Fragment(card) for film_id, card in _CARDS.get(ids).items()}


def _load(ids: Collection[str]) -> dict[str, bytes]:
    films = Movie.objects.filter(pk__in=ids).values(*write_card.columns)
    return {str(film["id"]): json_bytes(write_card(film)) for film in films}


_CARDS: Memo[str, bytes] = Memo(_load, tags=lambda film_id, _card: (film_id,))


class CardListView(PublicRead, ListAPIView[Movie]):
    # No docstring, as in `PublicRead`. A list of cards, of which the database reads only the ids.
    serializer_class = MovieCard
    pagination_class = LimitedCursorPagination
    kept_in_memory = True
    throttle_classes = [limited("movies")]

    def get_ordering(self) -> Sequence[str]:
        raise NotImplementedError

    def compiled(self) -> tuple[KeysetList, dict[str, Any]] | None:
        """Return the list and its values where it is one that is compiled once."""
        return None

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        pages = LimitedCursorPagination()
        if compiled := self.compiled():
            films, values = compiled
            ids = [row.id for row in pages.paginate_keyset(films, request, **values)]
        else:
            narrowed = self.filter_queryset(self.get_queryset())
            ids = pages.paginate_ids(narrowed, request, ordering=self.get_ordering())
        cards = cards_of(ids)
        return pages.get_paginated_response([cards[film] for film in ids if film in cards])
