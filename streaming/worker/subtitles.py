"""One embedded text subtitle to WebVTT."""

from typing import Any

from kushfilms.core import storage
from streaming.encoding.facts import Notice, NoticeCode
from streaming.encoding.plan import EncodePlan
from streaming.encoding.subtitles import extract_subtitle
from streaming.models import Encode, TrackSource, WorkItem
from streaming.services.encodes import encode_advance
from streaming.services.warnings import warnings_set
from streaming.worker.context import WorkContext


def run_subtitle(context: WorkContext) -> dict[str, Any]:
    """`{"key": ""}` when the track held no line; `damaged` counts letters that were spoilt."""
    target = context.directory / "subtitle.vtt"
    plan = context.plan
    found = extract_subtitle(
        context.source_url,
        plan,
        track=plan.subtitles[context.item.position],
        out_path=target,
        should_stop=context.lease.should_stop,
    )
    if not found.cues:
        return {"key": "", "damaged": 0}
    key = context.key(f"{context.item.position:02d}")
    storage.put_file(key, target, content_type="text/vtt")
    return {"key": key, "damaged": found.damaged}


def follow_subtitle(item: WorkItem, output: dict[str, Any], encode: Encode) -> None:
    """A track without a line is not offered."""
    track = EncodePlan.from_json(encode.plan or {}).subtitles[item.position]
    notices = []
    if not output["key"]:
        encode.asset.subtitles.filter(source=TrackSource.EMBEDDED, name=track.name).delete()
        values = {"label": track.label}
        notices.append(Notice(code=NoticeCode.EMPTY_SUBTITLES_LEFT_OUT, values=values))
    elif output.get("damaged"):
        values = {"label": track.label, "count": str(output["damaged"])}
        notices.append(Notice(code=NoticeCode.SUBTITLE_CHARACTERS_REPLACED, values=values))
    warnings_set(encode.asset, f"{item.kind}-{item.position}", notices)
    encode_advance(encode)
