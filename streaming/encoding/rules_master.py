"""Conformance rules for the master playlist."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from streaming.encoding.rules import Rules, View

CELLULAR_PEAK_BPS = 192_000
CELLULAR_DEFAULT_BPS = 730_000
TOLERANCE = 0.10
RULES = Rules()


@RULES.rule("independent", "9.11", "The master says that segments are independent.")
def _independent(view: View) -> Iterator[str]:
    if "#EXT-X-INDEPENDENT-SEGMENTS" not in view.master_text:
        yield "master.m3u8"


@RULES.rule("codecs", "9.1", "Every variant declares CODECS.")
def _codecs(view: View) -> Iterator[str]:
    for variant in [*view.variants, *view.master.iframe_playlists]:
        info = getattr(variant, "stream_info", None) or variant.iframe_stream_info
        if not info.codecs:
            yield variant.uri


@RULES.rule("codecs-true", "9.1", "CODECS is what the segments hold.")
def _codecs_true(view: View) -> Iterator[str]:
    for variant in view.variants:
        rendition = view.rendition_of(variant.uri)
        declared = (variant.stream_info.codecs or "").split(",")
        if rendition and rendition.codec not in declared:
            yield f"{variant.uri}: {rendition.codec} not in {declared}"


@RULES.rule("resolution", "9.2", "RESOLUTION is what the segments hold.")
def _resolution(view: View) -> Iterator[str]:
    for variant in view.video_variants:
        rendition = view.rendition_of(variant.uri)
        size = (rendition.width, rendition.height) if rendition else None
        if variant.stream_info.resolution != size:
            yield f"{variant.uri}: {variant.stream_info.resolution}, really {size}"


@RULES.rule("frame-rate", "9.15", "FRAME-RATE is what the segments hold, at most 60.")
def _frame_rate(view: View) -> Iterator[str]:
    for variant in view.video_variants:
        rendition = view.rendition_of(variant.uri)
        declared = variant.stream_info.frame_rate
        if declared is None or rendition is None:
            yield f"{variant.uri}: none"
            continue
        samples = sum(segment.samples for segment in rendition.segments)
        ticks = sum(segment.duration_ticks for segment in rendition.segments)
        real = samples * rendition.timescale / ticks
        if abs(real - declared) > 0.01 or declared > 60.001:
            yield f"{variant.uri}: {declared}, really {real:.3f}"


@RULES.rule("average", "9.14", "Every variant declares AVERAGE-BANDWIDTH.")
def _average_declared(view: View) -> Iterator[str]:
    for variant in view.variants:
        if not variant.stream_info.average_bandwidth:
            yield variant.uri


def _measured(view: View, field: str) -> Iterator[str]:
    """Compare the declared rate with the video plus the heaviest audio of the group."""
    for variant in view.variants:
        rendition = view.rendition_of(variant.uri)
        if rendition is None:
            continue
        real = getattr(rendition, field)
        if rendition.kind == "video":
            sounds = [view.rendition_of(media.uri or "") for media in variant.media if media.uri]
            rates = [getattr(s, field) for s in sounds if s is not None and s.kind == "audio"]
            real += max(rates, default=0)
        info = variant.stream_info
        declared = info.bandwidth if field == "peak_bps" else info.average_bandwidth
        if abs((declared or 0) - real) > TOLERANCE * real:
            yield f"{variant.uri}: {declared}, really {real}"


@RULES.rule("peak-true", "1.27", "BANDWIDTH is within 10 % of the measured peak.")
def _peak_measured(view: View) -> Iterator[str]:
    yield from _measured(view, "peak_bps")


@RULES.rule("average-true", "1.26", "AVERAGE-BANDWIDTH is within 10 %.")
def _average_measured(view: View) -> Iterator[str]:
    yield from _measured(view, "average_bps")


@RULES.rule("cellular-peak", "9.21", "A variant peaks at 192 kb/s or less.")
def _cellular_peak(view: View) -> Iterator[str]:
    if min(variant.stream_info.bandwidth for variant in view.variants) > CELLULAR_PEAK_BPS:
        yield "no variant"


@RULES.rule("first-listed", "1.32b", "The first variant is the nearest to 730 kb/s.")
def _first_listed(view: View) -> Iterator[str]:
    def distance(index: int) -> int:
        average = int(view.video_variants[index].stream_info.average_bandwidth or 0)
        return abs(average - CELLULAR_DEFAULT_BPS)

    nearest = min(range(len(view.video_variants)), key=distance)
    if view.video_variants[nearest].uri != view.variants[0].uri:
        yield f"{view.variants[0].uri} before {view.video_variants[nearest].uri}"


@RULES.rule("iframes", "6.1", "Every video rendition has an I-frame playlist.")
def _iframes(view: View) -> Iterator[str]:
    listed = {playlist.uri for playlist in view.master.iframe_playlists}
    for rendition in view.video:
        path = f"{rendition.name}/iframes.m3u8"
        text = view.package.playlists.get(path, "")
        if path not in listed or "#EXT-X-I-FRAMES-ONLY" not in text:
            yield path


@RULES.rule("language", "8.10", "Every EXT-X-MEDIA has a LANGUAGE.")
def _language(view: View) -> Iterator[str]:
    for media in view.master.media:
        if media.type in ("AUDIO", "SUBTITLES") and not media.language:
            yield str(media.uri)


@RULES.rule("unique-names", "RFC 8216 4.3.4.1", "NAME is unique in its group.")
def _unique_names(view: View) -> Iterator[str]:
    counts = Counter((media.type, media.group_id, media.name) for media in view.master.media)
    yield from (str(key) for key, count in counts.items() if count > 1)


@RULES.rule("separate-audio", "9.6", "Sound is a rendition of its own.")
def _separate_audio(view: View) -> Iterator[str]:
    groups = {media.group_id for media in view.master.media if media.type == "AUDIO"}
    for variant in view.variants:
        if view.audio and variant.stream_info.audio not in groups:
            yield f"{variant.uri}: AUDIO={variant.stream_info.audio}"


@RULES.rule("same-tracks", "RFC 8216 4.3.4.1.1", "Audio groups offer the same tracks.")
def _same_tracks(view: View) -> Iterator[str]:
    groups: dict[str, set[str]] = {}
    for media in view.master.media:
        if media.type == "AUDIO":
            groups.setdefault(media.group_id, set()).add(media.name)
    if len({frozenset(names) for names in groups.values()}) > 1:
        yield str(groups)


@RULES.rule("aspect", "1.33", "All variants have the film's aspect ratio.")
def _aspect(view: View) -> Iterator[str]:
    picture = view.plan.picture
    for rendition in view.video:
        wanted = rendition.height * picture.display_width / picture.display_height
        if abs(wanted - rendition.width) > 2 + 2 * picture.display_width / picture.display_height:
            yield f"{rendition.name}: {rendition.width}x{rendition.height}"


@RULES.rule("referenced", "-", "Every playlist the master names is in the package.")
def _referenced(view: View) -> Iterator[str]:
    listed = [item.uri for item in [*view.variants, *view.master.iframe_playlists]]
    listed += [media.uri for media in view.master.media if media.uri]
    for path in listed:
        if path not in view.object_paths or path not in view.package.playlists:
            yield path
