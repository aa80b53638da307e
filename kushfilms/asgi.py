"""The ASGI door, for granian: the WSGI application behind a front that waits for clients."""

from django.conf import settings

from kushfilms.core.front.application import Front
from kushfilms.wsgi import application as wsgi_application

application = Front(
    wsgi_application,
    threads=settings.WEB_THREADS,
    patience_seconds=settings.REQUEST_BODY_SECONDS,
    at_once={"/healthz": lambda: (200, b'{"status":"ok"}')},
)
