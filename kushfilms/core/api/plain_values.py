"""Serializer output written from plain column values.

`QuerySet.values()` is several times cheaper than model instances. The writer is derived from the
fields of the serializer, so both write the same.
"""

from collections.abc import Callable, Collection, Mapping
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
    is. Fields `besides` are written as null, for the caller to fill in.
    """

    def __init__(
        self, serializer: type[serializers.BaseSerializer[Any]], *, besides: Collection[str] = ()
    ) -> None:
        self.columns: list[str] = []
        self._besides = besides
        self._steps = self._steps_of(serializer(), prefix="")

    def __call__(self, values: Values) -> dict[str, Any]:
        return {key: write(values) for key, write in self._steps}

    def _steps_of(self, serializer: Any, *, prefix: str) -> list[tuple[str, Callable[..., Any]]]:
        return [
            (name, self._step(field, prefix + (field.source or name).replace(".", "__")))
            for name, field in serializer.fields.items()
        ]

    def _step(self, field: Any, column: str) -> Callable[[Values], Any]:
        if field.field_name in self._besides:
            return lambda values: None
        if isinstance(field, serializers.Serializer):
            steps = self._steps_of(field, prefix=f"{column}__")
            read_id = itemgetter(f"{column}__id")
            return lambda values: (
                None if read_id(values) is None else {key: write(values) for key, write in steps}
            )
        if isinstance(field, PictureURLField):
            key_column = f"{column.removesuffix('_url')}_key"
            self.columns.append(key_column)
            read_key = itemgetter(key_column)
            return lambda values: (
                None if (key := read_key(values)) is None else absolute_url(public_url(key))
            )
        show = field_writer(field)
        self.columns.append(column)
        read = itemgetter(column)
        return lambda values: None if (value := read(values)) is None else show(value)
