"""JSON as DRF writes it, by a compiled library.

With DRF's own encoder, writing twenty cards cost as much as finding them.
"""

from collections.abc import Mapping
from typing import Any

import orjson
from rest_framework import renderers
from rest_framework.utils.encoders import JSONEncoder

# A moment in UTC ends in Z. Types that orjson does not know are written as DRF writes them.
OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_PASSTHROUGH_DATACLASS
_other = JSONEncoder().default


def json_bytes(data: Any) -> bytes:
    """Return the JSON of a value. Raises TypeError for other types, or invalid Unicode."""
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
