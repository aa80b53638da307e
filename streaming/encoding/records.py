"""Frozen dataclasses that survive a JSON column: fractions travel as "24000/1001"."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Hashable, Mapping
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any, Self

Json = dict[str, Any]


class Record:
    """Base of the engine's dataclasses: `to_json` and `from_json` are exact inverses."""

    def to_json(self) -> Json:
        fields = dataclasses.fields(typing.cast(Any, self))
        return {field.name: _dump(getattr(self, field.name)) for field in fields}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Raise KeyError or ValueError when `data` was not made by `to_json` of this class.

        A field with a default may be missing: a plan that was stored before the field existed is
        still read, because subtitles are added to films that were encoded years ago.
        """
        hints = _hints(typing.cast(Hashable, cls))
        optional = _optional(typing.cast(Hashable, cls))
        return cls(
            **{
                name: _load(kind, data[name])
                for name, kind in hints.items()
                if name in data or name not in optional
            }
        )


@cache
def _hints(cls: Any) -> dict[str, Any]:
    names = {field.name for field in dataclasses.fields(typing.cast(Any, cls))}
    return {name: kind for name, kind in typing.get_type_hints(cls).items() if name in names}


@cache
def _optional(cls: Any) -> frozenset[str]:
    missing = dataclasses.MISSING
    return frozenset(
        field.name
        for field in dataclasses.fields(typing.cast(Any, cls))
        if field.default is not missing or field.default_factory is not missing
    )


def _dump(value: object) -> Any:
    if isinstance(value, Record):
        return value.to_json()
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_dump(item) for item in value]
    return value


def _load(kind: Any, value: Any) -> Any:
    origin = typing.get_origin(kind)
    if origin in (types.UnionType, typing.Union):
        if value is None:
            return None
        return _load(next(arg for arg in typing.get_args(kind) if arg is not type(None)), value)
    if origin is tuple:
        args = typing.get_args(kind)
        kinds = args[:1] * len(value) if len(args) == 2 and args[1] is Ellipsis else args
        return tuple(_load(arg, item) for arg, item in zip(kinds, value, strict=True))
    if isinstance(kind, type) and issubclass(kind, Record):
        return kind.from_json(value)
    if isinstance(kind, type) and issubclass(kind, (Fraction, Enum, float)):
        return kind(value)
    return value
