"""One embedded text subtitle to WebVTT."""

from typing import Any

from kushfilms.core import storage
from streaming.encoding.subtitles import extract_subtitle
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
