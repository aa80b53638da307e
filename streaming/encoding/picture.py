"""ffmpeg filter graphs: one decode, cut to the chunk's frames, feeding every rung and still."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from streaming.encoding.colors import color_matrix, color_table
from streaming.encoding.ladder import Rung, RungTier
from streaming.encoding.plan import Chunk, EncodePlan, Stretch

PAD_SECONDS = 2  # missing frames at a chunk's end that may be made up by repeating the last one
STRAY_SECONDS = 0.5
SD_HEIGHT = 576
SAME_ASPECT = 0.02  # shapes that differ by less are stretched: 720 and 704 columns of one picture
TAGS = "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"
JPEG = "scale=out_range=pc,format=yuvj420p,setsar=1"
CUBE_NAME = "to_bt709.cube"  # written beside the outputs, where ffmpeg runs
BY_TABLE = (  # after downscaling: it is the dearest step per pixel
    f"format=gbrp10le,lut3d=file={CUBE_NAME}:interp=tetrahedral"
    ",setparams=color_primaries=bt709:color_trc=bt709"
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


def build_graph(plan: EncodePlan, *, chunk: Chunk, tier: RungTier) -> str:
    """Labels: [v0], [v1]... for the tier's rungs, largest first; [thumbs] and [posters] for LOW.

    Input k of ffmpeg is the chunk's k-th stretch. Up to the first scaler every filter takes frames
    of any size: the caller keeps ffmpeg from building the graph again when it changes
    (`-reinit_filter 0`), which would begin the grid again as well.
    """
    rungs = sorted(plan.tier_rungs(tier), key=lambda rung: -rung.width * rung.height)
    step = rungs[0].frame_step
    posters = poster_frames(plan, chunk=chunk, step=step) if tier is RungTier.LOW else []
    thumbs = thumb_frames(plan, chunk=chunk) if tier is RungTier.LOW else []
    parts = _source(plan, chunk=chunk)
    every = f"framestep={step}" if step > 1 else "null"
    fork = ",split=2[src][stills]" if posters else "[src]"
    parts.append(f"[grid]{every}{fork}")
    if posters:
        size = (plan.stills.poster_width, plan.stills.poster_height)
        picked = _pick(posters, chunk=chunk, step=step)
        to_sdr = _to_sdr(plan, chunk=chunk, size=size)
        parts.append(f"[stills]{picked},{to_sdr},{JPEG}[posters]")
    parts += _cascade(plan, rungs, chunk=chunk, with_thumbs=bool(thumbs))
    if thumbs:
        picked = _pick(thumbs, chunk=chunk, step=step)
        scale = f"scale={plan.stills.thumb_width}:{plan.stills.thumb_height}"
        parts.append(f"[small]{picked},{scale},{JPEG}[thumbs]")
    return ";".join(parts)


def _source(plan: EncodePlan, *, chunk: Chunk) -> list[str]:
    """The chunk's frames as [grid], its stretches one after the other."""
    stretches = plan.stretches_of(chunk)
    labels = "".join(f"[p{number}]" for number in range(len(stretches)))
    parts = [
        f"[{number}:{stretch.video_index}]{_on_grid(plan, stretch)}"
        + ("[grid]" if len(stretches) == 1 else f"[p{number}]")
        for number, stretch in enumerate(stretches)
    ]
    if len(stretches) > 1:
        parts.append(f"{labels}concat=n={len(stretches)}:v=1:a=0:unsafe=1[grid]")
    return parts


def _on_grid(plan: EncodePlan, stretch: Stretch) -> str:
    """Exactly the stretch's frames, whatever the source's timestamps.

    `fps` with a start time is a fixed grid: each slot shows the latest picture due by then, so
    two chunks decoded apart agree on every frame. `tpad` holds the last picture up to the planned
    end; what is missing beyond that shows as a short count.
    """
    rate = f"{plan.frame_rate.numerator}/{plan.frame_rate.denominator}"
    # a chunk past the last picture's beginning still needs it to repeat
    first = min(stretch.start_frame, stretch.last_shown)
    stands = max(0, stretch.end_frame - stretch.last_shown - 1)
    pad = round(PAD_SECONDS * plan.frame_rate) + stands
    zero = stretch.zero_seconds + plan.picture.late_seconds
    return ",".join(
        [
            *(_deinterlaced(plan) if plan.picture.interlaced else []),
            f"setpts=PTS-({zero:.6f})/TB",
            *(_within(plan, stretch) if plan.stretches else []),
            # pass: a last picture shorter than half a slot is kept
            f"fps={rate}:start_time={plan.seconds_at(first):.9f}:eof_action=pass",
            f"tpad=stop_mode=clone:stop={pad}",
            f"trim=start_pts={stretch.start_frame}:end_pts={stretch.end_frame}",
            f"setpts=PTS-{stretch.start_frame}",
        ]
    )


