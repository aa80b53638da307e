"""One embedded text subtitle to WebVTT."""

from typing import Any

from kushfilms.core import storage
from streaming.encoding.plan import EncodePlan
from streaming.encoding.subtitles import extract_subtitle
from streaming.models import Encode, TrackSource, WorkItem
from streaming.services.encodes import encode_advance
from streaming.worker.job import Job


def run(job: Job) -> dict[str, Any]:
    """`{"key": ""}` when the track held no line."""
    target = job.directory / "subtitle.vtt"
    plan = job.plan
    cues = extract_subtitle(
        job.source_url,
        plan,
        track=plan.subtitles[job.item.position],
        out_path=target,
        should_stop=job.lease.should_stop,
    )
    if not cues:
        return {"key": ""}
    key = job.key(f"{job.item.position:02d}")
    storage.put_file(key, target, content_type="text/vtt")
    return {"key": key}


def follow(item: WorkItem, output: dict[str, Any], encode: Encode) -> None:
    """A track without a line is none: nobody is offered it."""
    if not output["key"]:
        name = EncodePlan.from_json(encode.plan or {}).subtitles[item.position].name
        encode.asset.subtitles.filter(source=TrackSource.EMBEDDED, name=name).delete()
    encode_advance(encode)
