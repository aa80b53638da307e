"""Extraction of one embedded text subtitle as WebVTT."""

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
    """Return an empty `key` for a track without a line; `damaged` counts damaged characters."""
    target = context.directory / "subtitle.vtt"
    plan = context.plan
    extracted = extract_subtitle(
        context.source_url,
        plan,
        track=plan.subtitles[context.item.position],
        out_path=target,
        should_stop=context.lease.should_stop,
    )
    if not extracted.cues:
        return {"key": "", "damaged": 0}
    key = context.key(f"{context.item.position:02d}")
    storage.put_file(key, target, content_type="text/vtt")
    return {"key": key, "damaged": extracted.damaged}


def follow_subtitle(item: WorkItem, output: dict[str, Any], encode: Encode) -> None:
    """Drop a track without a line, and warn staff of damaged characters."""
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
