"""Search results in JSON, written from plain values at a tenth of what `FoundMovie` costs."""

from typing import Any

from catalog.api.cards import write_card
from catalog.api.serializers import EpisodePosition
from catalog.selectors.search import BEST, STAND_IN, STAND_INS, movies_by_query
from kushfilms.core.api.plain_values import ValuesWriter
from kushfilms.core.db.keyset import KeysetList

write_position = ValuesWriter(EpisodePosition)
COLUMNS = (*write_card.columns, *write_position.columns, "score")
SEARCH_RESULTS = KeysetList(
    movies_by_query, columns=COLUMNS, ordering=BEST, best=STAND_IN.best, **STAND_INS
)


def search_result_json(row: tuple[Any, ...]) -> dict[str, Any]:
    """Return what `FoundMovie` writes, from a row of `SEARCH_RESULTS`."""
    values = dict(zip(COLUMNS, row, strict=True))
    is_episode = values["season__series__id"] is not None
    return {**write_card(values), "series": write_position(values) if is_episode else None}
