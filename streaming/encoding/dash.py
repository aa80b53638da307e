"""The packager's MPD, with our WebVTT tracks added as side-loaded files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from streaming.encoding.plan import SubtitleTrackPlan

OURS = re.compile(r' *<AdaptationSet id="\d+" contentType="text".*?</AdaptationSet>\n', re.DOTALL)


def set_captions(manifest: str, tracks: Sequence[SubtitleTrackPlan]) -> str:
    """These tracks in the place of those that stand there."""
    return add_captions(OURS.sub("", manifest), tracks)


def add_captions(manifest: str, tracks: Sequence[SubtitleTrackPlan]) -> str:
    """One AdaptationSet each (DASH-IF IOP 4.3, 3.6: WebVTT as one file per period)."""
    sets = "".join(
        f'    <AdaptationSet id="{100 + number}" contentType="text"'
        f" lang={quoteattr(track.language)}>\n"
        f"      <Label>{escape(track.label)}</Label>\n"
        f'      <Role schemeIdUri="urn:mpeg:dash:role:2011" value="{_role(track)}"/>\n'
        f'      <Representation id={quoteattr(track.name)} bandwidth="256" mimeType="text/vtt">\n'
        f"        <BaseURL>{track.name}/all.vtt</BaseURL>\n"
        "      </Representation>\n"
        "    </AdaptationSet>\n"
        for number, track in enumerate(tracks)
    )
    return manifest.replace("  </Period>", f"{sets}  </Period>", 1)


def _role(track: SubtitleTrackPlan) -> str:
    return "forced-subtitle" if track.forced else "subtitle"
