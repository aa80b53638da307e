"""Heads of sources, as ffprobe reports them, checked against the file's bytes."""

from __future__ import annotations

import json
from typing import Any

from streaming.encoding.containers import missing_bytes
from streaming.encoding.diagnosis import diagnose
from streaming.encoding.errors import EncodingError, ErrorCode
from streaming.encoding.sources import first_bytes, input_args
from streaming.encoding.tools import ShouldStop, ffprobe_path, run_tool

PROBE_TIMEOUT_SECONDS = 300
MP4_STARTS = frozenset({b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide"})


def ffprobe_json(
    source: str, args: list[str], *, should_stop: ShouldStop, first_byte: int = 0, end_byte: int = 0
) -> tuple[dict[str, Any], str, int]:
    lines: list[str] = []
    command = [ffprobe_path(), "-hide_banner", "-v", "error", "-of", "json"]
    opened = input_args(source, first_byte=first_byte, end_byte=end_byte)
    result = run_tool(
        [*command, *args, *opened],
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
        source,
        ["-show_format", "-show_streams", "-probesize", "20M", "-analyzeduration", "60M"],
        should_stop=should_stop,
    )
    problem = diagnose(exit_code=exit_code, stderr=stderr)
    if problem is ErrorCode.TRUNCATED:
        try:
            start = first_bytes(source)
        except OSError as gone:
            raise EncodingError(ErrorCode.SOURCE_UNAVAILABLE, detail=str(gone)) from gone
        if start[4:8] not in MP4_STARTS:
            problem = ErrorCode.NOT_A_VIDEO  # ffmpeg believed the file name
    if problem in (ErrorCode.DAMAGED, ErrorCode.INTERNAL, ErrorCode.UNSUPPORTED_CODEC):
        raise EncodingError(ErrorCode.NOT_A_VIDEO, detail=stderr)
    if problem:
        raise EncodingError(problem, detail=stderr)
    if not found.get("streams") or "format" not in found:
        raise EncodingError(ErrorCode.NOT_A_VIDEO, detail=stderr)
    return found


def is_complete(source: str, *, size_bytes: int) -> bool:
    """Return True if the file's structure shows that no byte is missing. Raises EncodingError."""
    try:
        return missing_bytes(source, size_bytes=size_bytes) == 0
    except OSError as unreachable:
        raise EncodingError(ErrorCode.SOURCE_UNAVAILABLE, detail=str(unreachable)) from unreachable


def pictures_of(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the video streams except cover art, which is a video stream too."""
    return [
        stream
        for stream in found
        if stream.get("codec_type") == "video" and not stream["disposition"].get("attached_pic")
    ]
