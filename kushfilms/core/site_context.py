"""Template context of every page: theme, languages, data saver, cookie consent."""

from django.conf import settings
from django.http import HttpRequest

from kushfilms.core.preferences import THEMES, analytics_choice, saves_data, theme_in


def site(request: HttpRequest) -> dict[str, object]:
    """Return the context of a request.

    `theme`: system, dark or light. `languages`: codes and own names. `saver`: data saver is on.
    `ask_choices`: visits are counted and the browser has not answered yet. `here`: the
    path and query of this page. `page_url`: its URL without the query.
    """
    return {
        "theme": theme_in(request.COOKIES),
        "themes": THEMES,
        "languages": settings.LANGUAGES,
        "saver": saves_data(request),
        "ask_choices": settings.VISITS_COUNTED and analytics_choice(request) is None,
        "here": request.get_full_path(),
        "page_url": f"{settings.FRONTEND_URL}{request.path}",
    }
