"""Cached values as JSON: unlike a pickle, JSON that somebody else wrote can run no code."""

from typing import Any

import orjson
from django_redis.serializers.base import BaseSerializer


class JSONSerializer(BaseSerializer):  # type: ignore[misc]  # django-redis ships no types
    """Dataclasses, UUIDs, moments and enums are written as plain JSON values.

    Whoever caches one reads a dictionary or a text back and converts it.
    """

    def dumps(self, value: Any) -> bytes:
        """Raises TypeError for what JSON has no form of."""
        return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS)

    def loads(self, value: bytes) -> Any:
        """Return the value; None, a miss, for what is no JSON, such as an older release's."""
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError:
            return None
