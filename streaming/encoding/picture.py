"""ffmpeg filter graphs: one decode, cut to the chunk's frames, feeding every rung and still."""

from __future__ import annotations

from collections.abc import Sequence

from streaming.encoding.ladder import Rung, Tier
from streaming.encoding.plan import Chunk, EncodePlan

PAD_SECONDS = 2  # missing frames at a chunk's end that may be made up by repeating the last one
SD_HEIGHT = 576
TAGS = "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"
JPEG = "scale=out_range=pc,format=yuvj420p,setsar=1"
CUBE_NAME = "sdr.cube"  # written beside the outputs, where ffmpeg runs
TONE_MAP = (  # after downscaling: it is the dearest step per pixel
    f"in_color_matrix=bt2020nc:in_range=tv,format=gbrp10le,lut3d=file={CUBE_NAME}"
    ":interp=tetrahedral,setparams=color_primaries=bt709:color_trc=bt709"
    ",scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"
)


def thumb_frames(plan: EncodePlan, *, chunk: Chunk) -> list[int]:
    """Grid frames of the storyboard that lie in the chunk."""
    interval = plan.stills.interval_frames
    first = -(-chunk.start_frame // interval) * interval
    return list(range(first, chunk.end_frame, interval))


def poster_frames(plan: EncodePlan, *, chunk: Chunk, step: int) -> list[int]:
    """Poster candidates spread evenly over the chunk."""
    count = plan.stills.posters_per_chunk
    frames = {
        chunk.start_frame + (2 * number + 1) * chunk.frames // (2 * count) // step * step
        for number in range(count)
    }
    return sorted(frames)


def build_graph(plan: EncodePlan, *, chunk: Chunk, tier: Tier) -> str:
    """Labels: [v0], [v1]... for the tier's rungs, largest first; [thumbs] and [posters] for LOW."""
    rungs = sorted(plan.tier_rungs(tier), key=lambda rung: -rung.width * rung.height)
    step = rungs[0].frame_step
    source = _on_grid(plan, chunk=chunk) + (f",framestep={step}" if step > 1 else "")
    posters = poster_frames(plan, chunk=chunk, step=step) if tier is Tier.LOW else []
    thumbs = thumb_frames(plan, chunk=chunk) if tier is Tier.LOW else []
    fork = ",split=2[src][stills]" if posters else "[src]"
    parts = [f"[0:{plan.picture.stream_index}]{source}{fork}"]
    if posters:
        size = (plan.stills.poster_width, plan.stills.poster_height)
        picked = _pick(posters, chunk=chunk, step=step)
        parts.append(f"[stills]{picked},{_to_sdr(plan, size=size)},{JPEG}[posters]")
    parts += _cascade(plan, rungs, with_thumbs=bool(thumbs))
    if thumbs:
        picked = _pick(thumbs, chunk=chunk, step=step)
        scale = f"scale={plan.stills.thumb_width}:{plan.stills.thumb_height}"
        parts.append(f"[small]{picked},{scale},{JPEG}[thumbs]")
    return ";".join(parts)


def _on_grid(plan: EncodePlan, *, chunk: Chunk) -> str:
    """Exactly the chunk's frames, whatever the source's timestamps.

    `fps` with a start time is a fixed grid: each slot shows the latest picture due by then, so
    two chunks decoded apart agree on every frame. `tpad` holds the last picture up to the planned
    end; what is missing beyond that shows as a short count.
    """
    rate = f"{plan.frame_rate.numerator}/{plan.frame_rate.denominator}"
    # a chunk past the picture's end still needs its last frame to repeat
    first = min(chunk.start_frame, plan.picture.last_frame - 1)
    pad = round(PAD_SECONDS * plan.frame_rate) + max(0, chunk.end_frame - plan.picture.last_frame)
    return ",".join(
        [
            *(["bwdif=mode=send_frame:parity=auto"] if plan.picture.interlaced else []),
            f"setpts=PTS-({plan.film_zero_seconds + plan.picture.late_seconds:.6f})/TB",
            f"fps={rate}:start_time={plan.seconds_at(first):.9f}",
            f"tpad=stop_mode=clone:stop={pad}",
            f"trim=start_pts={chunk.start_frame}:end_pts={chunk.end_frame}",
            f"setpts=PTS-{chunk.start_frame}",
        ]
    )


def _pick(frames: Sequence[int], *, chunk: Chunk, step: int) -> str:
    numbers = "+".join(f"eq(n\\,{(frame - chunk.start_frame) // step})" for frame in frames)
    return f"select='{numbers}'"


def _cascade(plan: EncodePlan, rungs: Sequence[Rung], *, with_thumbs: bool) -> list[str]:
    """Each rung is scaled from the one above: the source is read at full size only once."""
    parts = []
    upstream = "src"
    for number, rung in enumerate(rungs):
        size = (rung.width, rung.height)
        scale = _to_sdr(plan, size=size) if number == 0 else f"scale={size[0]}:{size[1]}"
        outputs = [f"[v{number}]"]
        if number + 1 < len(rungs):
            outputs.append(f"[s{number}]")
        if number == 0 and with_thumbs:
            outputs.append("[small]")
        split = f",split={len(outputs)}" if len(outputs) > 1 else ""
        parts.append(f"[{upstream}]{scale},setsar=1{split}{''.join(outputs)}")
        upstream = f"s{number}"
    return parts


def _to_sdr(plan: EncodePlan, *, size: tuple[int, int]) -> str:
    """Scale the decoded picture to 8-bit 4:2:0 BT.709, limited range."""
    picture = plan.picture
    scale = f"scale={size[0]}:{size[1]}"
    if picture.hdr:
        return f"{scale}:{TONE_MAP},{TAGS}"
    untagged = "bt709" if picture.display_height > SD_HEIGHT else "bt601"
    matrix = "auto" if picture.color.matrix else untagged
    colors = f"in_color_matrix={matrix}:out_color_matrix=bt709:out_range=tv"
    return f"{scale}:{colors},format=yuv420p,{TAGS}"
