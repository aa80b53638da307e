"""Lists that scroll: `{"results", "next", "previous"}` by cursor, `limit` 1-100, default 20."""

from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response


class LimitedCursorPagination(CursorPagination):
    """The ordering comes from the view's `ordering` and must end in a unique column."""

    page_size = 20
    page_size_query_param = "limit"
    max_page_size = 100

    def get_page_size(self, request: Request) -> int:
        asked = request.query_params.get("limit")
        if asked is None:
            return self.page_size
        if not (asked.isascii() and asked.isdigit() and len(asked) < 4):
            raise ValidationError({"limit": ["A whole number from 1 to 100."]})
        limit = int(asked)
        if not 1 <= limit <= self.max_page_size:
            raise ValidationError({"limit": ["A whole number from 1 to 100."]})
        return limit

    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            {"results": data, "next": self.get_next_link(), "previous": self.get_previous_link()}
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["results", "next", "previous"],
            "properties": {"results": schema, "next": link, "previous": link},
        }
