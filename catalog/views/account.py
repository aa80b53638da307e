"""Pages of a viewer's history, list and ratings below `/account/`."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.auth.principal import Principal
from accounts.views.base import signed_in
from catalog.models import WatchHistory
from catalog.selectors.history import HISTORY_LATEST, history_of
from catalog.selectors.lists import LATEST, RATED_LATEST, favorites_of, movie_of, ratings_of
from catalog.services.history import history_clear, history_remove
from catalog.views.buttons import button
from kushfilms.core.db.keyset import Page, keyset_page
from kushfilms.core.rate_limits import rate_limit

PAGE_LENGTH = 24


def _page(request: HttpRequest, rows: QuerySet[Any], *, order: tuple[str, ...]) -> Page[Any]:
    cursor = request.GET.get("cursor", "")
    return keyset_page(rows, ordering=order, cursor=cursor, limit=PAGE_LENGTH, scope=request.path)


@require_safe
@signed_in()
def history(request: HttpRequest, me: Principal) -> HttpResponse:
    page = _page(request, history_of(me.user_id), order=HISTORY_LATEST)
    return render(request, "catalog/history.html", {"page": page})


@button(of="account-history", has_arguments=False)
def history_clear_all(request: HttpRequest, viewer: Principal) -> HttpResponse:
    history_clear(viewer.user_id)
    messages.success(request, _("Your history was cleared."))
    return redirect("account-history")


@button(of="account-history", has_arguments=False)
def history_forget(request: HttpRequest, viewer: Principal, movie_id: UUID) -> HttpResponse:
    rate_limit("keeping", by=viewer.user_id)
    movie = movie_of(viewer.user_id, str(movie_id), rows=WatchHistory.objects.all())
    history_remove(movie, user_id=viewer.user_id)
    messages.success(request, _("Removed from your history."))
    return redirect("account-history")


@require_safe
@signed_in()
def favorites(request: HttpRequest, me: Principal) -> HttpResponse:
    page = _page(request, favorites_of(me.user_id), order=LATEST)
    return render(request, "catalog/favorites.html", {"page": page})


@require_safe
@signed_in()
def ratings(request: HttpRequest, me: Principal) -> HttpResponse:
    page = _page(request, ratings_of(me.user_id), order=RATED_LATEST)
    return render(request, "catalog/ratings.html", {"page": page})
