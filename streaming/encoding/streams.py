"""Facts from ffprobe's stream dictionaries."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Literal

from streaming.encoding.facts import (
    AudioStream,
    ColorTags,
    NoticeCode,
    SkippedStream,
    SubtitleStream,
    VideoStream,
)
from streaming.encoding.languages import short_tag
from streaming.encoding.tail import Begins, Tail
from streaming.encoding.transport_scan import StreamScan

INTERLACED_FRAMES = 3
MOST_SHAPES = 40  # a stream that changes its shape more often is broken, and keeps the first
ABSURD = Fraction(3, 2)  # average over nominal rate
FASTEST = 240  # frames a second
TEXT_SUBTITLES = frozenset({"subrip", "ass", "ssa", "mov_text", "webvtt", "text"})
PICTURE_SUBTITLES = (
    NoticeCode.PICTURE_SUBTITLES_LEFT_OUT,
    "These subtitles are pictures; upload them as text (SRT or VTT).",
)
TELETEXT = (
    NoticeCode.TELETEXT_LEFT_OUT,
    "These subtitles are teletext; upload them as text (SRT or VTT).",
)
CLOSED_CAPTIONS = (
    NoticeCode.CLOSED_CAPTIONS_LEFT_OUT,
    "These are closed captions; upload them as text (SRT or VTT).",
)
UNREADABLE_SUBTITLES = (
    NoticeCode.UNREADABLE_SUBTITLES_LEFT_OUT,
    "These subtitles are in a format we cannot read; upload them as text (SRT or VTT).",
)
SUBTITLES_LEFT_OUT = {
    "hdmv_pgs_subtitle": PICTURE_SUBTITLES,
    "dvd_subtitle": PICTURE_SUBTITLES,
    "dvb_subtitle": PICTURE_SUBTITLES,
    "xsub": PICTURE_SUBTITLES,
    "hdmv_text_subtitle": PICTURE_SUBTITLES,
    "dvb_teletext": TELETEXT,
    "eia_608": CLOSED_CAPTIONS,
    "eia_708": CLOSED_CAPTIONS,
    "cea_608": CLOSED_CAPTIONS,
}
HDR_TRANSFERS: dict[str, Literal["pq", "hlg"]] = {"smpte2084": "pq", "arib-std-b67": "hlg"}


# Placeholder names of muxers (ffmpeg, Apple, GPAC, Android and others) and of cameras:
# "SoundHandle" (Android), "GoPro AAC", "DJI.AAC", "Ambarella AAC".
MUXER_NAME = re.compile(
    r"handle|core media|apple|gpac|mainconcept|l-?smash|iso ?media|media file|bento4|google|twitch"
    r"|gopro|\bdji\b|ambarella|insta ?360|\bins\b|canon|nikon|panasonic|sony|samsung|xiaomi|huawei"
    r"|fujifilm|garmin|olympus|qualcomm|mediatek|premiere|adobe|davinci|blackmagic|vireo|\busp\b"
    r"|\b(aac|avc|hevc|h\.?26[45]|mp4a|mp3|ac-?3|e-?ac-?3|opus|pcm|lpcm|soun|twos|sowt)\b"
    r"|^(sound|audio|stereo|mono|main|default|und)?[ _.-]*(track|stream|media)?[ #_.-]*\d*$",
    re.IGNORECASE,
)


def parse_seconds(value: object) -> float | None:
    try:
        return float(str(value))
    except ValueError:
        return None


def ratio(value: object, *, default: Fraction) -> Fraction:
    """Parse "30000/1001" or "8:9"; return `default` for "0/0", "N/A" and the like."""
    found = re.fullmatch(r"(\d+)[/:](\d+)", str(value))
    if not found or not int(found[1]) or not int(found[2]):
        return default
    return Fraction(int(found[1]), int(found[2]))


def video_stream(
    stream: dict[str, Any],
    *,
    frames: Sequence[dict[str, Any]],
    tail: Tail,
    container_start: float,
    scan: StreamScan | None = None,
) -> VideoStream:
    """Return the picture's facts: the head's, corrected by decoded frames and a scan.

    Only a transport stream has a scan.
    """
    index = int(stream["index"])
    width, height = _cropped_size(stream, frames[0])
    sample_aspect = _sample_aspect(stream, width=width, height=height)
    rotation = _rotation(stream)
    shown = (max(1, round(width * sample_aspect)), height)
    if rotation in (90, 270):
        shown = (shown[1], shown[0])
    nominal = ratio(stream.get("r_frame_rate"), default=Fraction(25))
    pixel_format = str(frames[0].get("pix_fmt") or stream.get("pix_fmt"))
    transfer = stream.get("color_transfer") or frames[0].get("color_transfer") or ""
    start = parse_seconds(stream.get("start_time"))
    start = container_start if start is None else start
    begins = tail.begins[index]
    rate = _average_rate(stream, nominal=nominal, counted=begins.rate)
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
        interlaced=_interlaced(frames) or bool(scan and scan.interlaced),
        pixel_format=pixel_format,
        bit_depth=_bit_depth(stream, pixel_format),
        color=_color(stream, frames[0]),
        hdr=HDR_TRANSFERS.get(transfer),
        start_seconds=start,
        # a packet that does not know its length, or gives a clock tick for it, lasts a frame
        end_seconds=max(tail.ends[index], begins.last + _frame_seconds(begins, rate)),
        late_seconds=_late(frames[0], start=start) if begins.undated else 0.0,
        last_start_seconds=begins.last,
        before_last_seconds=max(start, begins.before_last),
        captions=_captioned(stream, frames),
        shapes=tuple(scan.shapes) if scan and 1 < len(scan.shapes) <= MOST_SHAPES else (),
    )


def _captioned(stream: dict[str, Any], frames: Sequence[dict[str, Any]]) -> bool:
    sides = [side for frame in frames for side in frame.get("side_data_list", ())]
    return bool(stream.get("closed_captions")) or any(
        "A53" in str(side.get("side_data_type")) for side in sides
    )


def _frame_seconds(begins: Begins, rate: Fraction) -> float:
    """Return the seconds of a last picture of unknown length.

    That is the average, but not longer than the picture before it: a film of slides has an average
    of seconds.
    """
    return min(float(1 / rate), max(begins.last - begins.before_last, 0.0))


def _cropped_size(stream: dict[str, Any], frame: dict[str, Any]) -> tuple[int, int]:
    """Return the size of frames in ffmpeg's graph, after the container's cropping.

    Neither the head's size nor ffprobe's frames show that crop (MP4 `clap`, Matroska's PixelCrop).
    """
    width = int(frame["width"])
    height = int(frame["height"])
    for side in stream.get("side_data_list", ()):
        if side.get("side_data_type") == "Frame Cropping":
            width -= int(side.get("crop_left", 0)) + int(side.get("crop_right", 0))
            height -= int(side.get("crop_top", 0)) + int(side.get("crop_bottom", 0))
    return max(1, width), max(1, height)


def _sample_aspect(stream: dict[str, Any], *, width: int, height: int) -> Fraction:
    aspect = ratio(stream.get("sample_aspect_ratio"), default=Fraction(1))
    coded = Fraction(int(stream["width"]), int(stream["height"]))
    cropped = Fraction(width, height)
    # A Matroska muxer that crops without setting the display size leaves that of the whole picture:
    # taken by its word, the cropped one would be stretched to it.
    return Fraction(1) if cropped != coded and aspect * cropped == coded else aspect


def _late(frame: dict[str, Any], *, start: float) -> float:
    """Return the seconds by which the decoder's first picture comes late.

    AVI dates a packet by its position, so with B-frames the film's first picture comes out some
    positions later, after its sound.
    """
    shown = parse_seconds(frame.get("best_effort_timestamp_time"))
    return 0.0 if shown is None else max(0.0, shown - start)


def _average_rate(
    stream: dict[str, Any], *, nominal: Fraction, counted: Fraction | None
) -> Fraction:
    """Return the declared average rate, or if it is impossible that of the packets near the end.

    A film of varying rate has an average below the nominal. One far above it counts clock ticks:
    H.264 with B-frames copied into AVI claims 600 pictures a second.
    """
    average = ratio(stream.get("avg_frame_rate"), default=nominal)
    absurd = average > nominal * ABSURD or average > FASTEST
    return counted if counted and absurd else average


def _rotation(stream: dict[str, Any]) -> int:
    """Return the clockwise rotation; ffprobe gives the counter-clockwise one."""
    for side in stream.get("side_data_list", ()):
        if "rotation" in side:
            return round(-float(side["rotation"]) / 90) * 90 % 360
    return 0


def _interlaced(frames: Sequence[dict[str, Any]]) -> bool:
    """Return True if some decoded frames are marked interlaced.

    The container's field order is often missing or wrong. Some frames are enough, as only marked
    ones get deinterlaced.
    """
    flagged = sum(int(frame.get("interlaced_frame", 0)) for frame in frames)
    return flagged >= min(INTERLACED_FRAMES, len(frames))


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
        if int(stream.get("scan_index", stream["index"])) == video_index:
            continue
        if reason:
            skipped.append(
                SkippedStream(
                    index=int(stream["index"]),
                    kind=str(stream.get("codec_type", "unknown")),
                    codec=str(stream.get("codec_name", "unknown")),
                    reason=reason[1],
                    code=reason[0],
                    language=_tags(stream)[0],
                )
            )
        elif stream["codec_type"] == "audio":
            audio.append(_audio(stream, tail=tail, container_start=container_start))
        else:
            language, title = _tags(stream)
            subtitles.append(
                SubtitleStream(
                    index=int(stream["index"]),
                    codec=str(stream["codec_name"]),
                    language=language,
                    title=title,
                    default=bool(stream["disposition"].get("default")),
                    forced=bool(stream["disposition"].get("forced")),
                )
            )
    return tuple(audio), tuple(subtitles), tuple(skipped)


def _skip_reason(stream: dict[str, Any]) -> tuple[NoticeCode, str] | None:
    """Return the reason to leave a stream out, or None for one that is used.

    Closed captions (CEA-608) are a stream of their own in QuickTime.
    """
    kind = stream.get("codec_type")
    codec = stream.get("codec_name", "unknown")
    if kind == "audio":
        decodable = codec not in ("unknown", "none") and int(stream.get("channels", 0)) > 0
        text = "The sound is in a format we cannot decode."
        return None if decodable else (NoticeCode.UNDECODABLE_SOUND_LEFT_OUT, text)
    if kind == "subtitle":
        left_out = SUBTITLES_LEFT_OUT.get(str(codec), UNREADABLE_SUBTITLES)
        return None if codec in TEXT_SUBTITLES else left_out
    if kind == "video":
        if stream["disposition"].get("attached_pic"):
            return NoticeCode.COVER_LEFT_OUT, "A cover picture."
        return NoticeCode.SECOND_PICTURE_LEFT_OUT, "A second picture track."
    return NoticeCode.STREAM_LEFT_OUT, "Not picture, sound or subtitles."


def _tags(stream: dict[str, Any]) -> tuple[str, str]:
    tags = {key.lower(): str(value) for key, value in stream.get("tags", {}).items()}
    # MP4's track name is in its handler's, unless a muxer wrote a name of its own there.
    handler = "".join(char for char in tags.get("handler_name", "") if char.isprintable()).strip()
    title = tags.get("title") or ("" if MUXER_NAME.search(handler) else handler)
    return short_tag(tags.get("language", "und")), title


def _audio(stream: dict[str, Any], *, tail: Tail, container_start: float) -> AudioStream:
    language, title = _tags(stream)
    begin = parse_seconds(stream.get("start_time"))
    start = container_start if begin is None else begin
    length = parse_seconds(stream.get("duration"))
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
        end_seconds=tail.ends.get(
            int(stream.get("scan_index", stream["index"])), start + (length or 0.0)
        ),
        first_byte=int(stream.get("first_byte", 0)),
    )
