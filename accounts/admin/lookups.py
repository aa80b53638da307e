"""URL parameters that may filter an admin list."""

from collections.abc import Iterator
from typing import Any

from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.http import HttpRequest

SEPARATOR = "__"
# Comparisons that Django's own filters write into a URL; patterns are not among them.
COMPARISONS = frozenset(
    {"exact", "in", "isnull", "isempty", "gt", "gte", "lt", "lte", "year", "month", "day"}
)


def lookup_offered(
    model_admin: "ModelAdmin[Any]", lookup: str, request: HttpRequest | None
) -> bool:
    """Return whether `list_filter` or `date_hierarchy` offers this parameter of the list's URL."""
    if lookup in _parameters(model_admin, request):
        return True
    return any(lookup == path or _compares(lookup, path) for path in _paths(model_admin, request))


def _compares(lookup: str, path: str) -> bool:
    """Return whether the lookup is the path, optionally to a related key, with a comparison."""
    head, _, comparison = lookup.rpartition(SEPARATOR)
    return comparison in COMPARISONS and head in {path, f"{path}__id", f"{path}__pk"}


def _parameters(model_admin: "ModelAdmin[Any]", request: HttpRequest | None) -> set[str]:
    """Return the parameter names of filters with their own parameter."""
    return {
        str(item.parameter_name)
        for item in _filters(model_admin, request)
        if isinstance(item, type) and issubclass(item, SimpleListFilter)
    }


def _paths(model_admin: "ModelAdmin[Any]", request: HttpRequest | None) -> Iterator[str]:
    """Yield the paths of the columns that the list offers as filters."""
    if model_admin.date_hierarchy:
        yield str(model_admin.date_hierarchy)
    for item in _filters(model_admin, request):
        path = item[0] if isinstance(item, list | tuple) else item
        if isinstance(path, str):
            yield path


def _filters(model_admin: "ModelAdmin[Any]", request: HttpRequest | None) -> list[Any]:
    if request is None:
        return list(model_admin.list_filter)
    return list(model_admin.get_list_filter(request))
