"""Comment form of a film's page."""

from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.auth.middleware import principal_of
from catalog.models import Movie
from catalog.selectors import movie_get, uuid_or_none
from catalog.services.comments import comment_create, comment_delete
from kushfilms.core.rate_limits import rate_limit


@require_POST
def comment(request: HttpRequest, reference: str) -> HttpResponse:
    movie = movie_get(reference)
    viewer = principal_of(request)
    if viewer is None:
        return _sign_in(movie)
    rate_limit("comments", by=viewer.user_id)
    posted = comment_create(
        movie,
        user_id=viewer.user_id,
        content=request.POST.get("content", ""),
        parent_id=uuid_or_none(request.POST.get("parent", "")),
        now=timezone.now(),
    )
    page = reverse("movie", args=[movie.slug])
    return redirect(f"{page}?held=1#comments" if posted.held else f"{page}#c-{posted.pk}")


@require_POST
def comment_withdraw(request: HttpRequest, reference: str, comment_id: UUID) -> HttpResponse:
    movie = movie_get(reference)
    viewer = principal_of(request)
    if viewer is None:
        return _sign_in(movie)
    comment_delete(comment_id, movie=movie, user_id=viewer.user_id, now=timezone.now())
    return redirect(f"{reverse('movie', args=[movie.slug])}#comments")


def _sign_in(movie: Movie) -> HttpResponse:
    return redirect_to_login(reverse("movie", args=[movie.slug]))
