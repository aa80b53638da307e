"""From a request's body to values a service can take."""

from typing import Any

from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer


def validated(serializer: type[BaseSerializer[Any]], request: Request) -> dict[str, Any]:
    """The body's values. Raises DRF's ValidationError, a 400 with `fields`."""
    checked = serializer(data=request.data)
    checked.is_valid(raise_exception=True)
    values: dict[str, Any] = checked.validated_data
    return values
