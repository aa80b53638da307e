"""WebVTT for players: one file for DASH, minute-long segments under a playlist for HLS.

Segments are longer than the video's 4 s: each request costs the viewer some 500 bytes of headers.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from streaming.encoding.plan import EncodePlan, SubtitleTrackPlan

CAPTION_SEGMENT_SECONDS = 60
# the film's fMP4 starts at 0, so cues are already on the media timeline
TIMESTAMP_MAP = "X-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000"
TIMING = re.compile(r"^((?:\d+:)?\d\d:\d\d\.\d{3}) +--> +((?:\d+:)?\d\d:\d\d\.\d{3})", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Cue:
    start: float
    end: float
    text: str
    settings: str = ""  # WebVTT's settings of its position


@dataclass(frozen=True, kw_only=True)
class CaptionTrack:
    files: dict[str, str]  # path -> WebVTT
    playlist: str


def parse_cues(vtt: str) -> list[Cue]:
    """Return the cues of a file that `write_vtt` or ffmpeg wrote."""
    cues = []
    for block in re.split(r"\n\s*\n", vtt.replace("\r\n", "\n")):
        found = TIMING.search(block)
        if found:
            rest, _, text = block[found.end() :].partition("\n")
            cues.append(
                Cue(
                    start=_seconds(found[1]),
                    end=_seconds(found[2]),
                    text=text.strip(),
                    settings=rest.strip(),
                )
            )
    return cues


def shown_text(cue: Cue) -> str:
    """Return the text of a cue as a viewer reads it, without tags."""
    return html.unescape(re.sub(r"</?[biu]>", "", cue.text))


def _seconds(stamp: str) -> float:
    total = 0.0
    for part in stamp.split(":"):
        total = total * 60 + float(part)
    return total


def stamp(seconds: float) -> str:
    """Return a time as WebVTT's hh:mm:ss.mmm."""
    ms = round(seconds * 1000)
    return f"{ms // 3600000:02}:{ms // 60000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"


def write_vtt(cues: Sequence[Cue], *, header: str = "") -> str:
    blocks = [f"WEBVTT\n{header}\n" if header else "WEBVTT\n"]
    for cue in cues:
        settings = f" {cue.settings}" if cue.settings else ""
        blocks.append(f"{stamp(cue.start)} --> {stamp(cue.end)}{settings}\n{cue.text}\n")
    return "\n".join(blocks)


def segment_captions(vtt: str, *, plan: EncodePlan, track: SubtitleTrackPlan) -> CaptionTrack:
    """Return segments over the whole film, also without cues; a cue over a seam is in both."""
    cues = parse_cues(vtt)
    total = plan.duration_seconds
    count = max(1, math.ceil(total / CAPTION_SEGMENT_SECONDS))
    files = {f"{track.name}/all.vtt": write_vtt(cues)}
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:6",
        f"#EXT-X-TARGETDURATION:{max(1, math.ceil(min(total, CAPTION_SEGMENT_SECONDS)))}",
        "#EXT-X-PLAYLIST-TYPE:VOD",
    ]
    for number in range(count):
        begin = number * CAPTION_SEGMENT_SECONDS
        end = min(total, begin + CAPTION_SEGMENT_SECONDS)
        inside = [cue for cue in cues if cue.start < end and cue.end > begin]
        files[f"{track.name}/{number + 1}.vtt"] = write_vtt(inside, header=TIMESTAMP_MAP)
        lines += [f"#EXTINF:{end - begin:.3f},", f"{number + 1}.vtt"]
    return CaptionTrack(files=files, playlist="\n".join([*lines, "#EXT-X-ENDLIST", ""]))
