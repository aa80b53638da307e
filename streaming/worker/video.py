"""Encoding of one chunk: one decode for every rung of a tier; the low tier makes the stills too."""

from pathlib import Path
from typing import Any

from kushfilms.core import storage
from streaming.encoding.ladder import RungTier
from streaming.encoding.video import encode_chunk
from streaming.models import Encode, WorkItem
from streaming.services.encodes import encode_advance
from streaming.worker.context import WorkContext


def run_video(context: WorkContext) -> dict[str, Any]:
    plan = context.plan
    result = encode_chunk(
        context.source_url,
        plan,
        chunk=plan.chunks[context.item.position],
        tier=RungTier[context.item.tier],
        out_dir=context.directory,
        on_progress=context.lease.progress,
        should_stop=context.lease.should_stop,
    )
    files = [
        {
            "rung": file.rung,
            "key": _store(
                context, file.path, f"{file.rung}-{context.item.position:05d}", "video/mp4"
            ),
            "bytes": file.bytes,
            "frames": file.frames,
        }
        for file in result.files
    ]
    return {
        "files": files,
        "thumbs": _stills(context, "thumb", result.thumbs),
        "posters": _stills(context, "poster", result.posters),
    }


def _stills(context: WorkContext, kind: str, stills: Any) -> list[dict[str, Any]]:
    return [
        {
            "seconds": still.seconds,
            "key": _store(
                context, still.path, f"{kind}-{round(still.seconds * 1000):09d}", "image/jpeg"
            ),
        }
        for still in stills
    ]


def _store(context: WorkContext, path: Path, name: str, content_type: str) -> str:
    context.lease.check()
    key = context.key(name)
    storage.put_file(key, path, content_type=content_type)
    return key


def follow_media(item: WorkItem, output: dict[str, Any], encode: Encode) -> None:
    encode_advance(encode)
