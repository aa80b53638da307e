"""Pages of films with filters, of a category, and of search results."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from billing.models import Plan
from catalog.audience import audience_of
from catalog.models import Movie
from catalog.selectors import (
    NEWEST,
    categories_active,
    category_get,
    genres_listed,
    languages_listed,
    movies_listed,
    movies_recent,
)
from catalog.selectors.filters import SORT_LABELS, MovieFilter, SearchFilter, ordering_of
from catalog.selectors.search import BEST, movies_best, query_parse, series_found
from catalog.selectors.suggest import SuggestionKind, suggestions
from kushfilms.core.api.pagination import cursor_scope
from kushfilms.core.db.keyset import Page, keyset_page
from kushfilms.core.pages import public_page

PAGE_LENGTH = 24


@require_safe
@public_page
def browse(request: HttpRequest) -> HttpResponse:
    chosen = MovieFilter(request.GET, queryset=movies_listed(**audience_of(request)))
    order = ordering_of(chosen.form.cleaned_data if chosen.is_valid() else {})
    categories = list(categories_active())
    context = {
        "page": _page(request, chosen.qs, order),
        "selects": _selects(request, [(category.slug, category.name) for category in categories]),
        "categories": categories,
        "faults": chosen.errors,
        "filtered": any(request.GET.get(name) for name in chosen.filters),
    }
    return render(request, "catalog/browse.html", context)


def _page(request: HttpRequest, movies: QuerySet[Movie], order: tuple[str, ...]) -> Page[Movie]:
    cursor = request.GET.get("cursor", "")
    scope = cursor_scope(request.path, request.GET.dict())
    return keyset_page(movies, ordering=order, cursor=cursor, limit=PAGE_LENGTH, scope=scope)


def _selects(request: HttpRequest, categories: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """Return the drop-downs of the filter, each with its present choice."""
    audience = audience_of(request)
    every = _("All")
    genres = [(name, name) for name in genres_listed(**audience)]
    languages = [(name, name) for name in languages_listed(**audience)]
    plain: list[tuple[str, str, list[tuple[str, str]], str]] = [
        ("category", _("Category"), categories, every),
        ("genre", _("Genre"), genres, every),
        ("language", _("Language"), languages, every),
        ("accessLevel", _("Plan"), [(value, label) for value, label in Plan.choices], every),
        ("sort", _("Sort by"), [(value, str(label)) for value, label in SORT_LABELS.items()], ""),
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
@public_page
def category(request: HttpRequest, slug: str) -> HttpResponse:
    found = category_get(slug)
    if found.slug != slug:
        return redirect("category", found.slug, permanent=True)
    movies = movies_recent(**audience_of(request)).filter(category=found)
    page = _page(request, movies, NEWEST)
    return render(request, "catalog/category.html", {"category": found, "page": page})


@require_safe
@public_page
def search(request: HttpRequest) -> HttpResponse:
    SearchFilter.check(request.GET)
    query_text = request.GET.get("q", "").strip()
    context: dict[str, Any] = {"query_text": query_text, "categories": categories_active()}
    if query_text:
        audience = audience_of(request)
        parsed = query_parse(query_text)
        context["page"] = _page(request, movies_best(parsed, **audience), BEST)
        # Series and people are shown beside the first page of films.
        if not request.GET.get("cursor"):
            names = suggestions(query_text, **audience)
            context["people"] = [name for name in names if name.kind == SuggestionKind.PERSON]
            context["series"] = series_found(parsed, **audience)
    return render(request, "catalog/search.html", context)
