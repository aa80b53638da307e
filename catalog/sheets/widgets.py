"""Conversion between a sheet's cells and the values that the film services take."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from import_export import widgets

from kushfilms.core.text import line_clean


class Text(widgets.Widget):  # type: ignore[misc]  # ships no types
    def clean(self, value: Any, row: Any = None, **_: Any) -> Any:
        return str(value or "").strip()

    def render(self, value: Any, obj: Any = None, **_: Any) -> str:
        return "" if value is None else str(value)


class Line(Text):
    def clean(self, value: Any, row: Any = None, **_: Any) -> str:
        return line_clean(super().clean(value))


class Choice(Text):
    """One value of a fixed list, given in any case by its value or its label."""

    def __init__(self, choices: Iterable[tuple[str, Any]]) -> None:
        super().__init__()
        self.values = [value for value, _ in choices]
        self.by_name = {
            name.upper(): value for value, label in choices for name in (value, str(label))
        }

    def clean(self, value: Any, row: Any = None, **_: Any) -> str:
        name = super().clean(value)
        if name and name.upper() not in self.by_name:
            raise ValueError(f"“{name[:40]}” is not one of {', '.join(self.values)}.")
        return self.by_name.get(name.upper(), "")


class Names(Text):
    """A list separated by |; semicolons and commas are accepted, too."""

    def clean(self, value: Any, row: Any = None, **_: Any) -> list[str]:
        text = str(value or "")
        separator = next((mark for mark in "|;," if mark in text), "|")
        return list(
            dict.fromkeys(line_clean(name) for name in text.split(separator) if name.strip())
        )

    def render(self, value: Any, obj: Any = None, **_: Any) -> str:
        names = value.split(", ") if isinstance(value, str) else value or []
        return " | ".join(name for name in names if name)


class Integer(Text):
    def clean(self, value: Any, row: Any = None, **_: Any) -> int | None:
        text = super().clean(value).removesuffix(".0")  # a spreadsheet's way to write 2024
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) <= 5):
            raise ValueError(f"“{text[:20]}” is not a whole number.")
        return int(text)


class Moment(Text):
    """A date or a time, such as `2026-12-24 18:00`, in the site's zone unless it names another."""

    def clean(self, value: Any, row: Any = None, **_: Any) -> datetime | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            moment = parse_datetime(text)
            day = parse_date(text) if moment is None else None
        except ValueError:
            moment = day = None
        if day is not None:
            moment = datetime(day.year, day.month, day.day)  # noqa: DTZ001  made aware below
        if moment is None:
            raise ValueError(f"“{text[:40]}” is not a date. Write it as 2026-12-24 18:00.")
        aware = moment if timezone.is_aware(moment) else timezone.make_aware(moment)
        return aware.astimezone(UTC)

    def render(self, value: Any, obj: Any = None, **_: Any) -> str:
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S%z}" if value else ""
