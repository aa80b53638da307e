"""Somebody's subtitle file, SRT or WebVTT in whatever encoding, to clean cues on film time.

What cannot be used is named by its line, so that whoever has the file can mend it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pysubs2
from charset_normalizer import from_bytes

from streaming.encoding.captions import Cue, stamp
from streaming.encoding.subtitles import clean_cues

MOST_CUES = 20_000
MOST_AT_ONCE = 4  # two speakers and a sign are three; more is a broken file
LONGEST_CUE = 1000  # characters
# A last line may stand a little longer than the picture; it is cut to it.
SLACK_SECONDS = 5.0
TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
TIMING = re.compile(rf"\s*{TIME}\s*-->\s*{TIME}(?:\s.*)?")
# WebVTT's own words to machines: nothing a viewer reads.
ASIDE = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
# Besides Unicode, what the programs that write subtitles here have saved.
CODEPAGES = ["cp1252", "cp1251", "cp1256"]


class SubtitleFaultError(ValueError):
    """Why a file is no subtitles for this film: a sentence for whoever sent it."""


@dataclass(frozen=True, kw_only=True)
class _Timing:
    line: int
    start: float
    end: float


def read_subtitles(data: bytes, *, duration_seconds: float) -> list[Cue]:
    """The cues of a file, in order. Raises SubtitleFaultError."""
    text = _decode(data)
    lines = _without_asides(text.splitlines())
    timings = _timings(lines, film_seconds=duration_seconds)
    kind = "vtt" if text.lstrip().startswith("WEBVTT") else "srt"
    read = pysubs2.SSAFile.from_string("\n".join(lines), format_=kind, keep_html_tags=True)
    cues = [
        Cue(start=event.start / 1000, end=event.end / 1000, text=event.text.replace("\\N", "\n"))
        for event in read
    ]
    if len(cues) == len(timings):
        _check_lengths(cues, timings)
    cleaned = clean_cues(cues, zero=0, end=duration_seconds)
    if not cleaned:
        raise SubtitleFaultError("There are times in this file, and no words to show at them.")
    return sorted(cleaned, key=lambda cue: cue.start)


def _decode(data: bytes) -> str:
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"),
    ):  # fmt: skip
        if data.startswith(mark):
            return _plain(data.decode(encoding, errors="replace"))
    if data[:200].count(0) > len(data[:200]) // 4:  # UTF-16 without a mark: half its bytes are 0
        return _plain(data.decode("utf-16-be" if data[0] == 0 else "utf-16-le", errors="replace"))
    try:
        return _plain(data.decode("utf-8"))
    except UnicodeDecodeError:
        best = from_bytes(data, cp_isolation=CODEPAGES).best()
        return _plain(str(best) if best else data.decode("cp1252", errors="replace"))


def _plain(text: str) -> str:
    """Without control characters; NUL is none that a database or a player would bear."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
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


def _timings(lines: list[str], *, film_seconds: float) -> list[_Timing]:
    found = [
        _timing(line, number=number, film_seconds=film_seconds)
        for number, line in enumerate(lines, start=1)
        if "-->" in line
    ]
    if not found:
        raise SubtitleFaultError("There are no subtitles in this file. Send SRT or WebVTT.")
    if len(found) > MOST_CUES:
        raise SubtitleFaultError(f"These are {len(found)} subtitles; {MOST_CUES} are the most.")
    _check_crowds(found)
    return found


def _timing(line: str, *, number: int, film_seconds: float) -> _Timing:
    match = TIMING.fullmatch(line)
    if match is None:
        shown = line.strip()[:60]
        raise SubtitleFaultError(
            f"Line {number}: “{shown}” is no time. Write 00:01:02,500 --> 00:01:04,000."
        )
    start, end = _seconds(match.groups()[:4]), _seconds(match.groups()[4:])
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
