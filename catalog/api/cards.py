"""Cards of films for lists that are one viewer's: the row is theirs, the card everybody's."""

from collections.abc import Collection

from orjson import Fragment

from catalog.api.serializers import MovieCard
from catalog.models import Movie
from catalog.selectors.kept import CARD
from kushfilms.core.api.renderers import json_bytes
from kushfilms.core.public_cache import Remembered


def _load(ids: Collection[str]) -> dict[str, Fragment]:
    films = Movie.objects.filter(pk__in=ids).select_related("category").only(*CARD)
    return {str(film.pk): Fragment(json_bytes(MovieCard(film).data)) for film in films}


_CARDS = Remembered(_load, most=20_000)


def cards_of(ids: Collection[str]) -> dict[str, Fragment]:
    """As JSON, by film, of ids as a `KeysetList` has them; without what is gone. For lists that
    ask themselves who may see what.
    """
    return _CARDS.get(ids)
