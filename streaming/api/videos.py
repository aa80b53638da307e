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
from streaming.api.outputs import PartsOutput, UploadTicketOutput, VideoOutput
from streaming.api.serializers import (
    CompleteInput,
    UploadUrlInput,
    parts_json,
    upload_json,
    video_json,
)
from streaming.selectors import video_get
from streaming.services import uploads
from streaming.services.staff import encode_again, encode_resume


class AdminVideoView(APIView):
    permission_classes = [needs("streaming.upload_videoasset")]


class UploadUrlView(AdminVideoView):
    """Announce a file; the answer says where its bytes go."""

    throttle_classes = [limited("admin_videos")]

    @extend_schema(request=UploadUrlInput, responses={201: UploadTicketOutput, 404: None})
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
        return Response(upload_json(ticket), status=201)


class PartsView(AdminVideoView):
    """What arrived of an upload, and fresh URLs for what is missing."""

    throttle_classes = [DefaultLimit]

    @extend_schema(responses=PartsOutput)
    def get(self, request: Request, video_id: UUID) -> Response:
        asset = uploads.upload_get(video_id, uploader_id=principal(request).user_id)
        return Response(parts_json(uploads.upload_resume(asset)))


class CompleteView(AdminVideoView):
    """Everything was sent: check it and start the work. Calling it twice does no harm."""

    throttle_classes = [limited("admin_videos")]

    @extend_schema(request=CompleteInput, responses={202: VideoOutput})
    def post(self, request: Request, video_id: UUID) -> Response:
        values = validated(CompleteInput, request)
        asset = uploads.upload_get(video_id, uploader_id=principal(request).user_id)
        asset = uploads.upload_complete(asset, claimed=values["parts"])
        return Response(video_json(asset), status=202)


class TranscodeView(AdminVideoView):
    """Encode again from the source; with `?resume=1` go on where a failed encode gave up."""

    throttle_classes = [limited("admin_videos")]

    @extend_schema(
        request=None,
        responses={202: VideoOutput},
        parameters=[OpenApiParameter("resume", OpenApiTypes.BOOL)],
    )
    def post(self, request: Request, video_id: UUID) -> Response:
        asset = video_get(video_id)
        begin = encode_resume if "resume" in request.query_params else encode_again
        begin(asset)
        return Response(video_json(video_get(video_id)), status=202)


class VideoView(AdminVideoView):
    """Where an upload or encode stands; made to be polled."""

    throttle_classes = [DefaultLimit]

    @extend_schema(responses=VideoOutput)
    def get(self, request: Request, video_id: UUID) -> Response:
        return Response(video_json(video_get(video_id)))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, video_id: UUID) -> Response:
        uploads.upload_cancel(uploads.upload_get(video_id, uploader_id=principal(request).user_id))
        return Response(status=204)
