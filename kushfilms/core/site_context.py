"""What every page's template may know of the browser."""

from django.conf import settings
from django.http import HttpRequest

from kushfilms.core.preferences import THEMES, analytics_choice, saves_data, theme_of


def site(request: HttpRequest) -> dict[str, object]:
    """`theme`: system, dark or light. `languages`: codes, with the name each
    gives itself. `saver`: less data is wanted. `ask_choices`: visits are counted and the browser
    has not answered yet. `page_url`: this page's own address, without its query."""
    return {
        "theme": theme_of(request),
        "themes": THEMES,
        "languages": settings.LANGUAGES,
        "saver": saves_data(request),
        "ask_choices": settings.VISITS_COUNTED and analytics_choice(request) is None,
        "page_url": f"{settings.FRONTEND_URL}{request.path}",
    }
