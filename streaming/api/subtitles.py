"""`admin/movies/:id/subtitles`: added to a film and taken off it."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import needs
from catalog.models import Movie
from catalog.selectors.admin import movie_for_staff
from kushfilms.core.api.fields import LineField
from kushfilms.core.api.validation import validated
from kushfilms.core.body_guard.limits import FORM_BYTES
from streaming.api.outputs import SubtitlePreviewOutput, SubtitlesOutput
from streaming.encoding.captions import shown_text
from streaming.encoding.timed_text import ReadSubtitles
from streaming.selectors import subtitles_state
from streaming.services.subtitles import MOST_BYTES, subtitle_add, subtitle_preview, subtitle_remove

PREVIEWED = 10


class SubtitleInput(serializers.Serializer[Any]):
    file = serializers.FileField(help_text="WebVTT or SRT, at most 2 MiB.")
    language = LineField(max_length=60, help_text="A name or a tag: Luganda, lg.")
    label = LineField(  # type: ignore[assignment]  # a field, not its own label
        max_length=60, required=False, allow_blank=True, default=""
    )
    default = serializers.BooleanField(required=False, default=False)
    preview = serializers.BooleanField(
        required=False, default=False, help_text="Only answer how the file is read."
    )


class SubtitleListView(APIView):
    permission_classes = [needs("streaming.upload_videoasset")]
    largest_body = MOST_BYTES + FORM_BYTES
    parser_classes = [MultiPartParser]

    @extend_schema(operation_id="admin_movie_subtitles_list", responses=SubtitlesOutput)
    def get(self, request: Request, movie_id: UUID) -> Response:
        return Response(_json(movie_for_staff(movie_id)))

    @extend_schema(
        operation_id="admin_movie_subtitles_create",
        request={"multipart/form-data": SubtitleInput},
        responses={
            200: SubtitlePreviewOutput,
            202: SubtitlesOutput,
            409: None,
            413: None,
        },
    )
    def post(self, request: Request, movie_id: UUID) -> Response:
        """Add subtitles; those the film had in this language are replaced. Viewers who are watching
        go on undisturbed. With `preview` nothing is kept: 200 and the first lines.
        """
        movie, values = movie_for_staff(movie_id), validated(SubtitleInput, request)
        values["data"] = values.pop("file").read(MOST_BYTES + 1)
        if values.pop("preview"):
            read = subtitle_preview(movie, data=values["data"], language=values["language"])
            return Response(preview_json(read))
        subtitle_add(movie, **values)
        return Response(_json(movie), status=202)


class SubtitleView(APIView):
    permission_classes = [needs("streaming.upload_videoasset")]

    @extend_schema(
        operation_id="admin_movie_subtitles_destroy",
        request=None,
        responses={202: SubtitlesOutput, 409: None},
    )
    def delete(self, request: Request, movie_id: UUID, subtitle_id: int) -> Response:
        movie = movie_for_staff(movie_id)
        subtitle_remove(movie, subtitle_id=subtitle_id)
        return Response(_json(movie), status=202)


def preview_json(read: ReadSubtitles) -> dict[str, Any]:
    return {
        "encoding": read.encoding,
        "damagedLetters": read.damaged,
        "lines": len(read.cues),
        "cues": [
            {"start": cue.start, "end": cue.end, "text": shown_text(cue)}
            for cue in read.cues[:PREVIEWED]
        ],
    }


def _json(movie: Movie) -> dict[str, Any]:
    now = subtitles_state(movie)
    rows = [
        {
            "id": row.pk,
            "language": row.language,
            "label": row.label,
            "default": row.default,
            "forced": row.forced,
            "source": row.source,
        }
        for row in now.rows
    ]
    return {"live": now.live, "results": rows}
