"""Shapes of the video and playback API. Keys are the contract's (SPEC, section 3)."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from rest_framework import serializers

from kushfilms.core.api.fast_serializers import LeanInput
from kushfilms.core.api.fields import LineField
from streaming.media import Media
from streaming.models import AssetKind, VideoAsset
from streaming.selectors import EncodeReport, encode_report
from streaming.services.playback_start import Playback
from streaming.services.trailers import Trailer
from streaming.services.uploads import UploadTicket
from streaming.warning_texts import sentence

# Above what a film may weigh and below what a column holds: a clear 4xx instead of an overflow.
LARGEST_NUMBER = 2**53
LARGEST_SEQUENCE = 2**31 - 1


class UploadUrlInput(serializers.Serializer[Any]):
    filename = LineField(max_length=1000)
    contentType = serializers.CharField(max_length=200, allow_blank=True)
    size = serializers.IntegerField(max_value=LARGEST_NUMBER)
    movieId = serializers.UUIDField(required=False, allow_null=True, default=None)
    kind = serializers.ChoiceField(
        choices=[AssetKind.FEATURE, AssetKind.TRAILER], required=False, default=AssetKind.FEATURE
    )


class PartInput(serializers.Serializer[Any]):
    partNumber = serializers.IntegerField(min_value=1, max_value=10_000)
    etag = serializers.CharField(max_length=200)


class CompleteInput(serializers.Serializer[Any]):
    # Not `many=True`: its `allow_null` would also let null parts in.
    parts = serializers.ListField(child=PartInput(), required=False, allow_null=True, default=None)

    def validate_parts(self, parts: list[dict[str, Any]] | None) -> dict[int, str] | None:
        if parts is None:
            return None
        claimed = {part["partNumber"]: part["etag"].strip('"') for part in parts}
        if len(claimed) != len(parts):
            raise serializers.ValidationError("A part is named twice.")
        return claimed


class WatchInput(LeanInput):
    progress = serializers.FloatField(min_value=0, max_value=LARGEST_NUMBER)
    sessionId = serializers.UUIDField(required=False, allow_null=True, default=None)
    ended = serializers.BooleanField(required=False, default=False)
    at = serializers.DateTimeField(
        required=False,
        allow_null=True,
        default=None,
        help_text="When the viewer was there, by your clock; for what is sent later.",
    )
    sequence = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=0,
        max_value=LARGEST_SEQUENCE,
        help_text="Counts the heartbeats of one session, so that none overtakes another.",
    )


def upload_json(ticket: UploadTicket) -> dict[str, Any]:
    """201 of `upload-url`: one URL, or the parts."""
    asset = ticket.asset
    answer: dict[str, Any] = {
        "videoId": str(asset.pk),
        "movieId": str(asset.movie_id),
        "expiresIn": ticket.expires_in,
    }
    if not asset.upload_id:
        return {**answer, "uploadUrl": ticket.upload_url}
    return {
        **answer,
        "uploadId": asset.upload_id,
        "partSize": asset.upload_part_size,
        "parts": [{"partNumber": part.number, "url": part.url} for part in ticket.missing],
    }


def parts_json(ticket: UploadTicket) -> dict[str, Any]:
    """What arrived, and the URLs of what is missing."""
    arrived = [
        {"partNumber": part.number, "size": part.size_bytes, "etag": part.etag}
        for part in ticket.arrived
    ]
    return {**upload_json(ticket), "size": ticket.asset.source_size, "arrived": arrived}


def video_json(asset: VideoAsset) -> dict[str, Any]:
    """`GET admin/videos/:id`."""
    report = encode_report(asset)
    error = None
    if asset.error_code:
        error = {"code": asset.error_code, "message": asset.error_message}
    return {
        "id": str(asset.pk),
        "movieId": str(asset.movie_id),
        "kind": asset.kind,
        "filename": asset.filename,
        "size": asset.source_size,
        "status": asset.status,
        "playable": asset.playable,
        "current": asset.is_current,
        "progress": report.progress if report else 0,
        "duration": round(asset.duration_seconds, 3),
        "error": error,
        "warnings": [
            {"code": one.code, "message": sentence(one.code, one.values)}
            for one in asset.warnings.all()
        ],
        "renditions": _rungs_json(report),
        "encode": _encode_json(report),
        "audioTracks": [
            {"language": t.language, "label": t.label, "vj": t.vj, "default": t.default}
            for t in asset.audio_tracks.select_related("narrator")
        ],
        "subtitles": [
            {"language": t.language, "label": t.label, "default": t.default, "forced": t.forced}
            for t in asset.subtitles.all()
        ],
    }


def _rungs_json(report: EncodeReport | None) -> list[dict[str, Any]]:
    return [
        {
            "height": rung.height,
            "name": rung.name,
            "codec": rung.codec,
            "bandwidth": rung.bandwidth,
            "bytes": rung.bytes,
            "status": rung.status,
            "progress": rung.progress,
        }
        for rung in (report.rungs if report else ())
    ]


def _encode_json(report: EncodeReport | None) -> dict[str, Any] | None:
    if report is None:
        return None
    return {
        "secondsLeft": report.seconds_left,
        "attempts": report.attempts,
        "lastError": report.last_error,
        "piecesDone": report.pieces_done,
        "pieces": report.pieces,
        "cpuSeconds": report.cpu_seconds,
        "startedAt": report.started_at,
        "finishedAt": report.finished_at,
    }


def stream_json(playback: Playback, absolute: Callable[[str], str]) -> dict[str, Any]:
    """200 of `movies/:id/stream`. `absolute` makes a path a URL on the host the client called."""
    return {
        **media_json(playback.media, base_url=playback.base_url, absolute=absolute),
        "expiresIn": playback.expires_in,
        "movie": {"id": str(playback.movie.pk), "title": playback.movie.title},
        "resumeAt": playback.resume_at,
        "session": {
            "id": str(playback.session.pk),
            "heartbeatSeconds": settings.HEARTBEAT_SECONDS,
        },
        "storyboardUrl": absolute(playback.storyboard_url) if playback.storyboard_url else None,
        "ads": [],
    }


def trailer_json(trailer: Trailer, absolute: Callable[[str], str]) -> dict[str, Any]:
    """200 of `movies/:id/trailer`."""
    return {
        **media_json(trailer.media, base_url=trailer.base_url, absolute=absolute),
        "expiresIn": trailer.expires_in,
        "movie": {"id": str(trailer.movie.pk), "title": trailer.movie.title},
    }


def media_json(media: Media, *, base_url: str, absolute: Callable[[str], str]) -> dict[str, Any]:
    """What a player chooses from. `bytes` are the whole at that quality, with sound."""
    return {
        "streamUrl": absolute(f"{base_url}/master.m3u8"),
        "dashUrl": absolute(f"{base_url}/manifest.mpd"),
        "duration": round(media.asset.duration_seconds, 3),
        "qualities": [
            {
                "height": rung.height,
                "width": rung.width,
                "codec": rung.codec,
                "bandwidth": rung.bandwidth,
                "bytes": rung.total_bytes,
            }
            for rung in media.renditions
        ],
        "subtitles": [
            {
                "language": track.language,
                "label": track.label,
                "default": track.default,
                "forced": track.forced,
            }
            for track in media.subtitles
        ],
        "audioTracks": [
            {
                "language": track.language,
                "label": track.label,
                "vj": track.vj,
                "default": track.default,
            }
            for track in media.audio_tracks
        ],
    }
