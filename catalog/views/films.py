"""A film's page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts.auth.middleware import principal_of
from catalog.audience import audience_of
from catalog.entitlement import entitlement_decide, trailer_refusal_code
from catalog.languages import language_display
from catalog.models import Comment, Movie
from catalog.selectors import credits_of, movie_detail, movie_to_watch
from catalog.selectors.comments import comments_page
from catalog.selectors.lists import reviews_latest
from catalog.selectors.shelves import cards_related
from catalog.selectors.viewer_film import ViewerFilm, viewer_film
from catalog.seo.share_links import share_links
from catalog.seo.structured_data import movie_facts, share_image
from catalog.services.comments import LONGEST_COMMENT
from catalog.services.ratings import LONGEST_REVIEW
from catalog.views.play_offer import PlayOffer, play_offer
from kushfilms.core.db.keyset import Page
from kushfilms.core.page_frames import shared_page
from kushfilms.core.pages import public_page
from kushfilms.core.public_cache import LISTS, TALK, Shown

RAIL_LENGTH = 12
NO_COMMENTS: Page[Comment] = Page([], None, None)
# Everything on the page is notified of but new films that would fit into its row of related films.
LIFETIME_SECONDS = 600.0


@require_safe
@public_page
def movie(request: HttpRequest, reference: str) -> HttpResponse:
    found = movie_to_watch(reference)
    if found.slug != reference:
        return redirect("movie", found.slug, permanent=True)
    viewer = principal_of(request)
    own = viewer_film(viewer.user_id, found.pk) if viewer else ViewerFilm()
    personal = {
        "movie": found,
        "play": film_play(request, found, resume_seconds=own.position),
        "trailer": trailer_refusal_code(found, **audience_of(request)) is None,
        "position": own.position,
        "in_my_list": own.in_list,
        "my_rating": own if own.stars else None,
        "longest_review": LONGEST_REVIEW,
    }
    return shared_page(
        request,
        "catalog/movie.html",
        signed_in=viewer is not None,
        shared=lambda: _shared(request, reference),
        personal=personal,
        # A viewer's own comments have a button to delete them.
        framed=not own.commented,
    )


def _shared(request: HttpRequest, reference: str) -> tuple[dict[str, Any], Shown]:
    """Return what all viewers of a film's page share, and the ids of all it shows."""
    found = movie_detail(reference)
    cursor = request.GET.get("comments", "")
    comments = comments_page(found, cursor=cursor) if cursor or found.comment_count else NO_COMMENTS
    related = cards_related(found, limit=RAIL_LENGTH, **audience_of(request))
    series = [found.season.series_id] if found.season else []
    parts = credits_of(found)
    people = [credit.person_id for credit in parts]
    ids = [found.pk, *series, *people, *(film.id for film in related)]
    # The age of a comment is in words, such as "5 minutes ago".
    seconds = 60.0 if comments.rows else LIFETIME_SECONDS
    context = {
        "movie": found,
        "credits": parts,
        "audio": [language_display(tag) for tag in found.audio_languages],
        "captions": [language_display(tag) for tag in found.subtitle_languages],
        "reviews": reviews_latest(found) if found.rating_count else [],
        "comments": comments,
        "cursor": cursor,
        "held": "held" in request.GET,
        "longest_comment": LONGEST_COMMENT,
        "related": related,
        "share": share_links(found),
        "share_image": share_image(found),
        "facts": movie_facts(found),
    }
    return context, Shown([LISTS, f"{TALK}{found.pk}", *map(str, ids)], seconds)


def film_play(request: HttpRequest, movie: Movie, *, resume_seconds: int = 0) -> PlayOffer:
    viewer = principal_of(request)
    entitlement = entitlement_decide(movie, viewer=viewer, **audience_of(request))
    return play_offer(movie, entitlement, resume_seconds=resume_seconds)
