"""Encoding of one chunk of the film: one ffmpeg makes every rung of a tier."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable
from pathlib import Path

import ffmpeg

from streaming.encoding import mp4
from streaming.encoding.colors import color_table
from streaming.encoding.decoders import ffmpeg_for
from streaming.encoding.errors import EncodingError, ErrorCode
from streaming.encoding.ladder import Rung, RungTier
from streaming.encoding.picture import (
    CUBE_NAME,
    PictureStream,
    build_graph,
    poster_frames,
    thumb_frames,
)
from streaming.encoding.plan import Chunk, EncodePlan, Stretch
from streaming.encoding.results import ChunkFile, ChunkResult, Still
from streaming.encoding.sources import MEND, Options, source_input
from streaming.encoding.tonemap import cube
from streaming.encoding.tools import ShouldStop, never, run_ffmpeg

CHUNK_TIMEOUT_SECONDS = 2 * 3600
KEYFRAME_MARGIN_SECONDS = 0.3  # a demuxer seeks by decoding time, which precedes the picture's
FRAGMENTED = "frag_keyframe+empty_moov+default_base_moof+negative_cts_offsets+skip_trailer"


def encode_chunk(
    source: str,
    plan: EncodePlan,
    *,
    chunk: Chunk,
    tier: RungTier,
    out_dir: Path,
    on_progress: Callable[[float], None] | None = None,
    should_stop: ShouldStop = never,
    timeout_seconds: float = CHUNK_TIMEOUT_SECONDS,
) -> ChunkResult:
    """Encode `chunk` into `out_dir`; `on_progress` gets the share done, 0 to 1.

    Each file is fragmented MP4 whose fragments carry film time, so that the first chunk's init and
    the fragments of all chunks, in order, are one valid stream. Raises EncodingError; DAMAGED when
    fewer frames come out than planned.
    """
    rungs = sorted(plan.tier_rungs(tier), key=lambda rung: -rung.width * rung.height)
    seconds = plan.seconds_at(chunk.frames)
    if table := color_table(plan.picture.color, plan.picture.hdr):
        (out_dir / CUBE_NAME).write_text(cube(table))
    done = run_ffmpeg(
        video_args(source, plan, chunk=chunk, tier=tier),
        on_progress=(lambda at: on_progress(min(1.0, at / seconds))) if on_progress else None,
        timeout_seconds=timeout_seconds,
        should_stop=should_stop,
        cwd=out_dir,
        binary=ffmpeg_for(plan.picture.codec),
    )
    stills = _stills(plan, chunk=chunk, out_dir=out_dir) if tier is RungTier.LOW else ((), ())
    return ChunkResult(
        chunk_index=chunk.index,
        tier=tier,
        files=tuple(
            _finish_file(plan, rung, chunk=chunk, path=out_dir / f"{rung.name}.mp4")
            for rung in rungs
        ),
        thumbs=stills[0],
        posters=stills[1],
        cpu_seconds=done.cpu_seconds,
        wall_seconds=done.wall_seconds,
    )


def video_args(source: str, plan: EncodePlan, *, chunk: Chunk, tier: RungTier) -> list[str]:
    """Return ffmpeg's arguments; outputs are named relative to the working directory."""
    # The graph handles changes of size, pixel format and colours itself: see `build_graph`.
    graph: Options = {"copyts": None, "reinit_filter:v": 0}
    inputs = []
    for number, stretch in enumerate(plan.stretches_of(chunk)):
        # A stretch with bytes of its own is read from their beginning.
        url, opening = source_input(
            source, first_byte=stretch.first_byte, end_byte=stretch.end_byte
        )
        seek = _seek_options(plan, chunk=chunk, stretch=stretch, is_first=number == 0)
        opened = ffmpeg.input(url, **opening, **seek, **graph, **MEND)
        inputs.append(opened[str(stretch.video_index)])
    pictures = build_graph(inputs, plan, chunk=chunk, tier=tier)
    outputs = [_rung_output(stream, plan, rung) for rung, stream in pictures.rungs]
    if pictures.thumbs is not None:
        outputs.append(_jpeg_output(pictures.thumbs, "thumb-%d.jpg", quality=5))
    if pictures.posters is not None:
        outputs.append(_jpeg_output(pictures.posters, "poster-%d.jpg", quality=3))
    args: list[str] = ffmpeg.get_args(ffmpeg.merge_outputs(*outputs), overwrite_output=True)
    return args


