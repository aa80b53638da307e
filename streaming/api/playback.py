"""`movies/:id/stream` and `movies/:id/watch`: what players call."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import SignedIn, principal
from accounts.auth.principal import Principal
from accounts.services.sessions import Device
from catalog.audience import audience_of
from catalog.selectors import movie_get, movie_to_watch
from catalog.services.progress import Heartbeat, moment_of, watch_progress
from kushfilms.core.api.throttles import limited
from kushfilms.core.api.validation import validated
from kushfilms.core.request_client import client_country
from streaming.api.outputs import StreamOutput, TrailerStreamOutput, WatchOutput
from streaming.api.serializers import WatchInput, stream_json, trailer_json
from streaming.services.playback_sessions import (
    playback_decide,
    playback_end,
    playback_heartbeat,
    progress_check,
    session_started_at,
)
from streaming.services.playback_start import playback_start
from streaming.services.trailers import trailer_play


class StreamView(APIView):
    """Decide, and hand out a signed way to the film."""

    permission_classes = [SignedIn]
    throttle_classes = [limited("movies")]

    @extend_schema(responses=StreamOutput)
    def get(self, request: Request, reference: str) -> Response:
        playback = playback_start(
            movie_to_watch(reference),
            viewer=principal(request),
            device_name=Device.of(request._request).name,
            country=client_country(request._request),
        )
        return Response(
            stream_json(playback, request.build_absolute_uri), headers={"Cache-Control": "no-store"}
        )


class TrailerView(APIView):
    """A signed way to a film's trailer, for whoever asks."""

    permission_classes = []
    throttle_classes = [limited("movies")]

    @extend_schema(operation_id="movies_trailer", responses={200: TrailerStreamOutput, 403: None})
    def get(self, request: Request, reference: str) -> Response:
        trailer = trailer_play(movie_get(reference), **audience_of(request))
        return Response(
            trailer_json(trailer, request.build_absolute_uri), headers={"Cache-Control": "no-store"}
        )


class WatchView(APIView):
    """A heartbeat: where the viewer is, and, with a session, a fresh token for the player."""

    permission_classes = [SignedIn]
    throttle_classes = [limited("movies")]

    @extend_schema(request=WatchInput, responses=WatchOutput)
    def post(self, request: Request, reference: str) -> Response:
        values = validated(WatchInput, request)
        viewer, movie = principal(request), movie_to_watch(reference)
        country = client_country(request._request)
        session_id: UUID | None = values["sessionId"]
        progress_check(values["progress"], movie=movie)
        ended = values["ended"]
        entitlement = playback_decide(movie, viewer=viewer, now=timezone.now(), country=country)
        if session_id and ended:
            playback_end(session_id, viewer=viewer)
        elif session_id and not entitlement.allowed:  # it ends at the edge, too
            playback_heartbeat(session_id, viewer=viewer, movie=movie, country=country)
        entitlement.enforce()
        progress = watch_progress(
            viewer.user_id,
            movie,
            progress_seconds=int(values["progress"]),
            now=_moment(values, viewer=viewer),
            heartbeat=Heartbeat(values["sessionId"], values["sequence"]),
        )
        answer: dict[str, Any] = {"progress": progress.seconds, "completed": progress.completed}
        if session_id and not ended:
            renewal = playback_heartbeat(session_id, viewer=viewer, movie=movie, country=country)
            url = request.build_absolute_uri(renewal.stream_url)
            answer |= {"streamUrl": url, "expiresIn": renewal.expires_in}
        return Response(answer)


def _moment(values: dict[str, Any], *, viewer: Principal) -> datetime:
    """When the viewer was there. The session is looked up for a player's clock alone."""
    started_at = None
    if values["at"] and values["sessionId"]:
        started_at = session_started_at(values["sessionId"], user_id=viewer.user_id)
    return moment_of(values["at"], now=timezone.now(), session_started_at=started_at)


class ProgressView(WatchView):
    """The same under its older name and verb, for TVs that were built against it."""

    http_method_names = ["put"]

    def put(self, request: Request, reference: str) -> Response:
        return self.post(request, reference)
