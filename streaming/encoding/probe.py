"""`probe_source`: what was uploaded, and whether all of it is there.

Reads the head and the tail of the source, never the middle, so a 50 GB film over HTTP costs a few
megabytes. (Only a file without index and without duration is read to its end.)
"""

from __future__ import annotations

import json
from typing import Any

from streaming.encoding import streams
from streaming.encoding.diagnosis import diagnose
from streaming.encoding.errors import EncodingError, ErrorCode
from streaming.encoding.facts import SourceFacts, VideoStream
from streaming.encoding.sources import first_bytes, input_args
from streaming.encoding.tail import Tail, read_tail
from streaming.encoding.tools import ShouldStop, ffprobe_path, never, run

PROBE_TIMEOUT_SECONDS = 300
MAX_SIDE, MAX_PIXELS = 8192, 40_000_000
MAX_SECONDS = 12 * 3600
SAMPLE_FRAMES = 24
ENCRYPTED_TAGS = frozenset({"encv", "enca", "enct", "drmi", "drms", "drmt"})
MP4_STARTS = frozenset({b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide"})
CONTAINERS = {"mov": "mp4", "matroska": "matroska", "avi": "avi", "mpegts": "mpegts"}


def probe_source(source: str, *, size_bytes: int, should_stop: ShouldStop = never) -> SourceFacts:
    """Facts of a local path or HTTP URL. Raises EncodingError for what cannot become a film."""
    if size_bytes == 0:
        raise EncodingError(ErrorCode.EMPTY_FILE)
    head = read_head(source, should_stop=should_stop)
    if container(head) not in CONTAINERS:
        raise EncodingError(ErrorCode.NOT_A_VIDEO, detail=container(head))
    refuse_encrypted(head["streams"])
    video = _choose_video(head["streams"])
    _refuse_size(int(video["width"]), int(video["height"]))
    declared = streams.seconds(head["format"].get("duration"))
    start = streams.seconds(head["format"].get("start_time")) or 0.0
    tail = read_tail(
        source, start=start, declared=declared, stream_index=int(video["index"]),
        should_stop=should_stop,
    )  # fmt: skip
    refuse_truncated(tail, start=start, declared=declared)
    frames = _sample_frames(source, index=int(video["index"]), should_stop=should_stop)
    picture = streams.video_stream(video, frames=frames, tail=tail, container_start=start)
    if picture.end_seconds - start > MAX_SECONDS:
        raise EncodingError(ErrorCode.TOO_LONG)
    return _facts(head, picture=picture, tail=tail, start=start, size_bytes=size_bytes)


def _facts(
    head: dict[str, Any], *, picture: VideoStream, tail: Tail, start: float, size_bytes: int
) -> SourceFacts:
    audio, subtitles, skipped = streams.other_streams(
        head["streams"], video_index=picture.index, tail=tail, container_start=start
    )
    end = max([picture.end_seconds, *(track.end_seconds for track in audio)])
    return SourceFacts(
        container=CONTAINERS[container(head)],
        size_bytes=size_bytes,
        start_seconds=start,
        duration_seconds=end - min([picture.start_seconds, *(t.start_seconds for t in audio)]),
        video=picture,
        audio=audio,
        subtitles=subtitles,
        skipped=skipped,
    )


def ffprobe_json(
    source: str, args: list[str], *, should_stop: ShouldStop
) -> tuple[dict[str, Any], str, int]:
    lines: list[str] = []
    result = run(
        [ffprobe_path(), "-hide_banner", "-v", "error", "-of", "json", *args, *input_args(source)],
        on_line=lines.append,
        timeout_seconds=PROBE_TIMEOUT_SECONDS,
        should_stop=should_stop,
    )
    text = "\n".join(lines)
    return (json.loads(text) if text else {}), result.stderr, result.exit_code


def container(head: dict[str, Any]) -> str:
    return str(head["format"]["format_name"]).split(",", maxsplit=1)[0]


def read_head(source: str, *, should_stop: ShouldStop) -> dict[str, Any]:
    found, stderr, exit_code = ffprobe_json(
        source, ["-show_format", "-show_streams", "-probesize", "20M"], should_stop=should_stop
    )
    problem = diagnose(exit_code=exit_code, stderr=stderr)
    if problem is ErrorCode.TRUNCATED and not _looks_like_mp4(source):
        problem = ErrorCode.NOT_A_VIDEO  # ffmpeg believed the file name
    if problem in (ErrorCode.DAMAGED, ErrorCode.INTERNAL, ErrorCode.UNSUPPORTED_CODEC):
        raise EncodingError(ErrorCode.NOT_A_VIDEO, detail=stderr)
    if problem:
        raise EncodingError(problem, detail=stderr)
    if not found.get("streams") or "format" not in found:
        raise EncodingError(ErrorCode.NOT_A_VIDEO, detail=stderr)
    return found


def _looks_like_mp4(source: str) -> bool:
    try:
        return first_bytes(source)[4:8] in MP4_STARTS
    except OSError as unreachable:
        raise EncodingError(ErrorCode.SOURCE_UNAVAILABLE, detail=str(unreachable)) from unreachable


def pictures_of(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The real ones; cover art is a video stream too, but not a film."""
    return [
        stream
        for stream in found
        if stream.get("codec_type") == "video" and not stream["disposition"].get("attached_pic")
    ]


def _choose_video(found: list[dict[str, Any]]) -> dict[str, Any]:
    """The one that is marked, else the first."""
    pictures = pictures_of(found)
    if not pictures:
        raise EncodingError(ErrorCode.NO_VIDEO_STREAM)
    chosen = next((s for s in pictures if s["disposition"].get("default")), pictures[0])
    if chosen.get("codec_name", "unknown") in ("unknown", "none"):
        raise EncodingError(ErrorCode.UNSUPPORTED_CODEC, detail=str(chosen.get("codec_tag_string")))
    if not chosen.get("width") or not chosen.get("height"):
        raise EncodingError(ErrorCode.NO_FRAMES)
    return chosen


def refuse_encrypted(found: list[dict[str, Any]]) -> None:
    for stream in found:
        tag = stream.get("codec_tag_string", "")
        sides = stream.get("side_data_list", ())
        if tag in ENCRYPTED_TAGS or any("ncrypt" in side["side_data_type"] for side in sides):
            raise EncodingError(ErrorCode.ENCRYPTED, detail=tag)


def _refuse_size(width: int, height: int) -> None:
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise EncodingError(ErrorCode.PICTURE_TOO_LARGE, detail=f"{width}x{height}")


def refuse_truncated(tail: Tail, *, start: float, declared: float | None) -> None:
    if declared is None:
        return
    if declared > MAX_SECONDS:
        raise EncodingError(ErrorCode.TOO_LONG)
    reached = max(tail.ends.values()) - start
    if declared - reached > max(0.5, min(3.0, declared * 0.05)):
        raise EncodingError(
            ErrorCode.TRUNCATED, detail=f"declares {declared:.3f} s, holds {reached:.3f} s"
        )


def _sample_frames(source: str, *, index: int, should_stop: ShouldStop) -> list[dict[str, Any]]:
    """The first pictures, decoded: proof that we can, and how they are scanned."""
    found, stderr, exit_code = ffprobe_json(
        source,
        [
            "-select_streams", str(index),
            "-read_intervals", f"%+#{SAMPLE_FRAMES}",
            "-show_entries",
            "frame=best_effort_timestamp_time,interlaced_frame,width,height,pix_fmt,color_transfer,color_primaries,"
            "color_space,color_range:frame_side_data=side_data_type",
        ],
        should_stop=should_stop,
    )  # fmt: skip
    frames: list[dict[str, Any]] = found.get("frames", [])
    if frames:
        _refuse_size(int(frames[0]["width"]), int(frames[0]["height"]))
        return frames
    problem = diagnose(exit_code=exit_code or 1, stderr=stderr)
    if "ncrypt" in stderr:
        problem = ErrorCode.ENCRYPTED
    if problem in (None, ErrorCode.INTERNAL, ErrorCode.TRUNCATED):
        problem = ErrorCode.DAMAGED
    raise EncodingError(problem, detail=stderr)
