"""Lists that scroll: `{"results", "next", "previous"}` by cursor, `limit` 1-100, default 20."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Model, QuerySet
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param
from rest_framework.views import APIView

from kushfilms.core.errors import InvalidInput
from kushfilms.core.keyset import Page, keyset_page


class LimitedCursorPagination(BasePagination):
    """The ordering comes from the view's `get_ordering()`, and must end in a unique column."""

    page_size = 20
    max_page_size = 100

    def paginate_queryset(  # type: ignore[override]  # a keyset needs a queryset
        self, queryset: QuerySet[Any], request: Request, view: APIView | None = None
    ) -> list[Any]:
        ordering: Sequence[str] = view.get_ordering()  # type: ignore[union-attr]
        self.url = request.build_absolute_uri()
        self.page: Page[Model] = keyset_page(
            queryset,
            ordering=ordering,
            cursor=request.query_params.get("cursor", ""),
            limit=self.get_page_size(request),
        )
        return self.page.rows

    def get_page_size(self, request: Request) -> int:
        asked = request.query_params.get("limit")
        if asked is None:
            return self.page_size
        whole = asked.isascii() and asked.isdigit() and len(asked) < 4
        if not (whole and 1 <= int(asked) <= self.max_page_size):
            fault = "A whole number from 1 to 100."
            raise InvalidInput("limit cannot be used.", fields={"limit": [fault]})
        return int(asked)

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
        return replace_query_param(remove_query_param(self.url, "cursor"), "cursor", cursor)

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
