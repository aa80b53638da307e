"""Context of the current request: its id, client and actor, for logs and the audit log.

Middleware opens it, and authentication fills in the actor. Outside of a request it is empty: the
system itself is acting.
"""

import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from kushfilms.core.request_client import client_address, user_agent

HEADER = "X-Request-Id"
# Key in the environ of `RequestContext.counted`, from a layer in front of Django.
COUNTED = "kushfilms.counted"
ACCEPTED = re.compile(r"[A-Za-z0-9._-]{8,64}")


@dataclass
class RequestContext:
    request_id: str = ""
    ip: str | None = None
    user_agent: str = ""
    actor_id: UUID | None = None
    actor_role: str = ""
    session_id: UUID | None = None  # the sign-in of the request
    # Rate limit windows that this request is already counted in, with their counts.
    counted: dict[str, int] = field(default_factory=dict)


_current: ContextVar[RequestContext | None] = ContextVar("request_context", default=None)


def current() -> RequestContext:
    return _current.get() or RequestContext()


def in_request() -> bool:
    """Return whether a client is waiting for a response."""
    context = _current.get()
    return context is not None and bool(context.request_id)


def actor_is(user_id: UUID, *, role: str, session_id: UUID | None = None) -> None:
    """Set the actor of the request; without an open context this does nothing."""
    if context := _current.get():
        context.actor_id = user_id
        context.actor_role = role
        context.session_id = session_id


@contextmanager
def opened(context: RequestContext) -> Iterator[RequestContext]:
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)


class RequestContextMiddleware:
    """Middleware that opens the context and returns the request id in a header."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        context = RequestContext(
            request_id=given if ACCEPTED.fullmatch(given) else uuid.uuid4().hex,
            ip=client_address(request),
            user_agent=user_agent(request),
            counted=request.META.get(COUNTED, {}),
        )
        with opened(context):
            response = self.get_response(request)
        response[HEADER] = context.request_id
        return response
