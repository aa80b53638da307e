"""Extraction of embedded text subtitles as clean WebVTT on film time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from streaming.encoding.captions import Cue, parse_cues, write_vtt
from streaming.encoding.cues import ass_text, clean_settings, from_overrides
from streaming.encoding.diagnosis import diagnose
from streaming.encoding.errors import EncodingError
from streaming.encoding.plan import EncodePlan, SubtitleTrackPlan
from streaming.encoding.sources import input_args, option_args
from streaming.encoding.text_decoding import UnreadableTextError, decode
from streaming.encoding.tools import ShouldStop, ffprobe_path, never, run_ffmpeg, run_tool

SUBTITLE_TIMEOUT_SECONDS = 2 * 3600
ALLOWED_TAG = re.compile(r"</?(?:b|i|u)>", re.IGNORECASE)
# A tag begins with an alphabetic character or is a WebVTT time: "I <3 you" has none.
ANY_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--.*?-->|<\d{2,}:\d{2}[:.\d]*>", re.DOTALL)
LONE_BRACKET = re.compile(r"<(?!/?[biu]>)")
LONE_AMPERSAND = re.compile(r"&(?!(?:lt|gt|amp|nbsp|lrm|rlm|#\d+|#x[0-9a-fA-F]+);)")
# Codecs whose packets hold the text as written; only ffmpeg can read the others.
AS_WRITTEN = frozenset({"subrip", "text", "ass", "ssa", "webvtt"})
LONGEST_SECONDS = 60.0  # a packet without a length lasts until the next one
MOST_CUES = 20_000


@dataclass(frozen=True, kw_only=True)
class ExtractedSubtitle:
    """Numbers of cues written and of characters that show as U+FFFD."""

    cues: int
    damaged: int = 0


@dataclass(kw_only=True)
class _Packet:
    start: float
    length: float
    data: bytes


def extract_subtitle(
    source: str,
    plan: EncodePlan,
    *,
    track: SubtitleTrackPlan,
    out_path: Path,
    should_stop: ShouldStop = never,
    timeout_seconds: float = SUBTITLE_TIMEOUT_SECONDS,
) -> ExtractedSubtitle:
    """Write `track` as WebVTT; without a cue no file is written (drop the track).

    Reads through the whole source: its subtitles are spread over it.
    """
    if track.codec in AS_WRITTEN:
        packets = _packets(
            source, track=track, should_stop=should_stop, timeout_seconds=timeout_seconds
        )
        raw, damaged = _read(packets, track=track)
    else:
        damaged = 0
        converted = out_path.with_suffix(".raw.vtt")
        output = option_args({"map": f"0:{track.stream_index}", "c:s": "webvtt", "f": "webvtt"})
        run_ffmpeg(
            ["-copyts", *input_args(source), *output, "-y", str(converted)],
            timeout_seconds=timeout_seconds,
            should_stop=should_stop,
        )
        raw = parse_cues(converted.read_text(encoding="utf-8", errors="replace"))
        converted.unlink()
    cues = clean_cues(raw, zero=plan.film_zero_seconds, end=plan.duration_seconds)
    if cues:
        out_path.write_text(write_vtt(cues), encoding="utf-8")
    return ExtractedSubtitle(cues=len(cues), damaged=damaged)


def _packets(
    source: str, *, track: SubtitleTrackPlan, should_stop: ShouldStop, timeout_seconds: float
) -> list[_Packet]:
    """Return the track's packets with their bytes.

    ffmpeg itself drops lines that are not UTF-8, breaks cues at empty lines and does not know every
    way in which Matroska holds WebVTT.
    """
    found: list[_Packet] = []
    state: dict[str, str] = {}
    hexdump: list[str] = []

    def on_line(line: str) -> None:
        key, _, value = line.partition("=")
        if line == "[PACKET]":
            state.clear()
            hexdump.clear()
        elif line == "[/PACKET]":
            start = state.get("pts_time", "N/A")
            length = state.get("duration_time", "N/A")
            if start != "N/A" and len(found) < MOST_CUES:
                seconds = 0.0 if length == "N/A" else float(length)
                data = bytes.fromhex("".join(hexdump))
                found.append(_Packet(start=float(start), length=seconds, data=data))
        elif key in ("pts_time", "duration_time"):
            state[key] = value
        elif row := HEXDUMP.match(line):
            hexdump.append(row[1].replace(" ", ""))

    command = [ffprobe_path(), "-hide_banner", "-v", "error", "-of", "default=nw=0", "-show_data"]
    entries = "packet=pts_time,duration_time,data"
    shown = option_args({"select_streams": track.stream_index, "show_entries": entries})
    result = run_tool(
        [*command, *shown, *input_args(source)],
        on_line=on_line,
        timeout_seconds=timeout_seconds,
        should_stop=should_stop,
    )
    problem = diagnose(exit_code=result.exit_code, stderr=result.stderr)
    if problem:
        raise EncodingError(problem, detail=result.stderr)
    return found


HEXDUMP = re.compile(r"[0-9a-f]{8}: ((?:[0-9a-f]{2,4} ?)+) ")


def _read(packets: list[_Packet], *, track: SubtitleTrackPlan) -> tuple[list[Cue], int]:
    """Return cues and the count of damaged characters; all packets are read in one code page."""
    whole = b"\n\x1e\n".join(packet.data for packet in packets)
    try:
        decoded = decode(whole, language=track.language)
        text = decoded.text
        damaged = decoded.damaged
    except UnreadableTextError:
        text = whole.decode("utf-8", errors="replace")
        damaged = text.count("\ufffd")
    ends = [*(packet.start for packet in packets[1:]), float("inf")]
    is_ass = track.codec in ("ass", "ssa")
    cues = []
    for packet, line, following in zip(packets, text.split("\n\x1e\n"), ends, strict=False):
        plain = line.replace("\r\n", "\n").replace("\r", "\n").rstrip("\0")
        shown, settings = from_overrides(ass_text(plain) if is_ass else plain, comments=is_ass)
        length = packet.length or max(0.0, min(LONGEST_SECONDS, following - packet.start))
        end = packet.start + length
        cues.append(Cue(start=packet.start, end=end, text=shown, settings=settings))
    return cues, damaged


def clean_cues(cues: list[Cue], *, zero: float, end: float) -> list[Cue]:
    """Return cues on film time and inside the film.

    Of styling only bold, italic, underline and the position stay.
    """
    cleaned = []
    for cue in cues:
        text = clean_text(cue.text)
        start = max(0.0, cue.start - zero)
        stop = min(end, cue.end - zero)
        if text and stop > start:
            settings = clean_settings(cue.settings)
            cleaned.append(Cue(start=start, end=stop, text=text, settings=settings))
    return cleaned


def clean_text(text: str) -> str:
    text = ANY_TAG.sub(lambda tag: tag[0].lower() if ALLOWED_TAG.fullmatch(tag[0]) else "", text)
    text = LONE_BRACKET.sub("&lt;", text)  # to WebVTT the beginning of a tag
    text = LONE_AMPERSAND.sub("&amp;", text)
    lines = (line.strip(" \t").replace("-->", "->") for line in text.split("\n"))
    return "\n".join(line for line in lines if line)
