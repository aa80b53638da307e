"""Pages about the service, `robots.txt` and the style guide."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from kushfilms.core.pages import public_page
from kushfilms.core.templatetags.site import ICONS

# Personal pages, forms, and addresses that make no sense in a search engine.
NOT_FOR_ROBOTS = (
    "/account",
    "/admin",
    "/api",
    "/email",
    "/hls",
    "/login",
    "/logout",
    "/outbox",
    "/preferences",
    "/preview",
    "/register",
    "/report",
    "/reset",
    "/search",
    "/tv",
    "/unsubscribe",
    "/verify",
)


@require_safe
@public_page
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "core/about.html")


@require_safe
@public_page
def contact(request: HttpRequest) -> HttpResponse:
    return render(request, "core/contact.html", {"contact_email": settings.CONTACT_EMAIL})


@require_safe
@cache_control(public=True, max_age=86_400)
def robots(_request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS),
        f"Sitemap: {settings.FRONTEND_URL}/sitemap.xml",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


class Example:
    """A film for the cards of the style guide; it is not stored."""

    slug = "example"
    title = "Last Boda to Ntinda"
    year = 2025
    duration = 5400
    access_level = "FREE"
    poster_key = ""

    def __init__(self, **facts: Any) -> None:
        self.__dict__.update(facts)

    def get_access_level_display(self) -> str:
        return str(self.access_level).title()


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show the parts of our pages to their developers."""
    if settings.PRODUCTION:
        raise Http404
    films = [
        Example(),
        Example(title="A title of two hundred characters " * 6, access_level="PREMIUM"),
        Example(title="فيلم من كمبالا 🎬", access_level="BASIC", year=None, duration=0),
    ]
    colours = (
        "night",
        "raised",
        "raised-more",
        "line",
        "ink",
        "muted",
        "accent",
        "action",
        "leaf",
        "fault",
    )
    context = {"films": films, "colours": colours, "icons": ICONS}
    return render(request, "core/styleguide.html", context)
