"""`users/history` in batches (`kushfilms.core.fast_path`)."""

from collections.abc import Sequence

from accounts.auth.principal import Principal
from catalog.api.cards import cards_of
from catalog.api.history import history_json
from catalog.selectors.history import histories_begin
from kushfilms.core.api.pagination import LimitedCursorPagination, cursor_scope, page_json
from kushfilms.core.api.renderers import json_bytes
from kushfilms.core.fast_path.requests import FastRequest
from kushfilms.core.fast_path.routes import Answer, Route

PATH = "/api/v1/users/history"
SCOPE = cursor_scope(PATH, {})


def history_answers(asked: Sequence[tuple[FastRequest, Principal]]) -> list[Answer]:
    """Return the first page of each person's history."""
    people = [person.user_id for _, person in asked]
    limit = LimitedCursorPagination.page_size
    pages = histories_begin(people, limit=limit, scope=SCOPE)
    cards = cards_of({row.movie_id for page in pages for row in page.rows})
    return [
        json_bytes(page_json(history_json(page.rows, cards), page, url=request.absolute(PATH)))
        for (request, _), page in zip(asked, pages, strict=True)
    ]


ROUTES = [Route("GET", PATH, "signed_in", "GET, DELETE, HEAD, OPTIONS", history_answers)]
