"""Pagination: by cursor (`{"results", "next", "previous"}`), and by page number for staff.

`limit` is 1 to 100, 20 by default. Pages for staff also have a `count`.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.encoding import escape_uri_path
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from kushfilms.core.db.keyset import KeysetList, Page, keyset_lines, keyset_page, keyset_slice
from kushfilms.core.errors import InvalidInput


def _whole(request: Request, name: str, *, default: int, most: int) -> int:
    """Return a parameter that is a whole number from 1 to `most`. Raises InvalidInput."""
    value = request.query_params.get(name)
    if value is None:
        return default
    is_whole = value.isascii() and value.isdigit() and len(value) <= len(str(most))
    if not (is_whole and 1 <= int(value) <= most):
        fault = f"Use a whole number from 1 to {most}."
        raise InvalidInput(f"{name} is not valid.", fields={name: [fault]})
    return int(value)


def limit_of(request: Request, *, default: int = 20, most: int = 100) -> int:
    """Return the requested page length. Raises InvalidInput."""
    return _whole(request, "limit", default=default, most=most)


# Parameters that may change between pages: the length, and the ordering, which a cursor binds
# by itself.
FREE_OF_SCOPE = {"cursor", "limit", "sort"}


def cursor_scope(path: str, query: Mapping[str, str]) -> str:
    """Return the list a cursor belongs to: its path and its filters, sorted."""
    narrowing = sorted((k, v) for k, v in query.items() if v and k not in FREE_OF_SCOPE)
    return f"{path}?{urlencode(narrowing)}"


class LimitedCursorPagination(BasePagination):
    """Pagination by cursor, in the order of the view's `get_ordering()`.

    The ordering must end in a unique column.
    """

    page_size = 20
    max_page_size = 100

    def paginate_queryset(  # type: ignore[override]  # a keyset needs a queryset
        self, queryset: QuerySet[Any], request: Request, view: APIView | None = None
    ) -> list[Any]:
        ordering: Sequence[str] = view.get_ordering()  # type: ignore[union-attr]
        self.page: Page[Any] = keyset_page(queryset, ordering=ordering, **self._position(request))
        return self.page.rows

    def paginate_ids(
        self, queryset: QuerySet[Any], request: Request, *, ordering: Sequence[str]
    ) -> list[str]:
        """Return the ids on a page, for a list whose rows are written from memory."""
        self.page = keyset_lines(queryset, ordering=ordering, **self._position(request))
        return [row.id for row in self.page.rows]

    def paginate_keyset(self, listed: KeysetList, request: Request, **values: Any) -> list[Any]:
        """Return a page of plain values; `values` are the arguments of the list's query."""
        self.page = listed.page(**self._position(request), **values)
        return self.page.rows

    def paginate_list(
        self, rows: Sequence[Any], request: Request, *, ordering: Sequence[str]
    ) -> list[Any]:
        """Return a page of a complete list that is in that order."""
        self.page = keyset_slice(rows, ordering=ordering, **self._position(request))
        return self.page.rows

    def _position(self, request: Request) -> dict[str, Any]:
        """Return the requested cursor, length and scope."""
        self.request = request
        return {
            "cursor": request.query_params.get("cursor", ""),
            "limit": self.get_page_size(request),
            "scope": cursor_scope(request.path, request.query_params),
        }

    def get_page_size(self, request: Request) -> int:
        return limit_of(request, default=self.page_size, most=self.max_page_size)

    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            {
                "results": data,
                "next": self._link(self.page.next),
                "previous": self._link(self.page.previous),
            }
        )

    def _link(self, cursor: str | None) -> str | None:
        if cursor is None:
            return None
        given = self.request.query_params.lists()
        kept = [(name, value) for name, values in given for value in values if name != "cursor"]
        here = self.request.build_absolute_uri(escape_uri_path(self.request.path))
        return f"{here}?{urlencode([*kept, ('cursor', cursor)])}"

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["results", "next", "previous"],
            "properties": {"results": schema, "next": link, "previous": link},
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        limit = {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}
        return [
            {"name": "limit", "in": "query", "required": False, "schema": limit},
            {"name": "cursor", "in": "query", "required": False, "schema": {"type": "string"}},
        ]


class NumberedPagination(BasePagination):
    """Pagination for staff: `page` from 1, with a `count`. A page past the end is empty."""

    page_size = 20
    max_page_size = 100
    last_page = 100_000

    def paginate_queryset(  # type: ignore[override]  # counted by the database
        self, queryset: QuerySet[Any], request: Request, view: APIView | None = None
    ) -> list[Any]:
        self.url = request.build_absolute_uri()
        self.limit = _whole(request, "limit", default=self.page_size, most=self.max_page_size)
        self.page = _whole(request, "page", default=1, most=self.last_page)
        self.count = queryset.count()
        begin = (self.page - 1) * self.limit
        return list(queryset[begin : begin + self.limit]) if begin < self.count else []

    def get_paginated_response(self, data: Any) -> Response:
        more = self.page * self.limit < self.count
        return Response(
            {
                "count": self.count,
                "results": data,
                "next": replace_query_param(self.url, "page", self.page + 1) if more else None,
                "previous": replace_query_param(self.url, "page", self.page - 1)
                if self.page > 1
                else None,
            }
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "format": "uri", "nullable": True}
        count = {"type": "integer", "minimum": 0}
        return {
            "type": "object",
            "required": ["count", "results", "next", "previous"],
            "properties": {"count": count, "results": schema, "next": link, "previous": link},
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        limit = {"type": "integer", "minimum": 1, "maximum": self.max_page_size, "default": 20}
        page = {"type": "integer", "minimum": 1, "maximum": self.last_page, "default": 1}
        return [
            {"name": "limit", "in": "query", "required": False, "schema": limit},
            {"name": "page", "in": "query", "required": False, "schema": page},
        ]
