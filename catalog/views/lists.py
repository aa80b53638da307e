"""Buttons for “My list”, stars and follows. Pressing twice is the same as once."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.auth.principal import Principal
from catalog.models import Favorite, Rating
from catalog.selectors import movie_get
from catalog.selectors.lists import movie_of
from catalog.services.favorites import favorite_add, favorite_remove
from catalog.services.follows import follow_add, follow_remove
from catalog.services.ratings import rating_remove, rating_set
from catalog.views.buttons import button
from kushfilms.core.errors import InvalidInput
from kushfilms.core.pages import safe_next
from kushfilms.core.rate_limits import rate_limit

STARS = frozenset("12345")


@button(of="movie")
def favorite(request: HttpRequest, viewer: Principal, reference: str) -> HttpResponse:
    rate_limit("keeping", by=viewer.user_id)
    me = viewer.user_id
    if request.POST.get("keep") == "1":
        movie = movie_get(reference)
        favorite_add(movie, user_id=me, now=timezone.now())
        messages.success(request, _("Added to My list."))
    else:
        movie = movie_of(me, reference, rows=Favorite.objects.all())
        favorite_remove(movie, user_id=me)
        messages.success(request, _("Removed from My list."))
    if request.POST.get("next"):
        return redirect(safe_next(request))
    return redirect("movie", movie.slug)


@button(of="movie")
def rate(request: HttpRequest, viewer: Principal, reference: str) -> HttpResponse:
    rate_limit("ratings", by=viewer.user_id)
    me = viewer.user_id
    if request.POST.get("do") == "remove":
        movie = movie_of(me, reference, rows=Rating.objects.all())
        rating_remove(movie, user_id=me)
        messages.success(request, _("Your rating was removed."))
        if request.POST.get("next"):
            return redirect(safe_next(request))
        return redirect(f"{reverse('movie', args=[movie.slug])}#ratings")
    movie = movie_get(reference)
    stars = request.POST.get("stars", "")
    if stars not in STARS:
        raise InvalidInput(_("Choose one to five stars."))
    rating_set(movie, user_id=me, stars=int(stars), review=request.POST.get("review", ""))
    messages.success(request, _("Thank you for your rating."))
    return redirect(f"{reverse('movie', args=[movie.slug])}#ratings")


@button(of="series")
def series_follow(request: HttpRequest, viewer: Principal, slug: str) -> HttpResponse:
    return _follow(request, viewer, kind="series", slug=slug, page="series")


@button(of="person")
def person_follow(request: HttpRequest, viewer: Principal, slug: str) -> HttpResponse:
    return _follow(request, viewer, kind="people", slug=slug, page="person")


def _follow(
    request: HttpRequest, viewer: Principal, *, kind: str, slug: str, page: str
) -> HttpResponse:
    rate_limit("keeping", by=viewer.user_id)
    if request.POST.get("on") == "1":
        follow_add(kind, slug, user_id=viewer.user_id, now=timezone.now())
        messages.success(request, _("We'll notify you when something new is out."))
    else:
        follow_remove(kind, slug, user_id=viewer.user_id)
        messages.success(request, _("You no longer follow this."))
    return redirect(page, slug)
