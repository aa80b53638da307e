"""JSON parser with bounds; DRF's own reads bodies of any size and any depth."""

import json
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from kushfilms.core.errors import TooLarge


class LimitedJSONParser(JSONParser):
    """Parser of UTF-8 JSON, whatever the charset header, up to the size that settings allow.

    Raises:
        TooLarge: 413, before the body is in memory.
        ParseError: 400 for everything that is not JSON.
    """

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        limit: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raw = stream.read(limit + 1)
        if len(raw) > limit:
            raise TooLarge(f"Send at most {limit // 1024} KiB of JSON at a time.")
        try:
            return json.loads(raw.decode(), parse_constant=_refuse_constant)
        except RecursionError as exc:
            raise ParseError("This JSON is nested too deeply.") from exc
        except ValueError as exc:
            raise ParseError("This is not valid JSON.") from exc


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
