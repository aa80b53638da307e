"""Files of the installable app: manifest, service worker, icon and offline page."""

import hashlib
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

# Files that every page and the offline page need.
SHELL = ("dist/site.css", "dist/site.js", "dist/display.woff2", "img/kitenge.svg", "img/icon.svg")
SHAPES = (
    ("img/icon-192.png", 192, "any"),
    ("img/icon-512.png", 512, "any"),
    ("img/icon-maskable.png", 512, "maskable"),
)


@require_safe
@cache_control(private=True, max_age=86_400)
def manifest(_request: HttpRequest) -> JsonResponse:
    data: dict[str, Any] = {
        "id": "/",
        "name": "Kush Films",
        "short_name": "Kush",
        "description": _("Ugandan and African films, made to play well on mobile data."),
        "start_url": "/?from=app",
        "scope": "/",
        "display": "standalone",
        "background_color": "#0f0a0c",
        "theme_color": "#0f0a0c",
        "lang": get_language(),
        "categories": ["entertainment"],
        "icons": [
            {"src": static(name), "sizes": f"{side}x{side}", "type": "image/png", "purpose": use}
            for name, side, use in SHAPES
        ],
        "shortcuts": [
            {"name": _("Search"), "url": reverse("search")},
            {"name": _("My list"), "url": reverse("account-favorites")},
        ],
    }
    return JsonResponse(data, content_type="application/manifest+json")


@require_safe
@cache_control(public=True, max_age=86_400)
def favicon(_request: HttpRequest) -> HttpResponse:
    """Serve the icon at the address that browsers try without a page, as for a feed."""
    return HttpResponse(_icon(), content_type="image/png")


@cache
def _icon() -> bytes:
    return (settings.BASE_DIR / "static" / "img" / "apple-touch-icon.png").read_bytes()


@require_safe
@cache_control(no_cache=True)
def service_worker(_request: HttpRequest) -> HttpResponse:
    """Serve the service worker from the root, so that its scope is the whole site."""
    shell = [reverse("offline"), *(static(name) for name in SHELL)]
    page = render_to_string("core/offline.html")
    version = hashlib.blake2b("\n".join([*shell, page]).encode(), digest_size=8).hexdigest()
    context = {"shell": shell, "version": version, "static_url": settings.STATIC_URL}
    code = render_to_string("core/sw.js", context)
    return HttpResponse(code, content_type="text/javascript; charset=utf-8")


@require_safe
@cache_control(private=True, max_age=3600)
def offline(_request: HttpRequest) -> HttpResponse:
    """Serve the offline page, the same for all viewers, as phones store it."""
    return HttpResponse(render_to_string("core/offline.html"))
