"""Somebody's subtitle file, SRT or WebVTT in whatever encoding, to clean cues on film time.

What cannot be used is named by its line, so that whoever has the file can mend it.
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
# A last line may stand a little longer than the picture; it is cut to it.
SLACK_SECONDS = 5.0
NOTHING_IN_IT = "There are no subtitles in this file. Send SRT or WebVTT."


class SubtitleFaultError(ValueError):
    """Why a file is no subtitles for this film: a sentence for whoever sent it."""


@dataclass(frozen=True, kw_only=True)
class ReadSubtitles:
    """What a file holds: its cues in order, how its letters were read, how many are damaged."""

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
        letters = decode(data, language=language)
    except UnreadableTextError as exc:
        if b"-->" not in data:
            raise SubtitleFaultError(NOTHING_IN_IT) from exc
        raise SubtitleFaultError(
            "The letters of this file make no words in the language you chose. Choose its "
            "language, or save the file as UTF-8."
        ) from exc
    text = _plain(letters.text)
    webvtt = text.lstrip("\ufeff \n").startswith("WEBVTT")
    raw = list(split_cues(_without_asides(text.split("\n")), webvtt=webvtt))
    timings = _timings(raw, film_seconds=duration_seconds)
    cues = [_cue(one, timing) for one, timing in zip(raw, timings, strict=True)]
    _check_crowds(timings)
    _check_lengths(cues, timings)
    cleaned = clean_cues(cues, zero=0, end=duration_seconds)
    if not cleaned:
        raise SubtitleFaultError("There are times in this file, and no words to show at them.")
    return ReadSubtitles(
        cues=sorted(cleaned, key=lambda cue: cue.start),
        encoding=letters.encoding,
        damaged=letters.damaged,
    )


def _cue(raw: RawCue, timing: _Timing) -> Cue:
    text, settings = from_overrides(raw.text, comments=False)
    return Cue(start=timing.start, end=timing.end, text=text, settings=raw.settings or settings)


def _plain(text: str) -> str:
    """Without control characters; NUL is none that a database or a player would bear."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for line_break in ("\u2028", "\u2029", "\x85"):
        text = text.replace(line_break, "\n")
    return "".join(char for char in text if char >= " " or char in "\n\t")


def _without_asides(lines: list[str]) -> list[str]:
    """Comments and styles as empty lines, so that every other line keeps its number."""
    kept, aside = [], False
    for before, line in zip(["", *lines], lines, strict=False):
        if not line.strip():
            aside = False
        elif ASIDE.match(line) and not before.strip():
            aside = True
        kept.append("" if aside else line)
    return kept


def _timings(raw: list[RawCue], *, film_seconds: float) -> list[_Timing]:
    if not raw:
        raise SubtitleFaultError(NOTHING_IN_IT)
    if len(raw) > MOST_CUES:
        raise SubtitleFaultError(f"These are {len(raw)} subtitles; {MOST_CUES} are the most.")
    return [_timing(one, film_seconds=film_seconds) for one in raw]


def _timing(raw: RawCue, *, film_seconds: float) -> _Timing:
    number, match = raw.line, TIMING.fullmatch(raw.timing)
    if match is None:
        shown = raw.timing.strip()[:60]
        raise SubtitleFaultError(
            f"Line {number}: “{shown}” is no time. Write 00:01:02,500 --> 00:01:04,000."
        )
    parts = match.groups()
    start, end = _seconds(parts[:4]), _seconds(parts[4:8])
    if end <= start:
        raise SubtitleFaultError(f"Line {number}: it ends before it begins.")
    if start >= film_seconds or end > film_seconds + SLACK_SECONDS:
        raise SubtitleFaultError(
            f"Line {number}: it ends at {stamp(end)[:8]}, and the film at "
            f"{stamp(film_seconds)[:8]}. Are these the subtitles of another cut?"
        )
    return _Timing(line=number, start=start, end=end)


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, fraction = (part or "0" for part in parts)
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{fraction:0>3}")


def _check_crowds(timings: list[_Timing]) -> None:
    standing: list[float] = []
    for one in sorted(timings, key=lambda timing: timing.start):
        standing = [end for end in standing if end > one.start] + [one.end]
        if len(standing) > MOST_AT_ONCE:
            raise SubtitleFaultError(
                f"Line {one.line}: more than {MOST_AT_ONCE} subtitles would stand at once here."
            )


def _check_lengths(cues: list[Cue], timings: list[_Timing]) -> None:
    for cue, timing in zip(cues, timings, strict=True):
        if len(cue.text) > LONGEST_CUE:
            raise SubtitleFaultError(
                f"Line {timing.line}: {len(cue.text)} characters at once; "
                f"{LONGEST_CUE} are the most."
            )
