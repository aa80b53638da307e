"""Validation of a request's body or query string."""

from typing import Any

from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer


def validated(serializer: type[BaseSerializer[Any]], request: Request) -> dict[str, Any]:
    """Return the body's values. Raises DRF's ValidationError, a 400 with `fields`."""
    return _values(serializer(data=request.data))


def validated_query(serializer: type[BaseSerializer[Any]], request: Request) -> dict[str, Any]:
    """Return the query string's values. Raises DRF's ValidationError, a 400 with `fields`."""
    return _values(serializer(data=request.query_params.dict()))


def _values(serializer: BaseSerializer[Any]) -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    values: dict[str, Any] = serializer.validated_data
    return values
