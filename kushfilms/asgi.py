"""ASGI entry point, for granian: the WSGI application behind a front that waits for clients."""

from collections.abc import Iterable

from django.conf import settings

from kushfilms.core.cors import CrossOrigin, cross_origin_headers
from kushfilms.core.db.postgresql.monitor import database_monitor
from kushfilms.core.fast_path.responses import FastResponse
from kushfilms.core.front.application import Front
from kushfilms.core.health import readiness
from kushfilms.core.public_cache import PublicAnswers
from kushfilms.core.public_cache.middleware import StartResponse
from kushfilms.core.public_cache.request_key import Environ
from kushfilms.wsgi import application as wsgi_application
from kushfilms.wsgi import public_answers

# isort: split

# This needs the apps loaded, which the WSGI application does.
from kushfilms.fast_path import fast_path


def from_memory(environ: Environ, start_response: StartResponse) -> Iterable[bytes] | None:
    """Answer a public read from this process's cache, or return None."""
    if not isinstance(public_answers, PublicAnswers):
        return None
    missing: list[bytes] = []
    answer = CrossOrigin(
        lambda environ, start: public_answers.from_memory(environ, start) or missing,
        origins=settings.CORS_ALLOWED_ORIGINS,
    )(environ, start_response)
    return None if answer is missing else answer


async def in_batches(environ: Environ) -> FastResponse | None:
    """Answer a frequent request of a signed-in person, or return None."""
    response = await fast_path.answer(environ)
    if response is not None and settings.CORS_ALLOWED_ORIGINS:
        response.headers = cross_origin_headers(environ, response.headers)
    return response


database_monitor().start()
readiness().report()  # starts the checks, so that the first request finds results
application = Front(
    wsgi_application,
    threads=settings.WEB_THREADS,
    patience_seconds=settings.REQUEST_BODY_SECONDS,
    at_once={"/healthz": lambda: (200, b'{"status":"ok"}'), "/readyz": readiness().report},
    from_memory=from_memory,
    in_batches=in_batches,
)
