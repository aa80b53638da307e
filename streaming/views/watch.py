"""The watch page, whose first answer has the decision, the session and the stream's URL."""

from http import HTTPStatus
from typing import Any

from csp.decorators import csp_update
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.auth.middleware import principal_of
from accounts.services.sessions import Device
from catalog.audience import audience_of
from catalog.entitlement import EntitlementDenied, Refusal
from catalog.models import Movie
from catalog.selectors import movie_get
from kushfilms.core.errors import Denied, NotSignedIn
from kushfilms.core.preferences import ugx_per_mb
from kushfilms.core.request_client import client_country
from streaming.api.serializers import stream_json, trailer_json
from streaming.selectors.playback import movie_next, streams_elsewhere
from streaming.services.playback_sessions import playback_take_over
from streaming.services.playback_start import Playback, playback_start
from streaming.services.trailers import trailer_play

NEEDS_PLAN = {Refusal.SUBSCRIPTION, Refusal.UPGRADE}


# hls.js gives every caption track an empty source, `data:,WEBVTT`, before it fills it.
@csp_update({"media-src": ["data:"]})  # type: ignore[arg-type]  # its types know no path words
@never_cache
@require_http_methods(["GET", "POST"])
def watch(request: HttpRequest, slug: str) -> HttpResponse:
    """Play a film; POST is “Watch here instead” and ends the viewer's other streams first."""
    movie = movie_get(slug)
    if slug != movie.slug:
        return redirect("watch", movie.slug)
    viewer = principal_of(request)
    if request.method == "POST" and viewer is not None:
        playback_take_over(viewer)
        return redirect("watch", movie.slug)
    try:
        playback = playback_start(
            movie,
            viewer=viewer,
            device_name=Device.of(request).name,
            country=client_country(request),
        )
    except NotSignedIn:
        return redirect_to_login(request.path)
    except Denied as exc:
        return _refusal(request, movie, exc)
    return render(request, "streaming/watch.html", _context(request, playback))


@csp_update({"media-src": ["data:"]})  # type: ignore[arg-type]
@never_cache
@require_safe
def trailer(request: HttpRequest, slug: str) -> HttpResponse:
    """Play a trailer for anyone; it counts as no view and saves no progress."""
    movie = movie_get(slug)
    if slug != movie.slug:
        return redirect("trailer", movie.slug)
    try:
        shown = trailer_play(movie, **audience_of(request))
    except Denied as exc:
        return _refusal(request, movie, exc)
    film_url = reverse("movie", args=[movie.slug])
    data = trailer_json(shown, request.build_absolute_uri) | {
        # An id of its own, so that the film's position in the browser is not the trailer's.
        "movie": _movie_json(movie) | {"id": f"trailer-{movie.pk}"},
        "resumeAt": 0,
        "session": None,
        "storyboardUrl": None,
        "filmUrl": film_url,
        "startUrl": reverse("api-movie-trailer", args=[movie.pk]),
        "next": None,
    }
    return render(
        request, "streaming/watch.html", {"movie": movie, "film_url": film_url, "data": data}
    )


def _movie_json(movie: Movie) -> dict[str, str]:
    return {
        "id": str(movie.pk),
        "title": movie.title,
        "director": movie.director,
        "posterUrl": movie.poster_url,
    }


def _context(request: HttpRequest, playback: Playback) -> dict[str, Any]:
    movie = playback.movie
    absolute = request.build_absolute_uri
    following = movie_next(movie, **audience_of(request))
    next_film: dict[str, str] | None = None
    if following is not None:
        next_url = reverse("watch", args=[following.slug])
        next_film = {"title": following.title, "url": next_url}
    film_url = reverse("movie", args=[movie.slug])
    stream = stream_json(playback, absolute)
    data = stream | {
        "movie": _movie_json(movie),
        "filmUrl": film_url,
        "ugxPerMb": float(ugx_per_mb(request)),
        "watchUrl": reverse("api-movie-watch", args=[movie.pk]),
        "startUrl": reverse("api-movie-stream", args=[movie.pk]),
        "csrfToken": get_token(request),
        "next": next_film,
    }
    return {"movie": movie, "film_url": film_url, "next": following, "data": data}


def _refusal(request: HttpRequest, movie: Movie, denied: Denied) -> HttpResponse:
    """Render the reason why this film does not play, with what the viewer can do."""
    code = str(denied.error_code)
    viewer = principal_of(request)
    context = {
        "movie": movie,
        "message": denied.message,
        "code": code,
        "birth_next": request.path,
        "needs_plan": isinstance(denied, EntitlementDenied) and code in NEEDS_PLAN,
        "elsewhere": streams_elsewhere(viewer.user_id)
        if viewer and code == Refusal.STREAM_LIMIT
        else [],
    }
    return render(request, "streaming/refusal.html", context, status=HTTPStatus.FORBIDDEN)
