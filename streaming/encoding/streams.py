"""ffprobe's stream dictionaries turned into facts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Literal

from streaming.encoding.facts import (
    AudioStream,
    ColorTags,
    SkippedStream,
    SubtitleStream,
    VideoStream,
)
from streaming.encoding.languages import short_tag
from streaming.encoding.tail import Tail

ABSURD, FASTEST = Fraction(3, 2), 240  # average over nominal rate; frames a second
TEXT_SUBTITLES = frozenset({"subrip", "ass", "ssa", "mov_text", "webvtt", "text"})
HDR_TRANSFERS: dict[str, Literal["pq", "hlg"]] = {"smpte2084": "pq", "arib-std-b67": "hlg"}


# What ffmpeg, Apple, GPAC, Android and others write where nobody gave a name.
MUXER_NAME = re.compile(
    r"handler|core media|apple|gpac|mainconcept|l-smash|iso ?media|bento4|^(sound|stereo|mono)$",
    re.IGNORECASE,
)


def seconds(value: object) -> float | None:
    try:
        return float(str(value))
    except ValueError:
        return None


def ratio(value: object, *, default: Fraction) -> Fraction:
    """ "30000/1001" or "8:9"; `default` for "0/0", "N/A" and the like."""
    found = re.fullmatch(r"(\d+)[/:](\d+)", str(value))
    if not found or not int(found[1]) or not int(found[2]):
        return default
    return Fraction(int(found[1]), int(found[2]))


def video_stream(
    stream: dict[str, Any], *, frames: Sequence[dict[str, Any]], tail: Tail, container_start: float
) -> VideoStream:
    index = int(stream["index"])
    width, height = int(stream["width"]), int(stream["height"])
    sample_aspect = ratio(stream.get("sample_aspect_ratio"), default=Fraction(1))
    rotation = _rotation(stream)
    shown = (max(1, round(width * sample_aspect)), height)
    if rotation in (90, 270):
        shown = (shown[1], shown[0])
    nominal = ratio(stream.get("r_frame_rate"), default=Fraction(25))
    pixel_format = str(frames[0].get("pix_fmt") or stream.get("pix_fmt"))
    transfer = stream.get("color_transfer") or frames[0].get("color_transfer") or ""
    start = seconds(stream.get("start_time"))
    start = container_start if start is None else start
    rate = _average_rate(stream, nominal=nominal, counted=tail.begins[index].rate)
    return VideoStream(
        index=index,
        codec=str(stream["codec_name"]),
        coded_width=width,
        coded_height=height,
        sample_aspect=sample_aspect,
        rotation=rotation,
        display_width=shown[0],
        display_height=shown[1],
        average_frame_rate=rate,
        nominal_frame_rate=nominal,
        interlaced=_interlaced(frames),
        pixel_format=pixel_format,
        bit_depth=_bit_depth(stream, pixel_format),
        color=_color(stream, frames[0]),
        hdr=HDR_TRANSFERS.get(transfer),
        start_seconds=start,
        # a packet that does not know its length, or gives a clock tick for it, lasts a frame
        end_seconds=max(tail.ends[index], tail.begins[index].last + float(1 / rate)),
        late_seconds=_late(frames[0], start=start) if tail.begins[index].undated else 0.0,
    )


def _late(frame: dict[str, Any], *, start: float) -> float:
    """AVI dates a packet by its place, so with B-frames the decoder's first picture, which is the
    film's first, comes out some places later: heard before it is seen.
    """
    shown = seconds(frame.get("best_effort_timestamp_time"))
    return 0.0 if shown is None else max(0.0, shown - start)


def _average_rate(
    stream: dict[str, Any], *, nominal: Fraction, counted: Fraction | None
) -> Fraction:
    """The declared average, unless it cannot be: then the packets near the end, counted.

    A film of varying rate has an average below the nominal. One far above it counts clock ticks:
    H.264 with B-frames copied into AVI claims 600 pictures a second.
    """
    average = ratio(stream.get("avg_frame_rate"), default=nominal)
    absurd = average > nominal * ABSURD or average > FASTEST
    return counted if counted and absurd else average


def _rotation(stream: dict[str, Any]) -> int:
    """ffprobe gives the counter-clockwise turn of the display matrix."""
    for side in stream.get("side_data_list", ()):
        if "rotation" in side:
            return round(-float(side["rotation"]) / 90) * 90 % 360
    return 0


def _interlaced(frames: Sequence[dict[str, Any]]) -> bool:
    """By what the decoded frames say; the container's field order is often missing or wrong."""
    flagged = sum(int(frame.get("interlaced_frame", 0)) for frame in frames)
    return flagged * 2 > len(frames)


