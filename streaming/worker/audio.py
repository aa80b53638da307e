"""Encoding of one audio track of the whole film, streamed into storage."""

from functools import partial
from typing import Any

from kushfilms.core import storage
from streaming.encoding.audio import encode_audio
from streaming.worker.context import WorkContext


def run_audio(context: WorkContext) -> dict[str, Any]:
    plan = context.plan
    track = plan.audio[context.item.position]
    keys = {rendition.name: context.key(rendition.name) for rendition in track.renditions}
    encode_audio(
        context.source_url,
        plan,
        track=track,
        sinks={
            name: partial(storage.put_stream, key, content_type="audio/mp4")
            for name, key in keys.items()
        },
        on_progress=context.lease.progress,
        should_stop=context.lease.should_stop,
    )
    return {"renditions": keys}
