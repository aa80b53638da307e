"""`admin/videos`: uploads and encodes, for admins."""

from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import needs, principal
from kushfilms.core.api.throttles import DefaultLimit, limited
from kushfilms.core.api.validation import validated
from streaming.api.serializers import (
    CompleteInput,
    PartsOutput,
    UploadTicketOutput,
    UploadUrlInput,
    VideoOutput,
    video_json,
)
from streaming.selectors.encodes import video_get
from streaming.services import uploads
from streaming.services.staff import encode_again, encode_resume


class AdminVideoView(APIView):
    permission_classes = [needs("streaming.upload_videoasset")]


class UploadUrlView(AdminVideoView):
    throttle_classes = [limited("admin_videos")]

    @extend_schema(
        summary="Start an upload",
        description="Announce a video file. Send its bytes to `uploadUrl` with one PUT, or each "
        "part to its URL, then call `complete`. Without `movieId` a draft film is created.",
        request=UploadUrlInput,
        responses={201: UploadTicketOutput, 404: None},
    )
    def post(self, request: Request) -> Response:
        values = validated(UploadUrlInput, request)
        ticket = uploads.upload_begin(
            uploader_id=principal(request).user_id,
            filename=values["filename"],
            content_type=values["contentType"],
            size=values["size"],
            movie_id=values["movieId"],
            kind=values["kind"],
        )
        return Response(UploadTicketOutput(ticket).data, status=201)


class PartsView(AdminVideoView):
    throttle_classes = [DefaultLimit]

    @extend_schema(
        summary="List the parts of an upload",
        description="The parts that have arrived, and fresh URLs for the parts that have not. "
        "Call it to resume an upload or when URLs have expired.",
        responses=PartsOutput,
    )
    def get(self, request: Request, video_id: UUID) -> Response:
        asset = uploads.upload_get(video_id, uploader_id=principal(request).user_id)
        return Response(PartsOutput(uploads.upload_resume(asset)).data)


class CompleteView(AdminVideoView):
    throttle_classes = [limited("admin_videos")]

    @extend_schema(
        summary="Complete an upload",
        description="Check that all bytes have arrived and start the encode. Idempotent. With "
        "`parts`, the ETags you received are compared with those in storage.",
        request=CompleteInput,
        responses={202: VideoOutput},
    )
    def post(self, request: Request, video_id: UUID) -> Response:
        values = validated(CompleteInput, request)
        asset = uploads.upload_get(video_id, uploader_id=principal(request).user_id)
        asset = uploads.upload_complete(asset, claimed=values["parts"])
        return Response(video_json(asset), status=202)


class TranscodeView(AdminVideoView):
    throttle_classes = [limited("admin_videos")]

    @extend_schema(
        summary="Encode a video again",
        description="Encode from the source file. With `resume`, continue a failed encode where "
        "it stopped.",
        request=None,
        responses={202: VideoOutput},
        parameters=[
            OpenApiParameter(
                "resume", OpenApiTypes.BOOL, description="Continue a failed encode; any value."
            )
        ],
    )
    def post(self, request: Request, video_id: UUID) -> Response:
        asset = video_get(video_id)
        begin = encode_resume if "resume" in request.query_params else encode_again
        begin(asset)
        return Response(video_json(video_get(video_id)), status=202)


class VideoView(AdminVideoView):
    throttle_classes = [DefaultLimit]

    @extend_schema(
        summary="Get a video and its progress",
        description="State of an upload and its encode. Suited to polling every few seconds.",
        responses=VideoOutput,
    )
    def get(self, request: Request, video_id: UUID) -> Response:
        return Response(video_json(video_get(video_id)))

    @extend_schema(
        summary="Cancel an upload",
        description="Delete an upload that is not complete, and the draft film made for it.",
        responses={204: None},
    )
    def delete(self, request: Request, video_id: UUID) -> Response:
        uploads.upload_cancel(uploads.upload_get(video_id, uploader_id=principal(request).user_id))
        return Response(status=204)
