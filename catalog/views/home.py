"""The home page: a featured film, films to continue, and rows of films."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
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
from catalog.selectors.recommendations import Recommended, recommendations_for
from catalog.views.films import film_play
from kushfilms.core.pages import public_page

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
    featured = _hero(viewer, audience)
    newest = Rail(_("New on Kush"), reverse("movies"), movies_newest(limit=RAIL_LENGTH, **audience))
    # A category with fewer films has no row: its films are among the new ones and on its page.
    shelves = rails_by_category(
        length=RAIL_LENGTH, fewest=WORTH_A_RAIL, most=SHELVES, **audience
    )
    context: dict[str, Any] = {
        "featured": featured,
        "play": film_play(request, featured) if featured else None,
        "chart": movies_most_watched(limit=CHART_LENGTH, **audience),
        "rails": [newest, *shelves] if newest.movies else shelves,
        "series": list(series_listed(**audience).order_by(*NEWEST)[:RAIL_LENGTH]),
    }
    if viewer:
        recommended = recommendations_for(viewer, limit=2 * RAIL_LENGTH, **audience)
        context["unfinished"] = continue_watching_films(
            viewer.user_id, most=RAIL_LENGTH, **audience
        )
        context["because"] = because_rails(recommended)
    return render(request, "catalog/home.html", context)


def _hero(viewer: Principal | None, audience: Audience) -> Movie | None:
    """Return the first candidate that this viewer can play, or can play after one step.

    A film that the viewer is too young for, or whose plan they do not hold, is never featured
    while another one plays. A visitor is shown what a free account opens.
    """
    second: Movie | None = None
    for movie in hero_candidates(**audience):
        refusal = entitlement_decide(movie, viewer=viewer, **audience).refusal
        if refusal is None or (refusal == Refusal.SIGN_IN and movie.access_level == Plan.FREE):
            return movie
        if refusal == Refusal.AGE_UNKNOWN and second is None:
            second = movie
    return second


def because_rails(recommended: list[Recommended]) -> list[tuple[Movie, list[Movie]]]:
    """Return the watched films that most recommendations relate to, each with those."""
    led: dict[Movie, list[Movie]] = {}
    for item in recommended:
        if item.because is not None:
            led.setdefault(item.because, []).append(item.movie)
    most = sorted(led.items(), key=lambda pair: -len(pair[1]))[:SOURCES]
    return [(source, movies) for source, movies in most if len(movies) >= WORTH_A_RAIL]
