"""Check of the finished film against its source, by measures the encode itself does not use.

Costs about a hundredth of the encode. A difference is a notice, not a failure: the source may be
odd, and a person decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from streaming.encoding.facts import Notice, NoticeCode
from streaming.encoding.plan import EncodePlan
from streaming.encoding.results import RenditionFacts
from streaming.encoding.selfcheck_audio import compare_levels, source_levels, stream_levels
from streaming.encoding.selfcheck_picture import frozen_picture
from streaming.encoding.stream_filter import Blocks
from streaming.encoding.tools import ShouldStop, never


def check_film(
    source: str,
    plan: EncodePlan,
    *,
    renditions: Sequence[RenditionFacts],
    lowest: Blocks,
    audio: Mapping[int, Blocks],
    should_stop: ShouldStop = never,
) -> tuple[Notice, ...]:
    """Return the differences between the film and its source.

    `lowest` is the lowest rung's stream, `audio` a rendition of each track by its index.
    """
    # The packager's segments have the lengths and frames of the plan.
    differences: dict[NoticeCode, Notice] = {}
    steps = {f"v{rung.name.removesuffix('p')}": rung.frame_step for rung in plan.rungs}
    for rendition in renditions:
        ticks = sum(segment.duration_ticks for segment in rendition.segments)
        seconds = ticks / rendition.timescale
        if abs(seconds - plan.duration_seconds) > max(0.05, 1.5 / float(plan.frame_rate)):
            values = {"made": f"{seconds:.2f}", "planned": f"{plan.duration_seconds:.2f}"}
            code = NoticeCode.LENGTH_DIFFERS
            differences.setdefault(code, Notice(code=code, values=values))
        if rendition.kind != "video":
            continue
        frames = sum(segment.samples for segment in rendition.segments) * steps[rendition.name]
        if frames != plan.total_frames:
            values = {"made": str(frames), "planned": str(plan.total_frames)}
            code = NoticeCode.FRAMES_DIFFER
            differences.setdefault(code, Notice(code=code, values=values))
    notices = list(differences.values())
    for track in plan.audio:
        if track.index in audio:
            film = stream_levels(audio[track.index], plan=plan, should_stop=should_stop)
            own = source_levels(source, plan, track=track, should_stop=should_stop)
            notices += compare_levels(own, film, track=track)
    notices += frozen_picture(source, plan, lowest=lowest, should_stop=should_stop)
    return tuple(notices)
