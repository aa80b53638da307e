"""URL parameters that may filter an admin list."""

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
    filters = list(
        model_admin.list_filter if request is None else model_admin.get_list_filter(request)
    )
    paths = [str(model_admin.date_hierarchy)] if model_admin.date_hierarchy else []
    for item in filters:
        if isinstance(item, type) and issubclass(item, SimpleListFilter):
            if str(item.parameter_name) == lookup:
                return True
            continue
        path = item[0] if isinstance(item, list | tuple) else item
        if isinstance(path, str):
            paths.append(path)
    # A filtered column, optionally the key of a related one, with a comparison.
    head, _, comparison = lookup.rpartition(SEPARATOR)
    with_comparison = comparison in COMPARISONS
    return any(
        lookup == path or (with_comparison and head in {path, f"{path}__id", f"{path}__pk"})
        for path in paths
    )
