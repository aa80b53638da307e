"""Cached values as JSON, which unlike a pickle cannot run code when it is read."""

from typing import Any

import orjson
from django_redis.serializers.base import BaseSerializer


class JSONSerializer(BaseSerializer):  # type: ignore[misc]  # django-redis ships no types
    """Serializer of cached values; dataclasses, UUIDs, datetimes and enums become plain JSON.

    The reader gets a dictionary or a string back and converts it.
    """

    def dumps(self, value: Any) -> bytes:
        """Return the JSON. Raises TypeError for a type that has no JSON form."""
        return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS)

    def loads(self, value: bytes) -> Any:
        """Return the value; None, a miss, for other bytes, such as those of an older release."""
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError:
            return None