def _seek_options(plan: EncodePlan, *, chunk: Chunk, stretch: Stretch, is_first: bool) -> Options:
    """Start decoding at a keyframe safely before the chunk; the graph drops the early pictures.

    `noaccurate_seek` keeps those early pictures: a still picture that began before the chunk is
    the one to show at its start.
    """
    if is_first and chunk.seek_seconds is not None:
        at = chunk.seek_seconds - KEYFRAME_MARGIN_SECONDS
    elif not plan.picture.indexed:
        return {}
    else:
        first = min(stretch.start_frame, stretch.last_shown)
        at = stretch.zero_seconds + plan.seconds_at(first) - plan.picture.seek_margin_seconds
        if at <= stretch.zero_seconds:
            return {}
    return {"noaccurate_seek": None, "seek_timestamp": 1, "ss": f"{at:.6f}"}


def _rung_output(stream: PictureStream, plan: EncodePlan, rung: Rung) -> PictureStream:
    gop = plan.gop_frames // rung.frame_step
    options: Options = {
        "fps_mode": "passthrough",
        "c:v": "libx264",
        "preset": rung.preset,
        "crf": rung.crf,
        "maxrate": f"{rung.max_kbps}k",
        "bufsize": f"{rung.buffer_kbits}k",
        "profile:v": "high",
        "g": gop,
        "keyint_min": gop,
        "sc_threshold": 0,
        # Headers that do not depend on the content, so that all chunks share one avcC.
        "x264-params": "open-gop=0:stitchable=1",
        "video_track_timescale": plan.timescale,
        "flags:v": "+bitexact",
        "map_metadata": -1,
        "map_chapters": -1,
        "format": "mp4",
        "movflags": FRAGMENTED,
    }
    return ffmpeg.output(stream, f"{rung.name}.mp4", **options)


def _jpeg_output(stream: PictureStream, name: str, *, quality: int) -> PictureStream:
    options: Options = {
        "fps_mode": "passthrough",
        "c:v": "mjpeg",
        "q:v": quality,
        "format": "image2",
    }
    return ffmpeg.output(stream, name, **options)


def _stills(
    plan: EncodePlan, *, chunk: Chunk, out_dir: Path
) -> tuple[tuple[Still, ...], tuple[Still, ...]]:
    def collect(frames: list[int], name: str) -> tuple[Still, ...]:
        stills = tuple(
            Still(seconds=plan.seconds_at(frame), path=out_dir / f"{name}-{number}.jpg")
            for number, frame in enumerate(frames, start=1)
        )
        missing = [still.path.name for still in stills if not still.path.exists()]
        if missing:
            raise EncodingError(ErrorCode.DAMAGED, detail=f"no {missing}")
        return stills

    step = plan.tier_rungs(RungTier.LOW)[0].frame_step
    return (
        collect(thumb_frames(plan, chunk=chunk), "thumb"),
        collect(poster_frames(plan, chunk=chunk, step=step), "poster"),
    )


def _finish_file(plan: EncodePlan, rung: Rung, *, chunk: Chunk, path: Path) -> ChunkFile:
    """Check the frame count, move the fragments to film time, and take the checksums."""
    data = bytearray(path.read_bytes())
    try:
        init = mp4.read_init(bytes(data))
        fragments = list(mp4.read_fragments(bytes(data), init=init))
    except (KeyError, ValueError, struct.error) as broken:
        raise EncodingError(ErrorCode.DAMAGED, detail=f"{rung.name}: {broken!r}") from broken
    frames = sum(fragment.samples for fragment in fragments)
    planned = -(-chunk.frames // rung.frame_step)
    if frames != planned or not all(fragment.starts_with_sync for fragment in fragments):
        raise EncodingError(
            ErrorCode.DAMAGED, detail=f"{rung.name}: {frames} frames of {planned} planned"
        )
    ticks_per_frame = plan.timescale / plan.frame_rate
    mp4.shift(data, ticks=int(chunk.start_frame * ticks_per_frame))
    path.write_bytes(data)
    return ChunkFile(
        rung=rung.name,
        path=path,
        frames=frames,
        bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        md5=hashlib.md5(data, usedforsecurity=False).hexdigest(),
    )
