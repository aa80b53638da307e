"""Stills of the film: seek previews, poster candidates, a short animated preview."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageFilter, ImageSequence, ImageStat

from streaming.encoding.captions import stamp
from streaming.encoding.errors import EncodingError, ErrorCode
from streaming.encoding.plan import EncodePlan
from streaming.encoding.results import Still
from streaming.encoding.sources import Options, option_args
from streaming.encoding.tools import ShouldStop, never, run_ffmpeg

SPRITE_COLUMNS = 5
SPRITE_ROWS = 5
MAX_SPRITE_BYTES = 100_000
MAX_PREVIEW_BYTES = 150_000
PREVIEW_WIDTH = 320
PREVIEW_FPS = 10
PREVIEW_SECONDS = 3
QUALITIES = (70, 55, 40, 30, 20, 10)
PREVIEW_TIMEOUT_SECONDS = 300


@dataclass(frozen=True, kw_only=True)
class Storyboard:
    sprites: dict[str, bytes]  # file name -> WebP, at most 100 KB each
    vtt: str  # cues point at "sprite-1.webp#xywh=x,y,w,h"


@dataclass(frozen=True, kw_only=True)
class Poster:
    seconds: float
    score: float  # 0 to 1; comparable within one film only
    path: Path


def make_storyboard(plan: EncodePlan, *, thumbs: Sequence[Still]) -> Storyboard:
    """Return all thumbnails as sprites of 5 x 5, and the WebVTT that maps them."""
    ordered = sorted(thumbs, key=lambda thumb: thumb.seconds)
    width = plan.stills.thumb_width
    height = plan.stills.thumb_height
    per_sprite = SPRITE_COLUMNS * SPRITE_ROWS
    sprites: dict[str, bytes] = {}
    lines = ["WEBVTT", ""]
    ends = [*(thumb.seconds for thumb in ordered[1:]), plan.duration_seconds]
    for first in range(0, len(ordered), per_sprite):
        name = f"sprite-{first // per_sprite + 1}.webp"
        page = ordered[first : first + per_sprite]
        sprites[name] = _sprite(page, width=width, height=height)
        for cell, thumb in enumerate(page):
            x = cell % SPRITE_COLUMNS * width
            y = cell // SPRITE_COLUMNS * height
            lines.append(f"{stamp(thumb.seconds)} --> {stamp(ends[first + cell])}")
            lines += [f"{name}#xywh={x},{y},{width},{height}", ""]
    return Storyboard(sprites=sprites, vtt="\n".join(lines))


def _sprite(thumbs: Sequence[Still], *, width: int, height: int) -> bytes:
    columns = min(SPRITE_COLUMNS, len(thumbs))
    rows = -(-len(thumbs) // SPRITE_COLUMNS)
    sheet = Image.new("RGB", (columns * width, rows * height))
    for cell, thumb in enumerate(thumbs):
        with Image.open(thumb.path) as picture:
            at = (cell % SPRITE_COLUMNS * width, cell // SPRITE_COLUMNS * height)
            sheet.paste(picture.convert("RGB"), at)
    # The best quality that fits, or the lowest one even if it does not.
    data = b""
    for quality in QUALITIES:
        buffer = io.BytesIO()
        sheet.save(buffer, "WEBP", quality=quality, method=4)
        data = buffer.getvalue()
        if len(data) <= MAX_SPRITE_BYTES:
            break
    return data


def rank_posters(candidates: Sequence[Still], *, count: int = 6) -> list[Poster]:
    """Return the best candidates, best first, without black and flat frames if others exist."""
    posters = [
        Poster(seconds=still.seconds, score=_score(still.path), path=still.path)
        for still in candidates
    ]
    good = [poster for poster in posters if poster.score > 0] or posters
    return sorted(good, key=lambda poster: (-poster.score, poster.seconds))[:count]


def _score(path: Path) -> float:
    """Score a frame: sharp, neither dark nor burnt out, colourful; 0 for a black or flat one."""
    with Image.open(path) as opened:
        picture = opened.convert("RGB")
    picture.thumbnail((320, 320))
    grey = picture.convert("L")
    stat = ImageStat.Stat(grey)
    brightness = stat.mean[0] / 255
    contrast = stat.stddev[0] / 128
    if brightness < 0.06 or brightness > 0.96 or contrast < 0.06:
        return 0.0
    edges = ImageStat.Stat(grey.filter(ImageFilter.FIND_EDGES)).stddev[0] / 64
    saturation = ImageStat.Stat(picture.convert("HSV")).mean[1] / 255
    exposure = 1 - abs(brightness - 0.45) / 0.55
    return (
        0.4 * min(1.0, edges)
        + 0.25 * min(1.0, contrast)
        + 0.2 * exposure
        + 0.15 * min(1.0, saturation * 2)
    )


def make_preview(
    chunk_files: Sequence[Path], *, work_dir: Path, should_stop: ShouldStop = never
) -> bytes:
    """Return an animated WebP of about 3 s and 150 KB, a stretch from each LOW rung file."""
    share = PREVIEW_SECONDS / len(chunk_files)
    frames: list[Image.Image] = []
    for number, chunk_file in enumerate(chunk_files):
        shot = work_dir / f"preview-{number}-%d.jpg"
        options: Options = {
            "vf": f"fps={PREVIEW_FPS},scale={PREVIEW_WIDTH}:-2",
            "frames:v": max(1, round(share * PREVIEW_FPS)),
            "q:v": 4,
        }
        run_ffmpeg(
            ["-i", str(chunk_file), "-an", *option_args(options), "-y", str(shot)],
            timeout_seconds=PREVIEW_TIMEOUT_SECONDS,
            should_stop=should_stop,
        )
        pictures = work_dir.glob(f"preview-{number}-*.jpg")
        for path in sorted(pictures, key=lambda path: int(path.stem.rpartition("-")[2])):
            with Image.open(path) as picture:
                frames.append(picture.convert("RGB"))
            path.unlink()
    return _animation(frames)


def _animation(frames: list[Image.Image]) -> bytes:
    """Lower the quality first, then drop every second frame, until it fits."""
    step = 1
    while step <= 4:
        for quality in QUALITIES[1:]:
            buffer = io.BytesIO()
            chosen = frames[::step]
            chosen[0].save(
                buffer,
                "WEBP",
                save_all=True,
                append_images=chosen[1:],
                duration=1000 * step // PREVIEW_FPS,
                loop=0,
                quality=quality,
                method=4,
            )
            if buffer.tell() <= MAX_PREVIEW_BYTES:
                return buffer.getvalue()
        step *= 2
    raise EncodingError(ErrorCode.INTERNAL, detail="the preview does not fit its budget")


def frame_count(animation: bytes) -> int:
    with Image.open(io.BytesIO(animation)) as picture:
        return sum(1 for _ in ImageSequence.Iterator(picture))
