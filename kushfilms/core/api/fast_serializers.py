"""Serializers for lists that are asked for all the time.

DRF copies every field of a serializer for every request, and asks each of them step by step for
each row. Here that is worked out once a class; names, order and values are DRF's own.
"""

from collections.abc import Callable
from functools import cache, cached_property
from operator import attrgetter
from typing import Any, ClassVar

from rest_framework import serializers

Step = tuple[str, Callable[[Any], Any], Callable[[Any], Any]]
AS_IT_IS = (serializers.IntegerField, serializers.BooleanField, serializers.CharField)


class LeanSerializer(serializers.Serializer[Any]):
    # Only for output, from objects whose attributes have the type of their field already; without
    # method fields and write-only ones. A comment, for a docstring would stand in the API's
    # description of every class below.
    _steps: ClassVar[tuple[Step, ...]]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._steps = ()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        steps = type(self)._steps or self._work_out()
        return {
            key: None if (value := read(instance)) is None else show(value)
            for key, read, show in steps
        }

    def _work_out(self) -> tuple[Step, ...]:
        steps = tuple(
            (name, attrgetter(field.source or name), field_writer(field))
            for name, field in self.fields.items()
        )
        type(self)._steps = steps
        return steps


def field_writer(field: Any) -> Callable[[Any], Any]:
    if type(field) in AS_IT_IS:
        return _same
    if type(field) is serializers.UUIDField:
        return str
    if type(field) is serializers.ListField and type(field.child) in AS_IT_IS:
        return list
    show: Callable[[Any], Any] = field.to_representation
    return show


class LeanInput(serializers.Serializer[Any]):
    # For flat input that comes all the time: its fields are bound once, to an instance that is
    # asked nothing, where DRF copies them for each. A validator must not look at `self.parent`
    # or the context.
    @cached_property
    def fields(self) -> Any:
        return _bound_fields(type(self))


@cache
def _bound_fields(kind: type[serializers.Serializer[Any]]) -> Any:
    return serializers.Serializer.fields.func(kind())  # type: ignore[attr-defined]


def _same(value: Any) -> Any:
    return value
