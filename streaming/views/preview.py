"""Previews of films for the content team before publication, outside plans and limits.

A preview saves no progress, counts as no view and in no stream limit. It ends with the sign-in, as
every stream does.
"""

from uuid import UUID

from csp.decorators import csp_update
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.auth.middleware import principal_of
from accounts.auth.principal import Principal
from accounts.roles import role_allows
from accounts.services.sessions import Device
from catalog.selectors.admin import movie_for_staff
from kushfilms.core.errors import Denied
from kushfilms.core.preferences import ugx_per_mb
from streaming.api.serializers import stream_json
from streaming.services.playback_start import playback_preview

PERM = "catalog.publish_movie"


def _staff(request: HttpRequest) -> Principal:
    """Return the signed-in publisher. Raises PermissionDenied."""
    viewer = principal_of(request)
    if viewer is None or not role_allows(viewer.role, PERM):
        raise PermissionDenied
    return viewer


# hls.js gives every caption track an empty source, `data:,WEBVTT`, before it fills it.
@csp_update({"media-src": ["data:"]})  # type: ignore[arg-type]  # its types know no path words
@never_cache
@require_GET
def preview(request: HttpRequest, movie_id: UUID) -> HttpResponse:
    viewer = _staff(request)
    movie = movie_for_staff(movie_id)
    film_url = reverse("admin:catalog_movie_change", args=[movie.pk])
    try:
        playback = playback_preview(movie, viewer=viewer, device_name=Device.of(request).name)
    except Denied as exc:
        context = {"movie": movie, "message": exc.message, "code": exc.error_code}
        return render(request, "streaming/refusal.html", context, status=exc.status)
    data = stream_json(playback, request.build_absolute_uri) | {
        "ugxPerMb": float(ugx_per_mb(request)),
        "movie": {
            "id": str(movie.pk),
            "title": movie.title,
            "director": movie.director,
            "posterUrl": movie.poster_url,
        },
        "filmUrl": film_url,
        "watchUrl": reverse("preview-beat", args=[movie.pk]),
        "startUrl": reverse("preview-beat", args=[movie.pk]),
        "csrfToken": get_token(request),
        "next": None,
    }
    context = {"movie": movie, "film_url": film_url, "next": None, "data": data}
    return render(request, "streaming/watch.html", context)


@never_cache
@require_POST
def preview_heartbeat(request: HttpRequest, movie_id: UUID) -> HttpResponse:
    """Accept the player's heartbeat and save nothing."""
    _staff(request)
    return JsonResponse({"progress": 0, "completed": False})


page_view = admin.site.admin_view(preview)
beat_view = admin.site.admin_view(preview_heartbeat)
