"""One chunk, one decode, every rung of a tier; the low tier brings the stills along."""

from pathlib import Path
from typing import Any

from kushfilms.core import storage
from streaming.encoding.ladder import Tier as RungTier
from streaming.encoding.video import encode_chunk
from streaming.models import Encode, WorkItem
from streaming.services.encodes import encode_advance
from streaming.worker.context import Job


def run(job: Job) -> dict[str, Any]:
    plan = job.plan
    result = encode_chunk(
        job.source_url,
        plan,
        chunk=plan.chunks[job.item.position],
        tier=RungTier[job.item.tier],
        out_dir=job.directory,
        on_progress=job.lease.progress,
        should_stop=job.lease.should_stop,
    )
    files = [
        {
            "rung": file.rung,
            "key": _store(job, file.path, f"{file.rung}-{job.item.position:05d}", "video/mp4"),
            "bytes": file.bytes,
            "frames": file.frames,
        }
        for file in result.files
    ]
    return {
        "files": files,
        "thumbs": _stills(job, "thumb", result.thumbs),
        "posters": _stills(job, "poster", result.posters),
    }


def _stills(job: Job, what: str, stills: Any) -> list[dict[str, Any]]:
    return [
        {
            "seconds": still.seconds,
            "key": _store(
                job, still.path, f"{what}-{round(still.seconds * 1000):09d}", "image/jpeg"
            ),
        }
        for still in stills
    ]


def _store(job: Job, path: Path, name: str, content_type: str) -> str:
    job.lease.check()
    key = job.key(name)
    storage.put_file(key, path, content_type=content_type)
    return key


def follow(item: WorkItem, output: dict[str, Any], encode: Encode) -> None:
    encode_advance(encode)
