"""The home page: a featured film, films to continue, and rows of films."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.auth.middleware import principal_of
from accounts.auth.principal import Principal
from billing.models import Plan
from catalog.audience import Audience, audience_of
from catalog.entitlement import Refusal, entitlement_decide
from catalog.models import Movie
from catalog.selectors import (
    NEWEST,
    Rail,
    continue_watching_films,
    hero_candidates,
    movies_most_watched,
    movies_newest,
    rails_by_category,
    series_listed,
)
from catalog.selectors.recommendations import because_rails
from catalog.views.films import film_play
from kushfilms.core.page_frames import shared_page
from kushfilms.core.pages import public_page
from kushfilms.core.public_cache import Memo, Shown

RAIL_LENGTH = 12
CHART_LENGTH = 10
# Watched films with a row of their own, and the fewest films of a row.
SOURCES = 2
WORTH_A_RAIL = 3
SHELVES = 8


@require_safe
@public_page
def home(request: HttpRequest) -> HttpResponse:
    viewer = principal_of(request)
    audience = audience_of(request)
    candidates = _candidates(audience["country"])
    featured = _hero(candidates, viewer, audience)
    personal: dict[str, Any] = {
        "movie": featured,
        "play": film_play(request, featured) if featured else None,
        "has_films": bool(candidates),
    }
    if viewer:
        personal["unfinished"] = continue_watching_films(
            viewer.user_id, most=RAIL_LENGTH, **audience
        )
        personal["because"] = because_rails(
            viewer, most=SOURCES, fewest=WORTH_A_RAIL, weighed=2 * RAIL_LENGTH, **audience
        )
    return shared_page(
        request,
        "catalog/home.html",
        signed_in=viewer is not None,
        shared=lambda: (_shared(audience), Shown()),
        personal=personal,
    )


def _shared(audience: Audience) -> dict[str, Any]:
    newest = Rail(_("New on Kush"), reverse("movies"), movies_newest(limit=RAIL_LENGTH, **audience))
    # A category with fewer films has no row: its films are among the new ones and on its page.
    shelves = rails_by_category(length=RAIL_LENGTH, fewest=WORTH_A_RAIL, most=SHELVES, **audience)
    return {
        "chart": movies_most_watched(limit=CHART_LENGTH, **audience),
        "rails": [newest, *shelves] if newest.movies else shelves,
        "series": list(series_listed(**audience).order_by(*NEWEST)[:RAIL_LENGTH]),
    }


def _candidates(country: str) -> list[Movie]:
    """Return the films for the hero of the home page in a country, the best first."""
    return _CANDIDATES.get([country])[country]


_CANDIDATES: Memo[str, list[Movie]] = Memo(
    lambda countries: {
        country: list(hero_candidates(now=timezone.now(), country=country)) for country in countries
    }
)


def _hero(
    candidates: Iterable[Movie], viewer: Principal | None, audience: Audience
) -> Movie | None:
    """Return the first candidate that this viewer can play, or can play after one step.

    A film that the viewer is too young for, or whose plan they do not hold, is never featured
    while another one plays. A visitor is shown what a free account opens.
    """
    second: Movie | None = None
    for movie in candidates:
        refusal = entitlement_decide(movie, viewer=viewer, **audience).refusal
        if refusal is None or (refusal == Refusal.SIGN_IN and movie.access_level == Plan.FREE):
            return movie
        if refusal == Refusal.AGE_UNKNOWN and second is None:
            second = movie
    return second
