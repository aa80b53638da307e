"""ASGI entry point, for granian: the WSGI application behind a front that waits for clients."""

from collections.abc import Iterable

from django.conf import settings

from kushfilms.core.cors import CrossOrigin
from kushfilms.core.db.postgresql.monitor import database_monitor
from kushfilms.core.front.application import Front
from kushfilms.core.health import readiness
from kushfilms.core.public_cache import PublicAnswers
from kushfilms.core.public_cache.middleware import StartResponse
from kushfilms.core.public_cache.request_key import Environ
from kushfilms.wsgi import application as wsgi_application
from kushfilms.wsgi import public_answers


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


database_monitor().start()
readiness().report()  # starts the checks, so that the first request finds results
application = Front(
    wsgi_application,
    threads=settings.WEB_THREADS,
    patience_seconds=settings.REQUEST_BODY_SECONDS,
    at_once={"/healthz": lambda: (200, b'{"status":"ok"}'), "/readyz": readiness().report},
    from_memory=from_memory,
)
