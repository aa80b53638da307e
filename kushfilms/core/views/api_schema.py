"""OpenAPI description, generated once per process and format."""

import threading
from typing import Any

from django.http import HttpResponse
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

# It changes only with a release; every client has the new one an hour later.
CACHE_CONTROL = "public, max-age=3600"
_lock = threading.Lock()
_rendered: dict[type[BaseRenderer], bytes] = {}


class SchemaView(SpectacularAPIView):
    """OpenAPI 3 as YAML or JSON, the same for every client, in English."""

    authentication_classes = []

    def get(self, request: Request) -> HttpResponse:
        renderer = request.accepted_renderer
        response = HttpResponse(
            schema_bytes(type(renderer)), content_type=f"{renderer.media_type}; charset=utf-8"
        )
        response["Cache-Control"] = CACHE_CONTROL
        return response


def schema_bytes(renderer: type[BaseRenderer]) -> bytes:
    """Return the description in the format of a renderer."""
    with _lock:
        if renderer not in _rendered:
            with translation.override("en"):
                generator: Any = SchemaGenerator()  # type: ignore[no-untyped-call]
                schema = generator.get_schema(request=None, public=True)
                text = renderer().render(schema, renderer_context={})
                _rendered[renderer] = text if isinstance(text, bytes) else text.encode()
        return _rendered[renderer]
