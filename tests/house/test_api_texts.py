"""Texts of the OpenAPI description, written for developers of clients."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator

LONGEST_SUMMARY = 60
# Modules, classes and decorators of ours, which mean nothing to a client's developer.
INTERNALS = re.compile(
    r"\b(?:accounts|billing|catalog|streaming|kushfilms)\.\w+|\w+\.py\b|\b[A-Z][a-z]+[A-Z]\w+View\b"
    r"|role matrix|kept_in_memory|PublicRead|queryset|serializer",
)
Operation = dict[str, Any]


@pytest.fixture(scope="module")
def operations() -> dict[str, Operation]:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    return dict(_operations(schema))


def _operations(schema: dict[str, Any]) -> Iterator[tuple[str, Operation]]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            if isinstance(operation, dict) and "responses" in operation:
                yield f"{method.upper()} {path}", operation


def test_every_operation_has_a_short_summary(operations: dict[str, Operation]) -> None:
    assert len(operations) > 100
    without = [
        name
        for name, operation in operations.items()
        if not 0 < len(operation.get("summary", "")) <= LONGEST_SUMMARY
    ]
    assert without == []


def test_every_operation_is_described(operations: dict[str, Operation]) -> None:
    assert [name for name, one in operations.items() if not one.get("description")] == []


def test_summaries_tell_operations_apart(operations: dict[str, Operation]) -> None:
    summaries = [operation["summary"] for operation in operations.values()]
    assert sorted({text for text in summaries if summaries.count(text) > 1}) == []


def test_no_text_names_internals(operations: dict[str, Operation]) -> None:
    leaks = {
        name: found[0]
        for name, operation in operations.items()
        for text in (operation.get("summary", ""), operation.get("description", ""))
        if (found := INTERNALS.findall(text))
    }
    assert leaks == {}
