"""Conformance rules for media playlists and their segments."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import m3u8

from streaming.encoding.results import RenditionFacts
from streaming.encoding.rules import Rules, View

AAC_FRAME_SECONDS = 1024 / 48000
AAC_BPS = (32_000, 160_000)
RULES = Rules()


def _seconds(rendition: RenditionFacts) -> float:
    ticks = sum(segment.duration_ticks for segment in rendition.segments)
    return ticks / rendition.timescale


@RULES.rule("vod", "8.6", "Playlists are VOD and ended.")
def _vod(view: View) -> Iterator[str]:
    for path, playlist in view.media.items():
        if playlist.playlist_type != "vod" or not playlist.is_endlist:
            yield path


@RULES.rule("map", "8.20", "Media playlists name their init segment.")
def _map(view: View) -> Iterator[str]:
    for path, playlist in view.media.items():
        rendition = view.rendition_of(path)
        uris = [part.uri for part in playlist.segment_map]
        if rendition and uris != [rendition.init_path.split("/")[1]]:
            yield f"{path}: {uris}"


@RULES.rule("sync", "7.4", "Every video segment starts with an IDR frame.")
def _sync(view: View) -> Iterator[str]:
    for rendition in view.video:
        for segment in rendition.segments:
            if not segment.starts_with_sync:
                yield segment.path


@RULES.rule("idr-interval", "1.13", "There is an IDR frame every two seconds.")
def _idr_interval(view: View) -> Iterator[str]:
    """Require an IDR frame every two seconds: as many in a segment as it has GOPs."""
    gop = float(view.plan.gop_frames / view.plan.frame_rate)
    for rendition in view.video:
        for segment in rendition.segments:
            seconds = segment.duration_ticks / rendition.timescale
            if segment.sync_samples != max(1, -(-round(seconds * 1000) // round(gop * 1000))):
                yield f"{segment.path}: {segment.sync_samples} in {seconds:.3f} s"


@RULES.rule("iframes-dense", "6.2", "I-frame playlists list every IDR frame.")
def _iframes_dense(view: View) -> Iterator[str]:
    for rendition in view.video:
        path = f"{rendition.name}/iframes.m3u8"
        listed = len(m3u8.loads(view.package.playlists[path]).segments)
        packaged = sum(segment.sync_samples for segment in rendition.segments)
        if listed != packaged:
            yield f"{path}: {listed} of {packaged}"


@RULES.rule("target", "7.7", "No segment is longer than the target plus 0.5 s.")
def _target(view: View) -> Iterator[str]:
    for path, playlist in view.media.items():
        longest = max(segment.duration for segment in playlist.segments)
        if longest > playlist.target_duration + 0.5:
            yield f"{path}: {longest} s"


@RULES.rule("same-target", "8.2", "Sound and picture have one target duration.")
def _same_target(view: View) -> Iterator[str]:
    targets = {
        path: playlist.target_duration
        for path, playlist in view.media.items()
        if view.rendition_of(path)
    }
    if len(set(targets.values())) > 1:
        yield str(targets)


@RULES.rule("aligned", "8.22", "Segments are aligned across renditions.")
def _aligned(view: View) -> Iterator[str]:
    """Require equal segment boundaries: of video to the tick, of audio within one AAC frame."""
    reference = view.video[0]
    starts = [segment.start_ticks / reference.timescale for segment in reference.segments]
    for rendition in [*view.video, *view.audio]:
        slack = 1e-4 if rendition.kind == "video" else AAC_FRAME_SECONDS + 1e-4
        own = [segment.start_ticks / rendition.timescale for segment in rendition.segments]
        far = [(a, b) for a, b in zip(starts, own, strict=False) if abs(a - b) > slack]
        if far or abs(len(own) - len(starts)) > (rendition.kind == "audio"):
            yield f"{rendition.name}: {far[:1] or len(own)}"


@RULES.rule("continuous", "7.2", "Decode times run on without a gap.")
def _continuous(view: View) -> Iterator[str]:
    for rendition in view.package.renditions:
        if rendition.segments[0].start_ticks != 0:
            yield f"{rendition.segments[0].path} starts at {rendition.segments[0].start_ticks}"
        for before, after in pairwise(rendition.segments):
            if before.start_ticks + before.duration_ticks != after.start_ticks:
                yield after.path


@RULES.rule("extinf-sum", "8.1", "Durations add up to the film's, within a frame.")
def _extinf_sum(view: View) -> Iterator[str]:
    for path, playlist in view.media.items():
        total = sum(segment.duration for segment in playlist.segments)
        slack = view.frame_seconds + 0.0005 * len(playlist.segments)
        if abs(total - view.plan.duration_seconds) > max(slack, AAC_FRAME_SECONDS + 0.001):
            yield f"{path}: {total:.3f} s of {view.plan.duration_seconds:.3f}"


@RULES.rule("extinf-true", "8.1", "Each EXTINF is its segment's real duration.")
def _extinf_true(view: View) -> Iterator[str]:
    for path, playlist in view.media.items():
        rendition = view.rendition_of(path)
        if rendition is None:
            continue
        real = [segment.duration_ticks / rendition.timescale for segment in rendition.segments]
        listed = [segment.duration for segment in playlist.segments]
        if len(real) != len(listed) or any(
            abs(a - b) > 0.002 for a, b in zip(real, listed, strict=True)
        ):
            yield path


@RULES.rule("audio-covers", "8.3", "Sound covers the whole film.")
def _covers(view: View) -> Iterator[str]:
    for rendition in view.audio:
        if abs(_seconds(rendition) - view.plan.duration_seconds) > 2 * AAC_FRAME_SECONDS:
            yield f"{rendition.name}: {_seconds(rendition):.3f} s"


@RULES.rule("captions-cover", "5.5", "Subtitles cover the whole film.")
def _captions_cover(view: View) -> Iterator[str]:
    for media in view.master.media:
        if media.type != "SUBTITLES":
            continue
        playlist = view.media.get(media.uri)
        total = sum(segment.duration for segment in playlist.segments) if playlist else 0.0
        if abs(total - view.plan.duration_seconds) > view.frame_seconds + 0.01:
            yield f"{media.uri}: {total:.3f} s"


@RULES.rule("avc1", "1.10", "Parameter sets are in the sample description (avc1).")
def _avc1(view: View) -> Iterator[str]:
    for rendition in view.video:
        if not rendition.codec.startswith("avc1."):
            yield f"{rendition.name}: {rendition.codec}"


@RULES.rule("level", "1.3", "H.264 level is 5.2 at most.")
def _level(view: View) -> Iterator[str]:
    """Allow High 5.2 at most: avc1.64LLXX, the level times ten in the last two hex digits."""
    for rendition in view.video:
        if rendition.codec.startswith("avc1.") and int(rendition.codec[-2:], 16) > 52:
            yield f"{rendition.name}: {rendition.codec}"


@RULES.rule("aac-lc", "2.4", "Sound is AAC-LC, never HE-AAC.")
def _aac_lc(view: View) -> Iterator[str]:
    for rendition in view.audio:
        if rendition.codec != "mp4a.40.2":
            yield f"{rendition.name}: {rendition.codec}"


@RULES.rule("aac-rate", "2.9", "AAC is between 32 and 160 kb/s.")
def _aac_rate(view: View) -> Iterator[str]:
    """Measure only the upper bound on silent films, where the encoder may spend less."""
    for rendition in view.audio:
        if rendition.average_bps > AAC_BPS[1]:
            yield f"{rendition.name}: {rendition.average_bps}"
    for track in view.plan.audio:
        for planned in track.renditions:
            if not AAC_BPS[0] <= planned.kbps * 1000 <= AAC_BPS[1]:
                yield f"{planned.name}: {planned.kbps} kb/s"


@RULES.rule("peak-cap", "1.30", "Peaks stay within the rung's cap and buffer.")
def _peak_ratio(view: View) -> Iterator[str]:
    """Compare peaks with the cap, as a still film with one busy scene has a low average.

    A buffer of one second of cap may be spent at once: 1.25 x the cap over a segment of 4 s.
    """
    shortest = min(view.plan.segment_seconds, view.plan.duration_seconds)
    caps = {f"v{rung.name.removesuffix('p')}": rung.max_kbps * 1000 for rung in view.plan.rungs}
    for rendition in view.video:
        if rendition.peak_bps > (1 + 1 / shortest) * caps[rendition.name] * 1.05 + 20_000:
            yield f"{rendition.name}: {rendition.peak_bps} over a cap of {caps[rendition.name]}"


@RULES.rule("objects", "-", "Every segment named is in the package.")
def _objects(view: View) -> Iterator[str]:
    for path, playlist in view.media.items():
        folder = path.rpartition("/")[0]
        uris = [segment.uri for segment in playlist.segments]
        uris += [part.uri for part in playlist.segment_map]
        for uri in uris:
            if f"{folder}/{uri}" not in view.object_paths:
                yield f"{folder}/{uri}"


@RULES.rule("manifest", "-", "The MPD is static and made of templates.")
def _manifest(view: View) -> Iterator[str]:
    if 'type="static"' not in view.package.manifest or "SegmentTemplate" not in (
        view.package.manifest
    ):
        yield "manifest.mpd"
