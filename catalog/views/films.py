"""The shop window: home, browse, category and film."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.middleware import principal_of
from billing.models import Plan
from catalog.audience import audience_of
from catalog.entitlement import entitlement_decide, trailer_refusal_code
from catalog.filters import SORT_LABELS, MovieFilter, ordering_of
from catalog.models import Movie
from catalog.play import PlayOffer, play_offer
from catalog.selectors import (
    NEWEST,
    Rail,
    categories_active,
    category_get,
    genres_listed,
    history_position,
    history_unfinished,
    languages_listed,
    movie_featured,
    movie_get,
    movies_listed,
    movies_newest,
    movies_recent,
    movies_related,
    rails_by_category,
)
from catalog.selectors.comments import comments_page
from catalog.services.comments import LONGEST_COMMENT
from kushfilms.core.api.pagination import cursor_scope
from kushfilms.core.keyset import Page, keyset_page
from kushfilms.core.pages import page_cache

RAIL_LENGTH = 12
PAGE_LENGTH = 24


@require_safe
@page_cache
def home(request: HttpRequest) -> HttpResponse:
    viewer, audience = principal_of(request), audience_of(request)
    featured = movie_featured(**audience)
    newest = Rail("New on Kush", "/movies", movies_newest(limit=RAIL_LENGTH, **audience))
    rails = (newest, *rails_by_category(length=RAIL_LENGTH, **audience))
    context = {
        "featured": featured,
        "play": _play(request, featured, resume_seconds=0) if featured else None,
        "unfinished": history_unfinished(viewer.user_id, limit=RAIL_LENGTH, **audience)
        if viewer
        else [],
        "rails": [rail for rail in rails if rail.movies],
    }
    return render(request, "catalog/home.html", context)


def _play(request: HttpRequest, movie: Movie, *, resume_seconds: int) -> PlayOffer:
    entitlement = entitlement_decide(
        movie,
        viewer=principal_of(request),
        **audience_of(request),
    )
    return play_offer(movie, entitlement, resume_seconds=resume_seconds)


@require_safe
@page_cache
def browse(request: HttpRequest) -> HttpResponse:
    chosen = MovieFilter(request.GET, queryset=movies_listed(**audience_of(request)))
    order = ordering_of(chosen.form.cleaned_data if chosen.is_valid() else {})
    context = {
        "page": _page(request, chosen.qs, order),
        "selects": _selects(request),
        "faults": chosen.errors,
        "filtered": any(request.GET.get(name) for name in chosen.filters),
    }
    return render(request, "catalog/browse.html", context)


def _page(request: HttpRequest, movies: QuerySet[Movie], order: tuple[str, ...]) -> Page[Movie]:
    cursor = request.GET.get("cursor", "")
    scope = cursor_scope(request.path, request.GET.dict())
    return keyset_page(movies, ordering=order, cursor=cursor, limit=PAGE_LENGTH, scope=scope)


def _selects(request: HttpRequest) -> list[dict[str, Any]]:
    """The filter's drop-downs, each with what is chosen now."""
    audience = audience_of(request)
    categories = [(category.slug, category.name) for category in categories_active()]
    plain: list[tuple[str, str, list[tuple[str, str]], str]] = [
        ("category", "Category", categories, "All"),
        ("genre", "Genre", [(name, name) for name in genres_listed(**audience)], "All"),
        ("language", "Language", [(name, name) for name in languages_listed(**audience)], "All"),
        ("accessLevel", "Plan", [(value, label) for value, label in Plan.choices], "All"),
        ("sort", "Order", list(SORT_LABELS.items()), ""),
    ]
    return [
        {
            "name": name,
            "label": label,
            "options": options,
            "empty": empty,
            "chosen": request.GET.get(name, ""),
        }
        for name, label, options, empty in plain
    ]


@require_safe
@page_cache
def category(request: HttpRequest, slug: str) -> HttpResponse:
    found = category_get(slug)
    if found.slug != slug:
        return redirect("category", found.slug, permanent=True)
    movies = movies_recent(**audience_of(request)).filter(category=found)
    page = _page(request, movies, NEWEST)
    return render(request, "catalog/category.html", {"category": found, "page": page})


@require_safe
@page_cache
def movie(request: HttpRequest, reference: str) -> HttpResponse:
    found = movie_get(reference)
    if found.slug != reference:
        return redirect("movie", found.slug, permanent=True)
    return render(request, "catalog/movie.html", _movie_context(request, found))


def _movie_context(request: HttpRequest, movie: Movie) -> dict[str, Any]:
    viewer = principal_of(request)
    cursor = request.GET.get("comments", "")
    position = history_position(viewer.user_id, movie) if viewer else 0
    return {
        "movie": movie,
        "play": _play(request, movie, resume_seconds=position),
        "trailer": trailer_refusal_code(movie, **audience_of(request)) is None,
        "position": position,
        "comments": comments_page(movie, cursor=cursor),
        "cursor": cursor,
        "held": "held" in request.GET,
        "longest_comment": LONGEST_COMMENT,
        "related": movies_related(movie, limit=RAIL_LENGTH, **audience_of(request)),
        "share_image": request.build_absolute_uri(movie.poster_url) if movie.poster_url else "",
        "canonical": request.build_absolute_uri(request.path),
    }
