"""Serializers for the most frequent requests.

DRF copies every field of a serializer for every request, and calls each of them in several steps
for each row. Here those steps are computed once per class; names, order and values are DRF's own.
"""

from collections.abc import Callable
from functools import cache, cached_property
from operator import attrgetter
from typing import Any, ClassVar

from rest_framework import serializers

Step = tuple[str, Callable[[Any], Any], Callable[[Any], Any]]
AS_IT_IS = (serializers.IntegerField, serializers.BooleanField, serializers.CharField)


class LeanSerializer(serializers.Serializer[Any]):
    # Only for output, from objects whose attributes already have the type of their field; no
    # method fields, no write-only fields. A comment, because drf-spectacular would copy a
    # docstring into the description of every subclass.
    _steps: ClassVar[tuple[Step, ...]]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._steps = ()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        steps = type(self)._steps or self._compute_steps()
        return {
            key: None if (value := read(instance)) is None else show(value)
            for key, read, show in steps
        }

    def _compute_steps(self) -> tuple[Step, ...]:
        steps = tuple(
            (name, attrgetter(field.source or name), field_writer(field))
            for name, field in self.fields.items()
        )
        type(self)._steps = steps
        return steps


def field_writer(field: Any) -> Callable[[Any], Any]:
    if type(field) in AS_IT_IS:
        return lambda value: value
    if type(field) is serializers.UUIDField:
        return str
    if type(field) is serializers.ListField and type(field.child) in AS_IT_IS:
        return list
    show: Callable[[Any], Any] = field.to_representation
    return show


class LeanInput(serializers.Serializer[Any]):
    # For flat input of frequent requests: the fields are bound once, to an instance that serves
    # no request, where DRF copies them for each request. So a validator must not use
    # `self.parent` or the context.
    @cached_property
    def fields(self) -> Any:
        return _bound_fields(type(self))


@cache
def _bound_fields(kind: type[serializers.Serializer[Any]]) -> Any:
    return serializers.Serializer.fields.func(kind())  # type: ignore[attr-defined]
