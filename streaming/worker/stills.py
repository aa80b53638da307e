"""Storyboard, poster candidates and animated preview, made from the low tier's output."""

import io
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from catalog.services.films import movie_media_update
from kushfilms.core import storage
from kushfilms.core.pictures import BACKDROP_WIDTHS, POSTER_WIDTHS, picture_store, share_store
from streaming.encoding.results import Still
from streaming.encoding.stills import make_preview, make_storyboard, rank_posters
from streaming.models import AssetKind, Encode, Tier, WorkItem, WorkKind, WorkState
from streaming.services.encodes import encode_advance
from streaming.worker.context import WorkContext

# Frames compared for posters: enough for a long film, few enough for any disk.
MOST_CANDIDATES = 60
PREVIEW_SHOTS = 4
POSTER_SIZE = (400, 600)
BACKDROP_SIZE = (1280, 720)
THUMBNAIL_SIZE = (480, 270)
WEBP_QUALITY = 75


def run_stills(context: WorkContext) -> dict[str, Any]:
    chunks = list(
        context.item.encode.work.filter(kind=WorkKind.VIDEO, tier=Tier.LOW, state=WorkState.DONE)
        .order_by("position")
        .values_list("output", flat=True)
    )
    storyboard = _storyboard(context, [still for output in chunks for still in output["thumbs"]])
    context.lease.progress(0.4)
    candidates = [still for output in chunks for still in output["posters"]]
    step = max(1, len(candidates) // MOST_CANDIDATES)
    best = rank_posters(_fetch(context, candidates[::step], "poster"))
    keys = [_store(context, f"still-{n}", _webp(poster.path)) for n, poster in enumerate(best)]
    poster = _picture(best[0].path, size=POSTER_SIZE)
    wide = _picture(best[0].path, size=BACKDROP_SIZE)
    backdrop_key = picture_store(_stem(context, "backdrop"), wide, widths=BACKDROP_WIDTHS)
    share_store(backdrop_key, wide)
    thumbnail = _webp(best[0].path, size=THUMBNAIL_SIZE)
    pictures = {
        "poster_candidate_keys": keys,
        "backdrop_key": backdrop_key,
        "poster_key": picture_store(_stem(context, "poster"), poster, widths=POSTER_WIDTHS),
        "thumbnail_key": _store(context, "thumbnail", thumbnail),
    }
    context.lease.progress(0.7)
    pictures["preview_key"] = _preview(context, chunks)
    return {"storyboard": storyboard, "pictures": pictures}


def follow_stills(item: WorkItem, output: dict[str, Any], encode: Encode) -> None:
    """Save the pictures; those that staff have chosen stay, the best candidate fills the others."""
    movie = encode.asset.movie
    if encode.asset.kind == AssetKind.FEATURE:
        always = {"preview_key", "poster_candidate_keys"}
        pictures = {
            field: value
            for field, value in output["pictures"].items()
            if field in always or not getattr(movie, field)
        }
        movie_media_update(movie, **pictures)
    encode_advance(encode)


def _fetch(context: WorkContext, stills: list[dict[str, Any]], kind: str) -> list[Still]:
    fetched = []
    for number, still in enumerate(stills):
        path = context.directory / f"{kind}-{number}.jpg"
        storage.get_file(still["key"], path)
        fetched.append(Still(seconds=still["seconds"], path=path))
    return fetched


def _storyboard(context: WorkContext, thumbs: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Store the storyboard under the encode's prefix; packaging copies it beside the film."""
    storyboard = make_storyboard(context.plan, thumbs=_fetch(context, thumbs, "thumb"))
    files = [(name, data, "image/webp") for name, data in storyboard.sprites.items()]
    files.append(("storyboard.vtt", storyboard.vtt.encode(), "text/vtt"))
    entries = []
    for name, data, content_type in files:
        key = context.key(name)
        storage.put_bytes(key, data, content_type=content_type)
        entries.append({"path": name, "key": key, "type": content_type})
    return entries


def _preview(context: WorkContext, chunks: list[dict[str, Any]]) -> str:
    """Make an animation of moments from all over the film, from its largest low rung."""
    shots = []
    for number, output in enumerate(
        chunks[:: max(1, len(chunks) // PREVIEW_SHOTS)][:PREVIEW_SHOTS]
    ):
        largest = max(output["files"], key=lambda file: file["bytes"])
        path = context.directory / f"shot-{number}.mp4"
        storage.get_file(largest["key"], path)
        shots.append(path)
    animation = make_preview(
        shots, work_dir=context.directory, should_stop=context.lease.should_stop
    )
    return _store(context, "preview", animation)


def _webp(path: Path, *, size: tuple[int, int] | None = None) -> bytes:
    buffer = io.BytesIO()
    _picture(path, size=size).save(buffer, "WEBP", quality=WEBP_QUALITY, method=4)
    return buffer.getvalue()


def _picture(path: Path, *, size: tuple[int, int] | None = None) -> Image.Image:
    """Open a picture, cut around its middle to `size` when one is given."""
    with Image.open(path) as opened:
        picture = opened.convert("RGB")
    return picture if size is None else ImageOps.fit(picture, size, Image.Resampling.LANCZOS)


def _stem(context: WorkContext, name: str) -> str:
    return f"public/stills/{context.item.encode.asset.movie_id}/{context.attempt}/{name}"


def _store(context: WorkContext, name: str, data: bytes) -> str:
    key = f"{_stem(context, name)}.webp"
    storage.put_bytes(key, data, content_type="image/webp")
    return key
