"""A film's page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.auth.middleware import principal_of
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
from kushfilms.core.pages import public_page

RAIL_LENGTH = 12
REVIEWS_SHOWN = 4


@require_safe
@public_page
def movie(request: HttpRequest, reference: str) -> HttpResponse:
    found = movie_detail(reference)
    if found.slug != reference:
        return redirect("movie", found.slug, permanent=True)
    viewer = principal_of(request)
    audience = audience_of(request)
    position = history_position(viewer.user_id, found) if viewer else 0
    cursor = request.GET.get("comments", "")
    reviews = reviews_of(found).order_by(*LATEST)[:REVIEWS_SHOWN] if found.rating_count else []
    context = {
        "movie": found,
        "play": film_play(request, found, resume_seconds=position),
        "trailer": trailer_refusal_code(found, **audience) is None,
        "position": position,
        "audio": [language_display(tag) for tag in found.audio_languages],
        "captions": [language_display(tag) for tag in found.subtitle_languages],
        "reviews": list(reviews),
        "longest_review": LONGEST_REVIEW,
        "comments": comments_page(found, cursor=cursor),
        "cursor": cursor,
        "held": "held" in request.GET,
        "longest_comment": LONGEST_COMMENT,
        "related": movies_related(found, limit=RAIL_LENGTH, **audience),
        "share": share_links(found),
        "share_image": share_image(found),
        "facts": movie_facts(found),
    }
    if viewer:
        own = {"user_id": viewer.user_id, "movie": found}
        context["in_my_list"] = Favorite.objects.filter(**own).exists()
        context["my_rating"] = Rating.objects.filter(**own).first()
    return render(request, "catalog/movie.html", context)


def film_play(request: HttpRequest, movie: Movie, *, resume_seconds: int = 0) -> PlayOffer:
    viewer = principal_of(request)
    entitlement = entitlement_decide(movie, viewer=viewer, **audience_of(request))
    return play_offer(movie, entitlement, resume_seconds=resume_seconds)
