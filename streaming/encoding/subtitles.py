"""Embedded text subtitles to clean WebVTT on film time."""

from __future__ import annotations

import re
from pathlib import Path

from streaming.encoding.captions import Cue, parse_cues, write_vtt
from streaming.encoding.plan import EncodePlan, SubtitleTrackPlan
from streaming.encoding.sources import input_args
from streaming.encoding.tools import ShouldStop, never, run_ffmpeg

SUBTITLE_TIMEOUT_SECONDS = 2 * 3600
ALLOWED_TAG = re.compile(r"</?(?:b|i|u)>", re.IGNORECASE)
ANY_TAG = re.compile(r"<[/\w!][^>]*>")
LONE_BRACKET = re.compile(r"<(?!/?[biu]>)")
ASS_OVERRIDE = re.compile(r"\{\\[^}]*\}")


def extract_subtitle(
    source: str,
    plan: EncodePlan,
    *,
    track: SubtitleTrackPlan,
    out_path: Path,
    should_stop: ShouldStop = never,
    timeout_seconds: float = SUBTITLE_TIMEOUT_SECONDS,
) -> int:
    """Write `track` as WebVTT and return the number of cues; 0 leaves no file (drop the track).

    Reads through the whole source: its subtitles are spread over it.
    """
    raw = out_path.with_suffix(".raw.vtt")
    run_ffmpeg(
        ["-copyts", *input_args(source), "-map", f"0:{track.stream_index}", "-c:s", "webvtt",
         "-f", "webvtt", "-y", str(raw)],
        timeout_seconds=timeout_seconds,
        should_stop=should_stop,
    )  # fmt: skip
    cues = clean_cues(
        parse_cues(raw.read_text(encoding="utf-8", errors="replace")),
        zero=plan.film_zero_seconds,
        end=plan.duration_seconds,
    )
    raw.unlink()
    if cues:
        out_path.write_text(write_vtt(cues), encoding="utf-8")
    return len(cues)


def clean_cues(cues: list[Cue], *, zero: float, end: float) -> list[Cue]:
    """Cues on film time and inside the film; of styling only bold, italic, underline stay."""
    cleaned = []
    for cue in cues:
        text = clean_text(cue.text)
        start, stop = max(0.0, cue.start - zero), min(end, cue.end - zero)
        if text and stop > start:
            cleaned.append(Cue(start=start, end=stop, text=text))
    return cleaned


def clean_text(text: str) -> str:
    text = ASS_OVERRIDE.sub("", text)
    text = ANY_TAG.sub(lambda tag: tag[0].lower() if ALLOWED_TAG.fullmatch(tag[0]) else "", text)
    text = LONE_BRACKET.sub("&lt;", text)  # to WebVTT the beginning of a tag
    lines = (line.strip().replace("-->", "->") for line in text.splitlines())
    return "\n".join(line for line in lines if line)
