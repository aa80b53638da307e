"""ffmpeg filter graphs: one decode, cut to the chunk's frames, feeds every rung and still."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import zip_longest
from typing import Any, NamedTuple

import ffmpeg

from streaming.encoding.colors import color_matrix, color_table
from streaming.encoding.ladder import Rung, RungTier
from streaming.encoding.plan import Chunk, EncodePlan, Stretch

PAD_SECONDS = 2  # missing frames at a chunk's end that may be made up by repeating the last one
STRAY_SECONDS = 0.5
SD_HEIGHT = 576
SAME_ASPECT = 0.02  # shapes that differ by less are stretched: 720 and 704 columns of one picture
TAGS = {"range": "tv", "color_primaries": "bt709", "color_trc": "bt709", "colorspace": "bt709"}
CUBE_NAME = "to_bt709.cube"  # written beside the outputs, where ffmpeg runs
PictureStream = Any  # a stream of ffmpeg-python, which ships no types


class Pictures(NamedTuple):
    """Streams by rung, largest first, and those of the stills where the chunk has some."""

    rungs: list[tuple[Rung, PictureStream]]
    thumbs: PictureStream | None
    posters: PictureStream | None


def thumb_frames(plan: EncodePlan, *, chunk: Chunk) -> list[int]:
    """Return the storyboard's grid frames in the chunk."""
    interval = plan.stills.interval_frames
    first = -(-chunk.start_frame // interval) * interval
    return list(range(first, chunk.end_frame, interval))


def poster_frames(plan: EncodePlan, *, chunk: Chunk, step: int) -> list[int]:
    """Return poster candidates, spread evenly over the chunk."""
    count = plan.stills.posters_per_chunk
    frames = {
        chunk.start_frame + (2 * number + 1) * chunk.frames // (2 * count) // step * step
        for number in range(count)
    }
    return sorted(frames)


def build_graph(
    inputs: Sequence[PictureStream], plan: EncodePlan, *, chunk: Chunk, tier: RungTier
) -> Pictures:
    """Return the streams of the tier's rungs, largest first, and for LOW those of the stills.

    `inputs` are the picture streams of the chunk's stretches. Up to the first scaler every filter
    takes frames of any size: the caller keeps ffmpeg from building the graph again when the size
    changes (`-reinit_filter 0`), which would begin the grid again as well.
    """
    rungs = sorted(plan.tier_rungs(tier), key=lambda rung: -rung.width * rung.height)
    step = rungs[0].frame_step
    posters = poster_frames(plan, chunk=chunk, step=step) if tier is RungTier.LOW else []
    thumbs = thumb_frames(plan, chunk=chunk) if tier is RungTier.LOW else []
    stretches = plan.stretches_of(chunk)
    parts = [
        _on_grid(stream, plan, stretch) for stream, stretch in zip(inputs, stretches, strict=True)
    ]
    frames = parts[0] if len(parts) == 1 else ffmpeg.concat(*parts, v=1, a=0, unsafe=1)
    if step > 1:
        frames = frames.filter("framestep", step)
    frames, for_posters = _fork(frames, needed=bool(posters))
    if posters:
        size = (plan.stills.poster_width, plan.stills.poster_height)
        picked = for_posters.filter("select", _numbers(posters, chunk=chunk, step=step))
        for_posters = _to_jpeg(_to_sdr(picked, plan, chunk=chunk, size=size))
    # Each rung is scaled from the one above: the source is read at full size only once.
    largest = _to_sdr(frames, plan, chunk=chunk, size=(rungs[0].width, rungs[0].height))
    largest, for_thumbs = _fork(largest.filter("setsar", 1), needed=bool(thumbs))
    if thumbs:
        picked = for_thumbs.filter("select", _numbers(thumbs, chunk=chunk, step=step))
        small = picked.filter("scale", plan.stills.thumb_width, plan.stills.thumb_height)
        for_thumbs = _to_jpeg(small)
    scaled = []
    branch = largest
    for rung, following in zip_longest(rungs, rungs[1:]):
        picture, branch = _fork(branch, needed=following is not None)
        scaled.append((rung, picture))
        if following is not None:
            branch = branch.filter("scale", following.width, following.height).filter("setsar", 1)
    return Pictures(scaled, for_thumbs, for_posters)


def _fork(stream: PictureStream, *, needed: bool) -> tuple[PictureStream, PictureStream]:
    """Return the stream, and a second branch of it, or None where it is not needed."""
    if not needed:
        return stream, None
    branches = stream.split()
    return branches[0], branches[1]


def _to_jpeg(stream: PictureStream) -> PictureStream:
    return stream.filter("scale", out_range="pc").filter("format", "yuvj420p").filter("setsar", 1)


def _on_grid(stream: PictureStream, plan: EncodePlan, stretch: Stretch) -> PictureStream:
    """Return exactly the stretch's frames, whatever the source's timestamps.

    `fps` with a start time is a fixed grid: each slot shows the latest picture due by then, so
    two chunks decoded apart agree on every frame. `tpad` holds the last picture up to the planned
    end; a shortage beyond that shows as a short count.
    """
    # A chunk past the last picture's beginning still needs that picture, to repeat it.
    first = min(stretch.start_frame, stretch.last_shown)
    repeats = max(0, stretch.end_frame - stretch.last_shown - 1)
    pad = round(PAD_SECONDS * plan.frame_rate) + repeats
    zero = stretch.zero_seconds + plan.picture.late_seconds
    if plan.picture.interlaced:
        # Only frames marked interlaced are changed; a progressive leader passes. The deinterlacer
        # wants frames of one size. A scaler to the first frame's own passes those on untouched and,
        # since it keeps the display aspect of the others, leaves the rest to `_shaped`. Above SD
        # it gets one matrix for both sides, as it would convert frames whose tag changes.
        untagged = plan.picture.color.matrix in (None, "bt709")
        high = plan.picture.display_height > SD_HEIGHT and untagged
        matrix = {"in_color_matrix": "bt709", "out_color_matrix": "bt709"} if high else {}
        stream = stream.filter("scale", "iw", "ih", interl=-1, **matrix)
        stream = stream.filter("bwdif", mode="send_frame", parity="auto", deint="interlaced")
    stream = stream.filter("setpts", f"PTS-({zero:.6f})/TB")
    if plan.stretches:
        # Drop frames of the recording before, which may lie ahead of this one's first tables.
        start = plan.seconds_at(stretch.start_frame) - STRAY_SECONDS
        end = plan.seconds_at(stretch.end_frame) + STRAY_SECONDS
        stream = stream.filter("trim", start=f"{start:.3f}", end=f"{end:.3f}")
    rate = f"{plan.frame_rate.numerator}/{plan.frame_rate.denominator}"
    start_time = f"{plan.seconds_at(first):.9f}"
    # eof_action pass keeps a last picture that is shorter than half a slot.
    stream = stream.filter("fps", rate, start_time=start_time, eof_action="pass")
    stream = stream.filter("tpad", stop_mode="clone", stop=pad)
    stream = stream.filter("trim", start_pts=stretch.start_frame, end_pts=stretch.end_frame)
    return stream.filter("setpts", f"PTS-{stretch.start_frame}")


def _numbers(frames: Sequence[int], *, chunk: Chunk, step: int) -> str:
    """Return the expression for `select` that keeps these frames."""
    return "+".join(f"eq(n,{(frame - chunk.start_frame) // step})" for frame in frames)


def _to_sdr(
    stream: PictureStream, plan: EncodePlan, *, chunk: Chunk, size: tuple[int, int]
) -> PictureStream:
    """Scale the decoded picture to 8-bit 4:2:0 BT.709, limited range."""
    picture = plan.picture
    table = color_table(picture.color, picture.hdr)
    if table:
        colors = {
            "in_color_matrix": color_matrix(picture.color, table),
            "in_range": "pc" if picture.color.full_range else "tv",
        }
        stream = _shaped(stream, plan, chunk=chunk, size=size, colors=colors)
        # The table comes after downscaling: it is the most expensive step per pixel.
        stream = stream.filter("format", "gbrp10le")
        stream = stream.filter("lut3d", file=CUBE_NAME, interp="tetrahedral")
        stream = stream.filter("setparams", color_primaries="bt709", color_trc="bt709")
        stream = stream.filter("scale", out_color_matrix="bt709", out_range="tv")
    else:
        # Without a tag swscale takes BT.601, which is right up to SD and for each frame by itself.
        high = picture.display_height > SD_HEIGHT and picture.color.matrix in (None, "bt709")
        colors = {
            "in_color_matrix": "bt709" if high else "auto",
            "out_color_matrix": "bt709",
            "out_range": "tv",
        }
        stream = _shaped(stream, plan, chunk=chunk, size=size, colors=colors)
    return stream.filter("format", "yuv420p").filter("setparams", **TAGS)


def _shaped(
    stream: PictureStream,
    plan: EncodePlan,
    *,
    chunk: Chunk,
    size: tuple[int, int],
    colors: dict[str, str],
) -> PictureStream:
    """Scale to `size`; a picture that changes its shape inside the film keeps it, between bars."""
    width, height = size
    picture = plan.picture
    wanted = f"{picture.display_width}/{picture.display_height}"
    # The display aspect of a frame.
    shape = "dar"
    if picture.shapes:
        shape = ""
        for change in picture.shapes:
            ratio = f"{change.aspect.numerator}/{change.aspect.denominator}"
            at = float((change.frame - chunk.start_frame - Fraction(1, 2)) / plan.frame_rate)
            shape = f"if(gte(t,{at:.4f}),{ratio},{shape})" if shape else ratio
    elif picture.sample_aspect is not None:
        aspect = picture.sample_aspect
        shape = f"iw/ih*{aspect.numerator}/{aspect.denominator}"
    # st(0): the frame's shape over the film's
    common = f"st(0,({shape})/({wanted}))*0+if(lt(abs(ld(0)-1),{SAME_ASPECT})"
    across = f"{common},{width},max(2,2*trunc({width}*min(1,ld(0))/2)))"
    down = f"{common},{height},max(2,2*trunc({height}*min(1,1/ld(0))/2)))"
    stream = stream.filter("scale", w=across, h=down, eval="frame", **colors)
    return stream.filter("pad", width, height, "(ow-iw)/2", "(oh-ih)/2", eval="frame")
