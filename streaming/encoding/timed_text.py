"""Uploaded subtitle files, SRT or WebVTT in any encoding, read as clean cues on film time.

Errors name the faulty line, so that the uploader can correct the file.
"""

from __future__ import annotations

from dataclasses import dataclass

from streaming.encoding.captions import Cue, stamp
from streaming.encoding.cues import ASIDE, TIMING, RawCue, from_overrides, split_cues
from streaming.encoding.subtitles import clean_cues
from streaming.encoding.text_decoding import UnreadableTextError, decode

MOST_CUES = 20_000
MOST_AT_ONCE = 4  # two speakers and a sign are three; more is a broken file
LONGEST_CUE = 1000  # characters
# A last line may last a little longer than the picture; it is cut to the film's end.
SLACK_SECONDS = 5.0
NO_SUBTITLES = "There are no subtitles in this file. Upload SRT or WebVTT."


class SubtitleFaultError(ValueError):
    """Raised for a file that cannot be this film's subtitles; a sentence for the uploader."""


@dataclass(frozen=True, kw_only=True)
class ReadSubtitles:
    """Cues of a file in order, its encoding, and the count of damaged characters."""

    cues: list[Cue]
    encoding: str
    damaged: int


@dataclass(frozen=True, kw_only=True)
class _Timing:
    line: int
    start: float
    end: float


def read_subtitles(data: bytes, *, duration_seconds: float, language: str = "und") -> ReadSubtitles:
    """Read a file in the language that its sender chose. Raises SubtitleFaultError."""
    try:
        decoded = decode(data, language=language)
    except UnreadableTextError as exc:
        if b"-->" not in data:
            raise SubtitleFaultError(NO_SUBTITLES) from exc
        raise SubtitleFaultError(
            "This file cannot be read in the language you chose. Choose the file's language, "
            "or save it as UTF-8."
        ) from exc
    text = _plain(decoded.text)
    webvtt = text.lstrip("\ufeff \n").startswith("WEBVTT")
    raw = list(split_cues(_without_asides(text.split("\n")), webvtt=webvtt))
    if not raw:
        raise SubtitleFaultError(NO_SUBTITLES)
    if len(raw) > MOST_CUES:
        raise SubtitleFaultError(
            f"The file has {len(raw)} subtitles. At most {MOST_CUES} are allowed."
        )
    timings = [_timing(cue, film_seconds=duration_seconds) for cue in raw]
    cues = []
    for cue, timing in zip(raw, timings, strict=True):
        shown, position = from_overrides(cue.text, comments=False)
        settings = cue.settings or position
        cues.append(Cue(start=timing.start, end=timing.end, text=shown, settings=settings))
    _check_crowds(timings)
    _check_lengths(cues, timings)
    cleaned = clean_cues(cues, zero=0, end=duration_seconds)
    if not cleaned:
        raise SubtitleFaultError("This file has times but no text.")
    return ReadSubtitles(
        cues=sorted(cleaned, key=lambda cue: cue.start),
        encoding=decoded.encoding,
        damaged=decoded.damaged,
    )


def _plain(text: str) -> str:
    """Remove control characters; databases and players refuse NUL."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for line_break in ("\u2028", "\u2029", "\x85"):
        text = text.replace(line_break, "\n")
    return "".join(char for char in text if char >= " " or char in "\n\t")


def _without_asides(lines: list[str]) -> list[str]:
    """Replace comments and styles by empty lines, so that other lines keep their numbers."""
    text: list[str] = []
    aside = False
    for before, line in zip(["", *lines], lines, strict=False):
        if not line.strip():
            aside = False
        elif ASIDE.match(line) and not before.strip():
            aside = True
        text.append("" if aside else line)
    return text


def _timing(raw: RawCue, *, film_seconds: float) -> _Timing:
    number = raw.line
    match = TIMING.fullmatch(raw.timing)
    if match is None:
        shown = raw.timing.strip()[:60]
        raise SubtitleFaultError(
            f"Line {number}: “{shown}” is not a time. Write 00:01:02,500 --> 00:01:04,000."
        )
    parts = match.groups()
    start = _seconds(parts[:4])
    end = _seconds(parts[4:8])
    if end <= start:
        raise SubtitleFaultError(f"Line {number} ends before it starts.")
    if start >= film_seconds or end > film_seconds + SLACK_SECONDS:
        raise SubtitleFaultError(
            f"Line {number} ends at {stamp(end)[:8]}, but the film ends at "
            f"{stamp(film_seconds)[:8]}. Are these subtitles for another cut?"
        )
    return _Timing(line=number, start=start, end=end)


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, fraction = (part or "0" for part in parts)
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{fraction:0>3}")


def _check_crowds(timings: list[_Timing]) -> None:
    shown: list[float] = []
    for timing in sorted(timings, key=lambda timing: timing.start):
        shown = [end for end in shown if end > timing.start] + [timing.end]
        if len(shown) > MOST_AT_ONCE:
            raise SubtitleFaultError(
                f"Line {timing.line}: more than {MOST_AT_ONCE} subtitles at the same time."
            )


def _check_lengths(cues: list[Cue], timings: list[_Timing]) -> None:
    for cue, timing in zip(cues, timings, strict=True):
        if len(cue.text) > LONGEST_CUE:
            raise SubtitleFaultError(
                f"Line {timing.line} has {len(cue.text)} characters. "
                f"At most {LONGEST_CUE} are allowed."
            )
