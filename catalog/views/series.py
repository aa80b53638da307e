"""Pages of series and people."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.auth.middleware import principal_of
from accounts.auth.principal import Principal
from catalog.audience import audience_of
from catalog.models import Follow
from catalog.selectors import (
    person_films,
    person_get,
    series_get,
    series_listed,
    series_seasons,
)
from catalog.selectors.series import episode_first
from catalog.seo.structured_data import person_facts, series_facts, share_image
from catalog.views.films import film_play
from kushfilms.core.db.keyset import keyset_page
from kushfilms.core.pages import public_page

PAGE_LENGTH = 24
NEWEST = ("-published_at", "-id")


@require_safe
@public_page
def series_list(request: HttpRequest) -> HttpResponse:
    rows = series_listed(**audience_of(request))
    cursor = request.GET.get("cursor", "")
    page = keyset_page(rows, ordering=NEWEST, cursor=cursor, limit=PAGE_LENGTH, scope="series")
    return render(request, "catalog/series_list.html", {"page": page})


@require_safe
@public_page
def series(request: HttpRequest, slug: str) -> HttpResponse:
    found = series_get(slug)
    if found.slug != slug:
        return redirect("series", found.slug, permanent=True)
    seasons = series_seasons(found, **audience_of(request))
    first = episode_first(seasons)
    context = {
        "series": found,
        "seasons": seasons,
        "play": film_play(request, first) if first else None,
        "following": _follows(principal_of(request), series=found),
        "share_image": share_image(found),
        "facts": series_facts(found, seasons=len(seasons)),
    }
    return render(request, "catalog/series.html", context)


@require_safe
@public_page
def person(request: HttpRequest, slug: str) -> HttpResponse:
    found = person_get(slug)
    if found.slug != slug:
        return redirect("person", found.slug, permanent=True)
    context = {
        "person": found,
        "jobs": person_films(found, **audience_of(request)),
        "following": _follows(principal_of(request), person=found),
        "facts": person_facts(found),
    }
    return render(request, "catalog/person.html", context)


def _follows(viewer: Principal | None, **what: object) -> bool:
    if viewer is None:
        return False
    rows: QuerySet[Follow] = Follow.objects.filter(user_id=viewer.user_id, **what)
    return rows.exists()