def _deinterlaced(plan: EncodePlan) -> list[str]:
    """Only frames that are marked are touched: a progressive leader passes as it is.

    The deinterlacer wants frames of one size. A scaler to the first frame's own passes those on
    untouched and, since it keeps the display aspect of the others, leaves the rest to `_shaped`.
    Above SD it is told one matrix for both sides, for it would convert frames whose tag changes.
    """
    high = plan.picture.display_height > SD_HEIGHT and plan.picture.color.matrix in (None, "bt709")
    matrix = ":in_color_matrix=bt709:out_color_matrix=bt709" if high else ""
    return [f"scale=iw:ih:interl=-1{matrix}", "bwdif=mode=send_frame:parity=auto:deint=interlaced"]


def _within(plan: EncodePlan, stretch: Stretch) -> list[str]:
    """Without frames of the recording before, which may lie ahead of this one's first tables."""
    start, end = plan.seconds_at(stretch.start_frame), plan.seconds_at(stretch.end_frame)
    return [f"trim=start={start - STRAY_SECONDS:.3f}:end={end + STRAY_SECONDS:.3f}"]


def _pick(frames: Sequence[int], *, chunk: Chunk, step: int) -> str:
    numbers = "+".join(f"eq(n\\,{(frame - chunk.start_frame) // step})" for frame in frames)
    return f"select='{numbers}'"


def _cascade(
    plan: EncodePlan, rungs: Sequence[Rung], *, chunk: Chunk, with_thumbs: bool
) -> list[str]:
    """Each rung is scaled from the one above: the source is read at full size only once."""
    parts = []
    upstream = "src"
    for number, rung in enumerate(rungs):
        size = (rung.width, rung.height)
        first = number == 0
        scale = _to_sdr(plan, chunk=chunk, size=size) if first else f"scale={size[0]}:{size[1]}"
        outputs = [f"[v{number}]"]
        if number + 1 < len(rungs):
            outputs.append(f"[s{number}]")
        if number == 0 and with_thumbs:
            outputs.append("[small]")
        split = f",split={len(outputs)}" if len(outputs) > 1 else ""
        parts.append(f"[{upstream}]{scale},setsar=1{split}{''.join(outputs)}")
        upstream = f"s{number}"
    return parts


def _to_sdr(plan: EncodePlan, *, chunk: Chunk, size: tuple[int, int]) -> str:
    """Scale the decoded picture to 8-bit 4:2:0 BT.709, limited range."""
    picture = plan.picture
    table = color_table(picture.color, picture.hdr)
    if table:
        source = "pc" if picture.color.full_range else "tv"
        colors = f"in_color_matrix={color_matrix(picture.color, table)}:in_range={source}"
        return f"{_shaped(plan, chunk=chunk, size=size, colors=colors)},{BY_TABLE},{TAGS}"
    # Without a tag swscale takes BT.601, which is right up to SD and for each frame by itself.
    high = picture.display_height > SD_HEIGHT and picture.color.matrix in (None, "bt709")
    matrix = "bt709" if high else "auto"
    colors = f"in_color_matrix={matrix}:out_color_matrix=bt709:out_range=tv"
    return f"{_shaped(plan, chunk=chunk, size=size, colors=colors)},format=yuv420p,{TAGS}"


def _shaped(plan: EncodePlan, *, chunk: Chunk, size: tuple[int, int], colors: str) -> str:
    """Scale to `size`; a picture that changes its shape inside the film keeps it, between bars."""
    width, height = size
    picture = plan.picture
    wanted = f"{picture.display_width}/{picture.display_height}"
    shape = _shape(plan, chunk=chunk)
    # st(0): the frame's shape over the film's
    common = f"st(0\\,({shape})/({wanted}))*0+if(lt(abs(ld(0)-1)\\,{SAME_ASPECT})"
    across = f"{common}\\,{width}\\,max(2\\,2*trunc({width}*min(1\\,ld(0))/2)))"
    down = f"{common}\\,{height}\\,max(2\\,2*trunc({height}*min(1\\,1/ld(0))/2)))"
    bars = f"pad={width}:{height}:(ow-iw)/2:(oh-ih)/2:eval=frame"
    return f"scale=w='{across}':h='{down}':eval=frame:{colors},{bars}"


def _shape(plan: EncodePlan, *, chunk: Chunk) -> str:
    """The display aspect of a frame as an expression of swscale's."""
    picture = plan.picture
    if not picture.shapes:
        aspect = picture.sample_aspect
        return "dar" if aspect is None else f"iw/ih*{aspect.numerator}/{aspect.denominator}"
    expression = ""
    for change in picture.shapes:
        ratio = f"{change.aspect.numerator}/{change.aspect.denominator}"
        at = float((change.frame - chunk.start_frame - Fraction(1, 2)) / plan.frame_rate)
        expression = f"if(gte(t\\,{at:.4f})\\,{ratio}\\,{expression})" if expression else ratio
    return expression
