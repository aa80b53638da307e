"""Test clients whose requests take the fast path, as in production, or Django's way alone."""

import io
from collections.abc import Callable
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.test.client import ClientHandler

from accounts.auth.principal import principal_get
from accounts.auth.tokens import read_access
from kushfilms.core.errors import NotSignedIn
from kushfilms.core.fast_path.responses import FastResponse
from kushfilms.fast_path import fast_path

Environ = dict[str, Any]
WAYS = ("Django", "fast path")


def fast_first(django: Callable[[ClientHandler, Environ], Any], answered: list[str]) -> Any:
    """Return `ClientHandler.__call__` that tries the fast path before `django`.

    `answered` gets the path of each request that the fast path answered.
    """

    def call(handler: ClientHandler, environ: Environ) -> Any:
        served = as_served(environ)
        response = fast_answer(served)
        if response is None:
            return django(handler, {**served, "HTTP_COOKIE": environ.get("HTTP_COOKIE", "")})
        answered.append(environ["PATH_INFO"])
        result = HttpResponse(response.body, status=response.status, headers=dict(response.headers))
        result.wsgi_request = WSGIRequest(environ)  # type: ignore[attr-defined]  # the client's
        return result

    return call


def as_served(environ: Environ) -> Environ:
    """Return the environ as a server makes it: a body that can be rewound, no empty cookie."""
    body = environ["wsgi.input"].read()
    served = {"HTTP_HOST": "testserver", **environ, "wsgi.input": io.BytesIO(body)}
    if not served.get("HTTP_COOKIE"):
        served.pop("HTTP_COOKIE", None)
    return served


def fast_answer(environ: Environ) -> FastResponse | None:
    """Return the fast path's response; the person's principal is cached first."""
    try:
        claims = read_access(environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer "))
    except NotSignedIn:
        return fast_path.answer_alone(environ)
    principal_get(claims.session_id)
    return fast_path.answer_alone(environ)
