"""`movies/:id/stream`, `trailer` and `watch`: the calls of players."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import SignedIn, principal
from accounts.services.sessions import Device
from catalog.audience import audience_of
from catalog.selectors import movie_get, movie_to_watch
from kushfilms.core.api.throttles import limited
from kushfilms.core.api.validation import validated
from kushfilms.core.request_client import client_country
from streaming.api.serializers import (
    StreamOutput,
    TrailerStreamOutput,
    WatchInput,
    WatchOutput,
    stream_json,
    trailer_json,
    watch_json,
)
from streaming.services.heartbeats import PlayerReport, report_store
from streaming.services.playback_sessions import (
    progress_check,
)
from streaming.services.playback_start import playback_start
from streaming.services.trailers import trailer_play


class StreamView(APIView):
    permission_classes = [SignedIn]
    throttle_classes = [limited("movies")]

    @extend_schema(
        summary="Start playback",
        description="Check the viewer's plan, age and stream limit, open a playback session and "
        "return signed HLS and DASH URLs. Send heartbeats to `watch` with the session's id.",
        responses=StreamOutput,
    )
    def get(self, request: Request, reference: str) -> Response:
        playback = playback_start(
            movie_to_watch(reference),
            viewer=principal(request),
            device_name=Device.of(request._request).name,
            country=client_country(request._request),
        )
        return Response(stream_json(playback, request.build_absolute_uri))


class TrailerView(APIView):
    permission_classes = []
    throttle_classes = [limited("movies")]

    @extend_schema(
        operation_id="movies_trailer",
        summary="Get a film's trailer",
        description="Signed HLS and DASH URLs of the trailer. No sign-in is needed.",
        responses={200: TrailerStreamOutput, 403: None},
    )
    def get(self, request: Request, reference: str) -> Response:
        trailer = trailer_play(movie_get(reference), **audience_of(request))
        return Response(trailer_json(trailer, request.build_absolute_uri))


class WatchView(APIView):
    permission_classes = [SignedIn]
    throttle_classes = [limited("movies")]

    @extend_schema(
        summary="Report watching progress",
        description="Save where the viewer is. With `sessionId` it is also the session's "
        "heartbeat, and the answer has a renewed stream URL; with `ended` the session ends. "
        "Repeating a heartbeat does no harm: `sequence` orders them.",
        request=WatchInput,
        responses=WatchOutput,
    )
    def post(self, request: Request, reference: str) -> Response:
        values = validated(WatchInput, request)
        movie = movie_to_watch(reference)
        progress_check(values["progress"], movie=movie)
        report = PlayerReport(
            viewer=principal(request),
            movie=movie,
            progress=values["progress"],
            session_id=values["sessionId"],
            sequence=values["sequence"],
            at=values["at"],
            country=client_country(request._request),
        )
        stored = report_store(report, ended=values["ended"])
        return Response(watch_json(stored, request.build_absolute_uri))


class ProgressView(WatchView):
    # The older name and verb of `watch`, for TVs that were built against it.
    http_method_names = ["put"]

    def put(self, request: Request, reference: str) -> Response:
        return self.post(request, reference)
