"""Serializer output written from plain column values.

`QuerySet.values()` is several times cheaper than model instances. The writer is derived from the
fields of the serializer, so both write the same.
"""

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any

from rest_framework import serializers

from kushfilms.core.api.fast_serializers import field_writer
from kushfilms.core.api.fields import PictureURLField
from kushfilms.core.links import absolute_url
from kushfilms.core.storage import public_url

Values = Mapping[str, Any]


class ValuesWriter:
    """Writes what a serializer without method fields writes, from the values of `columns`.

    A picture's `…_url` is made of its `…_key` column; a nested serializer is null where its `id`
    is.
    """

    def __init__(self, serializer: type[serializers.BaseSerializer[Any]]) -> None:
        self.columns: list[str] = []
        self._steps = self._steps_of(serializer(), prefix="")

    def __call__(self, values: Values) -> dict[str, Any]:
        return {key: write(values) for key, write in self._steps}

    def _steps_of(self, serializer: Any, *, prefix: str) -> list[tuple[str, Callable[..., Any]]]:
        return [
            (name, self._step(field, prefix + (field.source or name).replace(".", "__")))
            for name, field in serializer.fields.items()
        ]

    def _step(self, field: Any, column: str) -> Callable[[Values], Any]:
        if isinstance(field, serializers.Serializer):
            return _nested(self._steps_of(field, prefix=f"{column}__"), f"{column}__id")
        show = field_writer(field)
        if isinstance(field, PictureURLField):
            column = f"{column.removesuffix('_url')}_key"
            show = _picture_address
        self.columns.append(column)
        return _plain(itemgetter(column), show)


def _nested(steps: list[tuple[str, Callable[..., Any]]], id_column: str) -> Callable[..., Any]:
    return lambda values: (
        None if values[id_column] is None else {key: write(values) for key, write in steps}
    )


def _plain(read: Callable[[Values], Any], show: Callable[[Any], Any]) -> Callable[..., Any]:
    return lambda values: None if (value := read(values)) is None else show(value)


def _picture_address(key: str) -> str:
    return absolute_url(public_url(key))
