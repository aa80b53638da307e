"""The fast path: its routes, and the way of a request through one."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from kushfilms.core.context import COUNTED
from kushfilms.core.errors import Denied
from kushfilms.core.fast_path.batches import Batches
from kushfilms.core.fast_path.requests import Environ, FastRequest, read_request
from kushfilms.core.fast_path.responses import FastResponse, json_response

Person = TypeVar("Person")
Answer = bytes | Denied | None


@dataclass(frozen=True)
class Route(Generic[Person]):
    """An endpoint. `path` has one group, `reference`, or none.

    `answer` gets the requests of a batch with their people and returns a JSON body for each, a
    refusal, or None for one that Django has to answer. `allow` is the endpoint's `Allow` header.
    """

    method: str
    path: str
    scope: str
    allow: str
    answer: Callable[[list[tuple[FastRequest, Person]]], list[Answer]]


Work = Batches[FastRequest, FastResponse]
Found = tuple[FastRequest, Route[Person], Work]


class FastPath(Generic[Person]):
    """Answers requests of its routes.

    `identify` returns the signed-in person of each request, counted in the route's rate limit, or
    None for a request that Django has to answer.
    """

    def __init__(
        self,
        routes: Iterable[Route[Person]],
        *,
        identify: Callable[[list[FastRequest], str], list[Person | None]],
    ) -> None:
        self._identify = identify
        self._routes: list[tuple[Route[Person], re.Pattern[str], Work]] = [
            (route, re.compile(route.path), Batches(partial(self.answers, route), name=route.path))
            for route in routes
        ]

    async def answer(self, environ: Environ) -> FastResponse | None:
        """Return the response, or None for a request that Django has to answer."""
        found = self._find(environ)
        if found is None:
            return None
        request, _, batches = found
        response = await batches.result_of(request)
        if response is None and request.counted:
            environ[COUNTED] = request.counted
        return response

    def answer_alone(self, environ: Environ) -> FastResponse | None:
        """Return what `answer` returns, in the thread of the caller."""
        found = self._find(environ)
        if found is None:
            return None
        request, route, _ = found
        [response] = self.answers(route, [request])
        if response is None and request.counted:
            environ[COUNTED] = request.counted
        return response

    def _find(self, environ: Environ) -> Found[Person] | None:
        if "HTTP_AUTHORIZATION" not in environ and "HTTP_COOKIE" not in environ:
            return None
        for route, path, batches in self._routes:
            if environ["REQUEST_METHOD"] != route.method:
                continue
            if match := path.fullmatch(environ["PATH_INFO"]):
                request = read_request(environ, match[1] if match.lastindex else "")
                return (request, route, batches) if request else None
        return None

    def answers(
        self, route: Route[Person], requests: list[FastRequest]
    ) -> list[FastResponse | None]:
        """Return the response of each request, or None where Django has to answer."""
        people = self._identify(requests, route.scope)
        asked = [
            (place, request, person)
            for place, (request, person) in enumerate(zip(requests, people, strict=True))
            if person is not None
        ]
        answers: list[FastResponse | None] = [None] * len(requests)
        bodies = _bodies(route, [(request, person) for _, request, person in asked])
        for (place, request, _), body in zip(asked, bodies, strict=True):
            if body is not None:
                answers[place] = json_response(request, body, allow=route.allow)
        return answers


def _bodies(route: Route[Person], asked: list[tuple[FastRequest, Person]]) -> list[Answer]:
    """Return the bodies of a batch; where it fails, each request is answered alone.

    One request whose film was just deleted must not fail the others.
    """
    try:
        return route.answer(asked) if asked else []
    except Exception:  # noqa: BLE001  whatever it is, Django meets and reports it
        if len(asked) == 1:
            return [None]
        return [_bodies(route, [one])[0] for one in asked]
