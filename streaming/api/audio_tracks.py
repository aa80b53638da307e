"""`admin/movies/:id/audio-tracks`: audio tracks added to a film and removed from it."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import needs, principal
from catalog.selectors.admin import movie_for_staff
from kushfilms.core.api.fields import LineField
from kushfilms.core.api.validation import validated
from streaming.api.serializers import LARGEST_NUMBER, AudioTracksOutput, UploadTicketOutput
from streaming.selectors.tracks import audio_tracks_state
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
        max_length=140,
        required=False,
        allow_blank=True,
        default="",
        help_text="Narrator: a name, or @address of one person.",
    )
    default = serializers.BooleanField(required=False, default=False)
    replace = serializers.BooleanField(
        required=False,
        default=False,
        help_text="Replace the track in this language by this VJ.",
    )


class AudioTrackListView(APIView):
    permission_classes = [needs("streaming.upload_videoasset")]

    @extend_schema(
        operation_id="admin_movie_audio_tracks_list",
        summary="List a film's audio tracks",
        description="The tracks viewers can choose, and uploads that are not in the film yet.",
        responses=AudioTracksOutput,
    )
    def get(self, request: Request, movie_id: UUID) -> Response:
        return Response(AudioTracksOutput(audio_tracks_state(movie_for_staff(movie_id))).data)

    @extend_schema(
        operation_id="admin_movie_audio_tracks_create",
        summary="Start the upload of an audio track",
        description="Announce a sound file, or a video whose sound is used. Continue as with any "
        "upload, under the `videoId` of the answer. The film offers the track once it is encoded.",
        request=AudioTrackInput,
        responses={201: UploadTicketOutput, 409: None, 413: None, 415: None},
    )
    def post(self, request: Request, movie_id: UUID) -> Response:
        movie = movie_for_staff(movie_id)
        values = validated(AudioTrackInput, request)
        ticket = audio_upload_begin(movie, uploader_id=principal(request).user_id, **values)
        return Response(UploadTicketOutput(ticket).data, status=201)


class AudioTrackView(APIView):
    permission_classes = [needs("streaming.upload_videoasset")]

    @extend_schema(
        operation_id="admin_movie_audio_tracks_destroy",
        summary="Remove an added audio track",
        description="Tracks of the film's own file cannot be removed. Running playback is not "
        "interrupted.",
        request=None,
        responses={202: AudioTracksOutput, 409: None},
    )
    def delete(self, request: Request, movie_id: UUID, track_id: int) -> Response:
        movie = movie_for_staff(movie_id)
        audio_track_remove(movie, track_id=track_id)
        return Response(AudioTracksOutput(audio_tracks_state(movie)).data, status=202)
