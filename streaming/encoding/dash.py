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


def set_sound(manifest: str, tracks: Sequence[AudioTrackPlan], *, added: str) -> str:
    """Replace the manifest's audio tracks, taking new ones from the MPD `added`; one is main."""
    present = AUDIO.findall(manifest)
    ids = [int(found) for found in re.findall(r'<AdaptationSet id="(\d+)"', manifest)]
    fresh = max(FIRST_ADDED_ID - 1, *ids) + 1
    new = [_numbered(item, fresh + number) for number, item in enumerate(AUDIO.findall(added))]
    with_roles = [_of_track(item, tracks) for item in (*present, *new)]
    sets = "".join(with_roles)  # empty for a set that belongs to no track
    return AUDIO.sub("", manifest).replace("  </Period>", f"{sets}  </Period>", 1)


def _numbered(audio_set: str, number: int) -> str:
    """Give the sets ids that no other set of the manifest has."""
    renamed = re.sub(
        r'<Representation id="\d+"(.*?initialization="([^"/]+)/)',
        r'<Representation id="\2"\1',
        audio_set,
        flags=re.DOTALL,
    )
    return re.sub(r'<AdaptationSet id="\d+"', f'<AdaptationSet id="{number}"', renamed)


def _of_track(audio_set: str, tracks: Sequence[AudioTrackPlan]) -> str:
    """Return the set with its track's role; empty when it belongs to none of these tracks."""
    names = set(re.findall(r'initialization="([^"/]+)/', audio_set))
    for track in tracks:
        if names & {rendition.name for rendition in track.renditions}:
            return ROLE.sub(rf'\1{"main" if track.default else "alternate"}"', audio_set)
    return ""
