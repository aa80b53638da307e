"""The HLS master playlist, with bit rates measured from the segments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import m3u8

from streaming.encoding.ladder import Rung
from streaming.encoding.plan import AudioRendition, AudioTrackPlan, EncodePlan, SubtitleTrackPlan
from streaming.encoding.results import RenditionFacts

CELLULAR_DEFAULT_BPS = 730_000  # Apple's authoring rule 1.32b: what a phone should start with
HI_AUDIO_FROM_HEIGHT = 480


@dataclass(frozen=True, kw_only=True)
class _Variant:
    uri: str
    peak: int
    average: int
    attributes: tuple[str, ...]


def tidy_playlist(text: str) -> str:
    """Remove the packager's comment lines, for whose bytes viewers would pay."""
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("## "))


def master_playlist(
    plan: EncodePlan,
    *,
    renditions: Sequence[RenditionFacts],
    subtitles: Sequence[SubtitleTrackPlan],
    media: Mapping[str, str],
) -> str:
    """Return the playlist; `media` are the packager's playlists by path, for I-frame rates."""
    facts = {rendition.name: rendition for rendition in renditions}
    groups = _groups(plan, facts)
    rungs = [rung for rung in plan.rungs if _directory(rung) in facts]
    variants = [_video_variant(plan, rung, facts, groups, bool(subtitles)) for rung in rungs]
    lines = ["#EXTM3U", "#EXT-X-VERSION:6", "#EXT-X-INDEPENDENT-SEGMENTS", ""]
    for group, members in groups.items():
        for track, rendition in members:
            flag = "YES" if track.default else "NO"
            lines.append(
                f'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="{group}",NAME="{track.label}"'
                f',LANGUAGE="{track.language}",DEFAULT={flag},AUTOSELECT=YES'
                f',CHANNELS="{rendition.channels}",URI="{rendition.name}/media.m3u8"'
            )
    for text in subtitles:
        default, forced = ("YES" if flag else "NO" for flag in (text.default, text.forced))
        lines.append(
            f'#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subs",NAME="{text.label}"'
            f',LANGUAGE="{text.language}",DEFAULT={default},AUTOSELECT=YES,FORCED={forced}'
            f',URI="{text.name}/media.m3u8"'
        )
    for variant in [*_first_listed(variants), *_audio_only(facts, groups, bool(subtitles))]:
        attributes = [f"BANDWIDTH={variant.peak}", f"AVERAGE-BANDWIDTH={variant.average}"]
        lines += ["#EXT-X-STREAM-INF:" + ",".join([*attributes, *variant.attributes]), variant.uri]
    for rung in rungs:
        video = facts[_directory(rung)]
        average, peak = iframe_bandwidths(media[f"{video.name}/iframes.m3u8"])
        lines.append(
            f"#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH={peak},AVERAGE-BANDWIDTH={average}"
            f',CODECS="{video.codec}",RESOLUTION={video.width}x{video.height},VIDEO-RANGE=SDR'
            f',URI="{video.name}/iframes.m3u8"'
        )
    return "\n".join([*lines, ""])


def _directory(rung: Rung) -> str:
    return f"v{rung.name.removesuffix('p')}"


Members = list[tuple[AudioTrackPlan, AudioRendition]]


def _groups(plan: EncodePlan, facts: Mapping[str, RenditionFacts]) -> dict[str, Members]:
    """Return the audio groups that are complete in this package, "lo" first."""
    groups: dict[str, Members] = {}
    for group in ("lo", "hi"):
        members = [
            (track, rendition)
            for track in plan.audio
            for rendition in track.renditions
            if group in rendition.groups and rendition.name in facts
        ]
        if members and len(members) == len(plan.audio):
            groups[group] = members
    return groups


def _loudest(members: Members, facts: Mapping[str, RenditionFacts]) -> tuple[int, int, list[str]]:
    """Return (peak, average, codecs) of a group's heaviest track (authoring rule 9.13)."""
    renditions = [facts[member.name] for _, member in members]
    return (
        max(rendition.peak_bps for rendition in renditions),
        max(rendition.average_bps for rendition in renditions),
        sorted({rendition.codec for rendition in renditions}),
    )


def _video_variant(
    plan: EncodePlan,
    rung: Rung,
    facts: Mapping[str, RenditionFacts],
    groups: Mapping[str, Members],
    captioned: bool,  # noqa: FBT001
) -> _Variant:
    video = facts[_directory(rung)]
    group: str | None = "hi" if int(rung.name.removesuffix("p")) >= HI_AUDIO_FROM_HEIGHT else "lo"
    if group not in groups:
        group = next(iter(groups), None)
    peak, average, codecs = _loudest(groups[group], facts) if group else (0, 0, [])
    rate = float(plan.frame_rate / rung.frame_step)
    attributes = [
        f'CODECS="{",".join([video.codec, *codecs])}"',
        f"RESOLUTION={video.width}x{video.height}",
        f"FRAME-RATE={rate:.3f}",
        "VIDEO-RANGE=SDR",
        *([f'AUDIO="{group}"'] if group else []),
        *(['SUBTITLES="subs"'] if captioned else []),
        "CLOSED-CAPTIONS=NONE",
    ]
    return _Variant(
        uri=f"{video.name}/media.m3u8",
        peak=video.peak_bps + peak,
        average=video.average_bps + average,
        attributes=tuple(attributes),
    )


def _first_listed(variants: Sequence[_Variant]) -> list[_Variant]:
    """Order variants: first the one for players without an estimate, then from low to high."""
    if not variants:  # sound alone, to be added to a film
        return []
    first = min(variants, key=lambda variant: abs(variant.average - CELLULAR_DEFAULT_BPS))
    rest = [variant for variant in variants if variant is not first]
    return [first, *sorted(rest, key=lambda variant: variant.average)]


def _audio_only(
    facts: Mapping[str, RenditionFacts],
    groups: Mapping[str, Members],
    captioned: bool,  # noqa: FBT001
) -> list[_Variant]:
    """Return the audio-only variant, a few per cent of the bytes; none for a silent film."""
    if "lo" not in groups:
        return []
    peak, average, codecs = _loudest(groups["lo"], facts)
    track = next((member for member in groups["lo"] if member[0].default), groups["lo"][0])
    attributes = [f'CODECS="{",".join(codecs)}"', 'AUDIO="lo"']
    attributes += ['SUBTITLES="subs"'] if captioned else []
    return [
        _Variant(
            uri=f"{track[1].name}/media.m3u8",
            peak=peak,
            average=average,
            attributes=tuple(attributes),
        )
    ]


def iframe_bandwidths(text: str) -> tuple[int, int]:
    """Return (average, peak) in bits per second: each I-frame's bytes over its duration."""
    segments = m3u8.loads(text).segments
    sizes = [int(str(segment.byterange).partition("@")[0]) * 8 for segment in segments]
    seconds = [float(segment.duration) for segment in segments]
    rates = [bits / length for bits, length in zip(sizes, seconds, strict=True) if length >= 0.5]
    average = sum(sizes) / sum(seconds)
    return round(average), round(max([average, *rates]))
