"""A film's page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.auth.middleware import principal_of
from accounts.auth.principal import Principal
from catalog.audience import audience_of
from catalog.entitlement import entitlement_decide, trailer_refusal_code
from catalog.languages import language_display
from catalog.models import Favorite, Movie, Rating
from catalog.selectors import history_position, movie_detail, movies_related
from catalog.selectors.comments import comments_page
from catalog.selectors.lists import LATEST, reviews_of
from catalog.seo.share_links import share_links
from catalog.seo.structured_data import movie_facts, share_image
from catalog.services.comments import LONGEST_COMMENT
from catalog.services.ratings import LONGEST_REVIEW
from catalog.views.play_offer import PlayOffer, play_offer
from kushfilms.core.pages import page_cache

RAIL_LENGTH = 12
REVIEWS_SHOWN = 4


@require_safe
@page_cache
def movie(request: HttpRequest, reference: str) -> HttpResponse:
    found = movie_detail(reference)
    if found.slug != reference:
        return redirect("movie", found.slug, permanent=True)
    return render(request, "catalog/movie.html", _context(request, found))


def film_play(request: HttpRequest, movie: Movie, *, resume_seconds: int = 0) -> PlayOffer:
    viewer = principal_of(request)
    entitlement = entitlement_decide(movie, viewer=viewer, **audience_of(request))
    return play_offer(movie, entitlement, resume_seconds=resume_seconds)


def _context(request: HttpRequest, movie: Movie) -> dict[str, Any]:
    viewer = principal_of(request)
    position = history_position(viewer.user_id, movie) if viewer else 0
    cursor = request.GET.get("comments", "")
    return {
        "movie": movie,
        "play": film_play(request, movie, resume_seconds=position),
        "trailer": trailer_refusal_code(movie, **audience_of(request)) is None,
        "position": position,
        "audio": [language_display(tag) for tag in movie.audio_languages],
        "captions": [language_display(tag) for tag in movie.subtitle_languages],
        "reviews": list(reviews_of(movie).order_by(*LATEST)[:REVIEWS_SHOWN])
        if movie.rating_count
        else [],
        "longest_review": LONGEST_REVIEW,
        "comments": comments_page(movie, cursor=cursor),
        "cursor": cursor,
        "held": "held" in request.GET,
        "longest_comment": LONGEST_COMMENT,
        "related": movies_related(movie, limit=RAIL_LENGTH, **audience_of(request)),
        "share": share_links(movie),
        "share_image": share_image(movie),
        "facts": movie_facts(movie),
        **(_of_viewer(viewer, movie) if viewer else {}),
    }


def _of_viewer(viewer: Principal, movie: Movie) -> dict[str, Any]:
    own = {"user_id": viewer.user_id, "movie": movie}
    return {
        "in_my_list": Favorite.objects.filter(**own).exists(),
        "my_rating": Rating.objects.filter(**own).first(),
    }
