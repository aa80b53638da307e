"""JSON as DRF writes it, by a compiled library: to write twenty cards cost as much as to find
them."""

from collections.abc import Mapping
from typing import Any

import orjson
from rest_framework import renderers
from rest_framework.utils.encoders import JSONEncoder

# A moment in UTC ends in Z; what else orjson has no opinion of is written as DRF does.
OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_PASSTHROUGH_DATACLASS
_other = JSONEncoder().default


def json_bytes(data: Any) -> bytes:
    """Raises TypeError: not JSON, or a text that is not Unicode."""
    return orjson.dumps(data, default=_other, option=OPTIONS)


class FastJSONRenderer(renderers.JSONRenderer):
    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        if data is None:
            return b""
        return json_bytes(data)
