"""`admin/movies/:id/audio-tracks`: sound added to a film and taken off it."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import needs, principal
from catalog.models import Movie
from catalog.selectors.admin import movie_for_staff
from kushfilms.core.api.fields import LineField
from kushfilms.core.api.validation import validated
from streaming.api.outputs import AudioTracksOutput, UploadTicketOutput
from streaming.api.serializers import LARGEST_NUMBER, upload_json
from streaming.models import AudioTrack, VideoAsset
from streaming.selectors import audio_tracks_state
from streaming.services.audio_uploads import audio_track_remove, audio_upload_begin


class AudioTrackInput(serializers.Serializer[Any]):
    filename = LineField(max_length=1000)
    contentType = serializers.CharField(
        max_length=200, allow_blank=True, default="", source="content_type"
    )
    size = serializers.IntegerField(max_value=LARGEST_NUMBER)
    language = LineField(max_length=60, help_text="A name or a tag: Luganda, lg.")
    label = LineField(  # type: ignore[assignment]  # a field, not its own label
        max_length=60, required=False, allow_blank=True, default=""
    )
    vj = LineField(
        max_length=140, required=False, allow_blank=True, default="",
        help_text="Who tells it: a name, or @address of one person.",
    )  # fmt: skip
    default = serializers.BooleanField(required=False, default=False)
    replace = serializers.BooleanField(
        required=False, default=False,
        help_text="Take the place of the one in this language by this VJ.",
    )  # fmt: skip


class AudioTrackListView(APIView):
    permission_classes = [needs("streaming.upload_videoasset")]

    @extend_schema(operation_id="admin_movie_audio_tracks_list", responses=AudioTracksOutput)
    def get(self, request: Request, movie_id: UUID) -> Response:
        return Response(_json(movie_for_staff(movie_id)))

    @extend_schema(
        operation_id="admin_movie_audio_tracks_create",
        request=AudioTrackInput,
        responses={201: UploadTicketOutput, 409: None, 413: None, 415: None},
    )
    def post(self, request: Request, movie_id: UUID) -> Response:
        """Announce a sound file, or a video whose sound counts. It goes on as a film's upload
        does, under the `videoId` of the answer; when it is encoded the film has the track."""
        movie, values = movie_for_staff(movie_id), validated(AudioTrackInput, request)
        ticket = audio_upload_begin(movie, uploader_id=principal(request).user_id, **values)
        return Response(upload_json(ticket), status=201)


class AudioTrackView(APIView):
    permission_classes = [needs("streaming.upload_videoasset")]

    @extend_schema(
        operation_id="admin_movie_audio_tracks_destroy",
        request=None,
        responses={202: AudioTracksOutput, 409: None},
    )
    def delete(self, request: Request, movie_id: UUID, track_id: int) -> Response:
        """Only what was added. Who is watching goes on undisturbed."""
        movie = movie_for_staff(movie_id)
        audio_track_remove(movie, track_id=track_id)
        return Response(_json(movie), status=202)


def _json(movie: Movie) -> dict[str, Any]:
    now = audio_tracks_state(movie)
    return {
        "live": now.live,
        "results": [{"id": row.pk, **_track(row), "source": row.source} for row in now.rows],
        "coming": [_coming(upload) for upload in now.coming],
    }


def _track(row: AudioTrack) -> dict[str, Any]:
    return {"language": row.language, "label": row.label, "vj": row.vj, "default": row.default}


def _coming(upload: VideoAsset) -> dict[str, Any]:
    (row,) = upload.audio_tracks.all()
    failed = {"code": upload.error_code, "message": upload.error_message}
    return {
        "videoId": str(upload.pk),
        "filename": upload.filename,
        **_track(row),
        "status": upload.status,
        "error": failed if upload.error_code else None,
    }
