"""Readers of subtitle files and packets: SubRip, WebVTT, ASS.

Each reader keeps the text that a player would show and nothing else: no numbers and names of cues,
comments, drawings or override codes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
TIMING = re.compile(rf"\s*{TIME}\s*-->\s*{TIME}(\s.*)?")
# WebVTT blocks that viewers do not read.
ASIDE = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
SETTING = re.compile(
    r"line:-?\d+(?:\.\d+)?%?(?:,(?:start|center|end))?"
    r"|position:\d+(?:\.\d+)?%(?:,(?:line-left|center|line-right))?"
    r"|(?:size:\d+(?:\.\d+)?%)|align:(?:start|center|end|left|right)|vertical:(?:rl|lr)"
)
OVERRIDE = re.compile(r"\{([^{}]*)\}")
ALIGNMENT = re.compile(r"\\an([1-9])|\\a(1[01]|[1-9])(?![0-9a-z])")
DRAWING = re.compile(r"\\p(\d+)")
STYLE_CODES = re.compile(r"\\([biu])([01]|[1-9]00)(?![0-9])")
OLD_ALIGNMENTS = {1: 1, 2: 2, 3: 3, 5: 7, 6: 8, 7: 9, 9: 4, 10: 5, 11: 6}  # SSA's \a to ASS's \an
HARD_SPACE = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, kw_only=True)
class RawCue:
    """A cue as read; `line` is its timing's line in the file, from 1; `settings` are WebVTT's."""

    line: int
    timing: str
    text: str
    settings: str = ""


def split_cues(lines: Sequence[str], *, webvtt: bool) -> Iterator[RawCue]:
    """Yield the cues of a SubRip or WebVTT file, without their numbers and names.

    A line of digits is a cue's number only right above a timing and below an empty line. Anywhere
    else it is text ("Welcome to / 1999").
    """
    timings = [number for number, line in enumerate(lines) if "-->" in line]
    for position, number in enumerate(timings):
        end = len(lines)
        if position + 1 < len(timings):
            # The next cue begins with its number or name, where it has one, else with its timing.
            end = timings[position + 1]
            above = lines[end - 1].strip() if end else ""
            alone = end < 2 or not lines[end - 2].strip()
            if above and alone and (webvtt or above.isdigit()):
                end -= 1
        text = lines[number + 1 : max(number + 1, end)]
        if webvtt:
            text = text[: next((at for at, line in enumerate(text) if not line.strip()), len(text))]
        found = TIMING.fullmatch(lines[number])
        yield RawCue(
            line=number + 1,
            timing=lines[number],
            text="\n".join(text).strip("\n"),
            settings=clean_settings(found[9] or "") if found else "",
        )


def clean_settings(settings: str) -> str:
    """Return the well-formed settings of a WebVTT timing; players drop the others."""
    return " ".join(item for item in settings.split() if SETTING.fullmatch(item))


def from_overrides(text: str, *, comments: bool) -> tuple[str, str]:
    """Return (text, settings) of a line with ASS codes, as a player shows it.

    Breaks and hard spaces are kept, drawings dropped. With `comments`, braces without a code are
    dropped too, as in ASS; in SubRip, which borrows only the codes, they are text.
    """
    codes = "".join(found for found in OVERRIDE.findall(text) if "\\" in found)
    shown = _without_drawings(text, comments=comments)
    shown = shown.replace("\\N", "\n").replace("\\n", " ").replace("\\h", HARD_SPACE)
    shown = "\n".join(line for line in shown.split("\n") if line.strip())
    found = ALIGNMENT.search(codes)
    if not found:
        return shown, ""
    # WebVTT has no settings for the default, bottom centre.
    alignment = int(found[1]) if found[1] else OLD_ALIGNMENTS.get(int(found[2]), 2)
    row = {0: "", 1: "line:50%", 2: "line:0"}[(alignment - 1) // 3]
    column = {1: "position:5% align:start", 2: "", 0: "position:95% align:end"}[alignment % 3]
    return shown, " ".join(part for part in (row, column) if part)


def _without_drawings(text: str, *, comments: bool) -> str:
    """Return the text outside `{\\p1}` to `{\\p0}`, with italics and the like as tags."""
    out: list[str] = []
    drawing = False
    open_tags: list[str] = []
    at = 0
    for block in OVERRIDE.finditer(text):
        if "\\" not in block[1] and not comments:
            continue
        if not drawing:
            out.append(text[at : block.start()])
        at = block.end()
        if "\\" not in block[1]:
            continue  # a comment
        for level in DRAWING.findall(block[1]):
            drawing = level != "0"
        out += _style_tags(block[1], open_tags)
    if not drawing:
        out.append(text[at:])
    out += [f"</{tag}>" for tag in reversed(open_tags)]
    return "".join(out)


def _style_tags(codes: str, open_tags: list[str]) -> Iterator[str]:
    for tag, value in STYLE_CODES.findall(codes):
        wanted = value not in ("0", "100", "200", "300", "400")
        if wanted and tag not in open_tags:
            open_tags.append(tag)
            yield f"<{tag}>"
        elif not wanted and tag in open_tags:
            while open_tags:
                last = open_tags.pop()
                yield f"</{last}>"
                if last == tag:
                    break


def ass_text(packet: str) -> str:
    """Return the text of an event as Matroska stores it: eight fields, then the text."""
    fields = packet.split(",", 8)
    return fields[8] if len(fields) == 9 else ""
