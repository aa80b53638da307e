"""DASH manifests: the packager's MPD with side-loaded WebVTT files and audio added later."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from streaming.encoding.plan import AudioTrackPlan, SubtitleTrackPlan

OURS = re.compile(r' *<AdaptationSet id="\d+" contentType="text".*?</AdaptationSet>\n', re.DOTALL)
AUDIO = re.compile(r' *<AdaptationSet id="\d+" contentType="audio".*?</AdaptationSet>\n', re.DOTALL)
ROLE = re.compile(r'(urn:mpeg:dash:role:2011" value=")(?:main|alternate)"')
FIRST_ADDED_ID = 200  # captions begin at 100, the packager's own at 0


def set_captions(manifest: str, tracks: Sequence[SubtitleTrackPlan]) -> str:
    """Replace the manifest's subtitle tracks."""
    return add_captions(OURS.sub("", manifest), tracks)


def add_captions(manifest: str, tracks: Sequence[SubtitleTrackPlan]) -> str:
    """Return one AdaptationSet a track (DASH-IF IOP 4.3, 3.6: WebVTT as one file per period)."""
    sets = ""
    for number, track in enumerate(tracks):
        role = "forced-subtitle" if track.forced else "subtitle"
        name = quoteattr(track.name)
        sets += (
            f'    <AdaptationSet id="{100 + number}" contentType="text"'
            f" lang={quoteattr(track.language)}>\n"
            f"      <Label>{escape(track.label)}</Label>\n"
            f'      <Role schemeIdUri="urn:mpeg:dash:role:2011" value="{role}"/>\n'
            f'      <Representation id={name} bandwidth="256" mimeType="text/vtt">\n'
            f"        <BaseURL>{track.name}/all.vtt</BaseURL>\n"
            "      </Representation>\n"
            "    </AdaptationSet>\n"
        )
    return manifest.replace("  </Period>", f"{sets}  </Period>", 1)


def set_sound(manifest: str, tracks: Sequence[AudioTrackPlan], *, added: str) -> str:
    """Replace the manifest's audio tracks, taking new ones from the MPD `added`; one is main."""
    present = AUDIO.findall(manifest)
    ids = [int(found) for found in re.findall(r'<AdaptationSet id="(\d+)"', manifest)]
    fresh = max(FIRST_ADDED_ID - 1, *ids) + 1
    new = []
    for number, item in enumerate(AUDIO.findall(added), start=fresh):
        # The added sets get ids that no other set of the manifest has.
        renamed = re.sub(
            r'<Representation id="\d+"(.*?initialization="([^"/]+)/)',
            r'<Representation id="\2"\1',
            item,
            flags=re.DOTALL,
        )
        new.append(re.sub(r'<AdaptationSet id="\d+"', f'<AdaptationSet id="{number}"', renamed))
    sets = ""
    for item in (*present, *new):  # a set that belongs to no track is dropped
        names = set(re.findall(r'initialization="([^"/]+)/', item))
        for track in tracks:
            if names & {rendition.name for rendition in track.renditions}:
                sets += ROLE.sub(rf'\1{"main" if track.default else "alternate"}"', item)
                break
    return AUDIO.sub("", manifest).replace("  </Period>", f"{sets}  </Period>", 1)
