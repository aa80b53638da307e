"""`admin/movies/:id/subtitles`: subtitles added to a film and removed from it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import needs
from catalog.selectors.admin import movie_for_staff
from kushfilms.core.api.fields import LineField
from kushfilms.core.api.validation import validated
from kushfilms.core.body_guard.limits import FORM_BYTES
from streaming.api.serializers import SubtitlePreviewOutput, SubtitlesOutput
from streaming.encoding.captions import shown_text
from streaming.encoding.timed_text import ReadSubtitles
from streaming.selectors.tracks import subtitles_state
from streaming.services.subtitles import (
    MOST_BYTES,
    PREVIEW_CUES,
    subtitle_add,
    subtitle_preview,
    subtitle_remove,
)


class SubtitleInput(serializers.Serializer[Any]):
    file = serializers.FileField(help_text="WebVTT or SRT, at most 2 MiB.")
    language = LineField(max_length=60, help_text="A name or a tag: Luganda, lg.")
    label = LineField(  # type: ignore[assignment]  # a field, not its own label
        max_length=60, required=False, allow_blank=True, default=""
    )
    default = serializers.BooleanField(required=False, default=False)
    preview = serializers.BooleanField(
        required=False, default=False, help_text="Return the first lines and save nothing."
    )


@dataclass(frozen=True)
class PreviewedCue:
    start: float
    end: float
    text: str


@dataclass(frozen=True)
class SubtitlePreview:
    encoding: str
    damaged: int
    lines: int
    cues: list[PreviewedCue]


def preview_of(read: ReadSubtitles) -> SubtitlePreview:
    shown = [PreviewedCue(cue.start, cue.end, shown_text(cue)) for cue in read.cues[:PREVIEW_CUES]]
    return SubtitlePreview(read.encoding, read.damaged, len(read.cues), shown)


class SubtitleListView(APIView):
    permission_classes = [needs("streaming.upload_videoasset")]
    largest_body = MOST_BYTES + FORM_BYTES
    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="admin_movie_subtitles_list",
        summary="List a film's subtitles",
        description="Subtitles of the film's own file and those that were added.",
        responses=SubtitlesOutput,
    )
    def get(self, request: Request, movie_id: UUID) -> Response:
        return Response(SubtitlesOutput(subtitles_state(movie_for_staff(movie_id))).data)

    @extend_schema(
        operation_id="admin_movie_subtitles_create",
        summary="Add subtitles to a film",
        description="Subtitles the film already has in this language are replaced, except forced "
        "ones. Running playback is not interrupted. With `preview` nothing is saved: the answer "
        "is 200 with the first lines.",
        request={"multipart/form-data": SubtitleInput},
        responses={
            200: SubtitlePreviewOutput,
            202: SubtitlesOutput,
            409: None,
            413: None,
        },
    )
    def post(self, request: Request, movie_id: UUID) -> Response:
        movie = movie_for_staff(movie_id)
        values = validated(SubtitleInput, request)
        values["data"] = values.pop("file").read(MOST_BYTES + 1)
        if values.pop("preview"):
            read = subtitle_preview(movie, data=values["data"], language=values["language"])
            return Response(SubtitlePreviewOutput(preview_of(read)).data)
        subtitle_add(movie, **values)
        return Response(SubtitlesOutput(subtitles_state(movie)).data, status=202)


class SubtitleView(APIView):
    permission_classes = [needs("streaming.upload_videoasset")]

    @extend_schema(
        operation_id="admin_movie_subtitles_destroy",
        summary="Remove subtitles from a film",
        description="Encoding the film again restores subtitles of its own file. Running playback "
        "is not interrupted.",
        request=None,
        responses={202: SubtitlesOutput, 409: None},
    )
    def delete(self, request: Request, movie_id: UUID, subtitle_id: int) -> Response:
        movie = movie_for_staff(movie_id)
        subtitle_remove(movie, subtitle_id=subtitle_id)
        return Response(SubtitlesOutput(subtitles_state(movie)).data, status=202)
