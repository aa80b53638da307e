"""Audio added to a finished film: probed, then encoded on the film's time."""

from typing import Any

from kushfilms.core.errors import KushError
from streaming.encoding.added_audio import plan_added_audio, probe_added_audio
from streaming.encoding.errors import EncodingError, ErrorCode
from streaming.models import AssetStatus, Encode, VideoAsset, WorkItem, WorkKind
from streaming.services.audio_track_slots import audio_track_check, audio_track_publish, film_plan
from streaming.services.encodes import WorkSpec, asset_set_status, work_add
from streaming.services.tracks import finished_asset
from streaming.worker.context import WorkContext
from streaming.worker.probe import AUDIO_COST, source_head


def run_added_probe(context: WorkContext) -> dict[str, Any]:
    upload = context.item.encode.asset
    row = upload.audio_tracks.select_related("narrator").get()
    try:
        finished = finished_asset(upload.movie)
        audio_track_check(finished, row)
        film = film_plan(finished)
    except KushError as exc:  # the film refuses the track: before any work
        raise EncodingError(ErrorCode.REFUSED, message=exc.message) from exc
    facts = probe_added_audio(
        context.source_url,
        size_bytes=source_head(upload).size_bytes,
        film_seconds=film.duration_seconds,
        should_stop=context.lease.should_stop,
    )
    # A directory name is never used for a second upload.
    stem = f"a-{context.item.encode_id.hex[:12]}-{row.language.lower()}"
    plan = plan_added_audio(film, facts, stem=stem, language=row.language, label=row.label)
    return {"facts": facts.to_json(), "plan": plan.to_json()}


def follow_added_probe(item: WorkItem, output: dict[str, Any], encode: Encode) -> None:
    encode.plan = output["plan"]
    encode.save(update_fields=["plan"])
    asset = VideoAsset.objects.select_for_update().get(pk=encode.asset_id)
    asset.facts = output["facts"]
    asset.duration_seconds = output["facts"]["seconds"]
    asset.save(update_fields=["facts", "duration_seconds", "updated_at"])
    work_add(encode, [WorkSpec(WorkKind.AUDIO, weight=asset.duration_seconds * AUDIO_COST)])
    asset_set_status(asset, AssetStatus.ENCODING)


def follow_added_audio(item: WorkItem, output: dict[str, Any], encode: Encode) -> None:
    audio_track_publish(encode)