def _bit_depth(stream: dict[str, Any], pixel_format: str) -> int:
    raw = str(stream.get("bits_per_raw_sample", ""))
    if raw.isdigit() and int(raw) > 0:
        return int(raw)
    found = re.search(r"p(\d{1,2})(le|be)?$", pixel_format)
    return int(found[1]) if found else 8


def _color(stream: dict[str, Any], frame: dict[str, Any]) -> ColorTags:
    def tag(name: str) -> str | None:
        value = stream.get(name) or frame.get(name)
        return None if value in (None, "unknown", "unspecified", "reserved") else str(value)

    return ColorTags(
        primaries=tag("color_primaries"),
        transfer=tag("color_transfer"),
        matrix=tag("color_space"),
        full_range=tag("color_range") == "pc" or "yuvj" in str(stream.get("pix_fmt")),
    )


def other_streams(
    found: Sequence[dict[str, Any]], *, video_index: int, tail: Tail, container_start: float
) -> tuple[tuple[AudioStream, ...], tuple[SubtitleStream, ...], tuple[SkippedStream, ...]]:
    audio: list[AudioStream] = []
    subtitles: list[SubtitleStream] = []
    skipped: list[SkippedStream] = []
    for stream in found:
        reason = _skip_reason(stream)
        if int(stream["index"]) == video_index:
            continue
        if reason:
            skipped.append(
                SkippedStream(
                    index=int(stream["index"]),
                    kind=str(stream.get("codec_type", "unknown")),
                    codec=str(stream.get("codec_name", "unknown")),
                    reason=reason,
                )
            )
        elif stream["codec_type"] == "audio":
            audio.append(_audio(stream, tail=tail, container_start=container_start))
        else:
            subtitles.append(_subtitle(stream))
    return tuple(audio), tuple(subtitles), tuple(skipped)


def _skip_reason(stream: dict[str, Any]) -> str | None:
    kind, codec = stream.get("codec_type"), stream.get("codec_name", "unknown")
    if kind == "audio":
        known = codec not in ("unknown", "none") and int(stream.get("channels", 0)) > 0
        return None if known else "The sound is in a format we cannot decode."
    if kind == "subtitle":
        text = codec in TEXT_SUBTITLES
        return None if text else "These subtitles are pictures; upload them as text (SRT or VTT)."
    if kind == "video":
        attached = stream["disposition"].get("attached_pic")
        return "A cover picture." if attached else "A second picture track."
    return "Not picture, sound or subtitles."


def _tags(stream: dict[str, Any]) -> tuple[str, str]:
    tags = {key.lower(): str(value) for key, value in stream.get("tags", {}).items()}
    return short_tag(tags.get("language", "und")), tags.get("title") or _handler_name(tags)


def _handler_name(tags: dict[str, str]) -> str:
    """Where MP4 keeps a track's name; muxers fill it with names of their own."""
    name = tags.get("handler_name", "").strip()
    return "" if MUXER_NAME.search(name) else name


def _audio(stream: dict[str, Any], *, tail: Tail, container_start: float) -> AudioStream:
    language, title = _tags(stream)
    begin = seconds(stream.get("start_time"))
    start = container_start if begin is None else begin
    length = seconds(stream.get("duration"))
    return AudioStream(
        index=int(stream["index"]),
        codec=str(stream["codec_name"]),
        channels=int(stream["channels"]),
        layout=str(stream.get("channel_layout", "")),
        sample_rate=int(stream.get("sample_rate", 48000)),
        language=language,
        title=title,
        default=bool(stream["disposition"].get("default")),
        start_seconds=start,
        end_seconds=tail.ends.get(int(stream["index"]), start + (length or 0.0)),
    )


def _subtitle(stream: dict[str, Any]) -> SubtitleStream:
    language, title = _tags(stream)
    return SubtitleStream(
        index=int(stream["index"]),
        codec=str(stream["codec_name"]),
        language=language,
        title=title,
        default=bool(stream["disposition"].get("default")),
        forced=bool(stream["disposition"].get("forced")),
    )
