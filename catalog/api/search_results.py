"""A found film in JSON from plain values: what `FoundMovie` makes of a model, at a tenth of it.

A test holds the two against each other.
"""

from collections.abc import Mapping
from typing import Any

from catalog.api.cards import COLUMNS, card_json
from catalog.selectors.search import BEST, STAND_INS, movies_by_query
from kushfilms.core.db.keyset import KeysetList

SEARCH_COLUMNS = (
    *COLUMNS, "season__series_id", "season__series__title", "season__series__slug",
    "season__number", "episode_number", "score",
)  # fmt: skip
SEARCH_RESULTS = KeysetList(movies_by_query, columns=SEARCH_COLUMNS, ordering=BEST, **STAND_INS)


def found_json(row: tuple[Any, ...]) -> dict[str, Any]:
    film = dict(zip(SEARCH_COLUMNS, row, strict=True))
    return {**card_json(film), "series": _series(film)}


def _series(film: Mapping[str, Any]) -> dict[str, Any] | None:
    if film["season__series_id"] is None:
        return None
    return {
        "id": film["season__series_id"],
        "title": film["season__series__title"],
        "slug": film["season__series__slug"],
        "season": film["season__number"],
        "episode": film["episode_number"],
    }
