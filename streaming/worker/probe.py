"""Probe of the source, plan of the whole encode, and its pieces in the ledger."""

from typing import Any

from django.db import transaction

from kushfilms.core import storage
from kushfilms.core.storage import StoredObject
from streaming.encoding.errors import EncodingError, ErrorCode
from streaming.encoding.facts import SourceFacts
from streaming.encoding.plan import EncodePlan
from streaming.encoding.planner import plan_encode
from streaming.encoding.probe import probe_source
from streaming.models import (
    AssetStatus,
    AudioTrack,
    Encode,
    Rendition,
    Subtitle,
    Tier,
    TrackSource,
    VideoAsset,
    WorkItem,
    WorkKind,
)
from streaming.services.encodes import WorkSpec, asset_set_status, work_add
from streaming.services.warnings import warnings_clear, warnings_set
from streaming.worker.context import WorkContext

# Estimated CPU seconds for a second of film by kind of piece, so that progress moves evenly.
AUDIO_COST = 0.03
PACKAGE_COST = 0.02
PIXEL_COST = 1.4e-8  # a pixel of a frame through x264 at our presets


def run_probe(context: WorkContext) -> dict[str, Any]:
    source = source_head(context.item.encode.asset)
    facts = probe_source(
        context.source_url, size_bytes=source.size_bytes, should_stop=context.lease.should_stop
    )
    return {"facts": facts.to_json(), "plan": plan_encode(facts).to_json()}


def source_head(asset: VideoAsset) -> StoredObject:
    """Return the stored source. Raises EncodingError REPLACED if it is not the checked upload."""
    stored = storage.head(asset.source_key)
    if asset.source_etag and stored.etag != asset.source_etag:
        raise EncodingError(ErrorCode.REPLACED, detail=f"{stored.etag} for {asset.source_etag}")
    return stored


def follow_probe(item: WorkItem, output: dict[str, Any], encode: Encode) -> None:
    """Save the facts and the plan, and add every piece that follows from them to the ledger."""
    plan = EncodePlan.from_json(output["plan"])
    encode.plan = output["plan"]
    encode.save(update_fields=["plan"])
    asset = VideoAsset.objects.select_for_update().get(pk=encode.asset_id)
    asset.facts = output["facts"]
    asset.duration_seconds = plan.duration_seconds
    asset.save(update_fields=["facts", "duration_seconds", "updated_at"])
    _describe(asset, encode, plan)
    facts = SourceFacts.from_json(output["facts"])
    warnings_clear(asset)
    warnings_set(asset, item.kind, facts.notices)
    audio = [
        WorkSpec(WorkKind.AUDIO, position=track.index, weight=plan.duration_seconds * AUDIO_COST)
        for track in plan.audio
    ]
    subtitles = [
        WorkSpec(WorkKind.SUBTITLE, position=number) for number in range(len(plan.subtitles))
    ]
    video = []
    source_pixels = plan.picture.display_width * plan.picture.display_height
    for tier in plan.tiers:
        # A frame costs the pixels of the tier's rungs, and a tenth of the source's.
        pixels = source_pixels // 10
        pixels += sum(rung.width * rung.height for rung in plan.tier_rungs(tier))
        video += [
            WorkSpec(
                WorkKind.VIDEO, Tier[tier.name], chunk.index, chunk.frames * PIXEL_COST * pixels
            )
            for chunk in plan.chunks
        ]
    work_add(encode, [*audio, *subtitles, *video])
    asset_set_status(asset, AssetStatus.ENCODING)


@transaction.atomic
def _describe(asset: VideoAsset, encode: Encode, plan: EncodePlan) -> None:
    """Write the rungs of this encode and the embedded tracks of the asset."""
    Rendition.objects.bulk_create(
        Rendition(
            encode=encode,
            name=rung.name,
            tier=Tier[rung.tier.name],
            width=rung.width,
            height=rung.height,
        )
        for rung in plan.rungs
    )
    _describe_audio(asset, plan)
    _describe_subtitles(asset, plan)


def _describe_audio(asset: VideoAsset, plan: EncodePlan) -> None:
    """Replace the embedded audio tracks; added ones stay, and stay the default if they were.

    The file does not name narrators: a narrator stays with the track's position and language.
    """
    embedded = asset.audio_tracks.filter(source=TrackSource.EMBEDDED)
    narrators = {(track.position, track.language): track.narrator_id for track in embedded}
    embedded.delete()
    added = list(asset.audio_tracks.all())
    labels = {row.label for row in added}
    has_default = any(row.default for row in added)
    AudioTrack.objects.bulk_create(
        AudioTrack(
            asset=asset,
            position=track.index,
            language=track.language,
            label=track.label[:70] + " (file)" * (track.label in labels),
            default=track.default and not has_default,
            channels=track.source_channels,
            narrator_id=narrators.get((track.index, track.language)),
        )
        for track in plan.audio
    )


def _describe_subtitles(asset: VideoAsset, plan: EncodePlan) -> None:
    """Replace the embedded subtitles; an added one keeps out the file's own in its language."""
    asset.subtitles.filter(source=TrackSource.EMBEDDED).delete()
    added = list(asset.subtitles.all())
    languages = {row.language for row in added}
    labels = {row.label for row in added}
    has_default = any(row.default for row in added)
    Subtitle.objects.bulk_create(
        Subtitle(
            asset=asset,
            position=number,
            name=track.name,
            language=track.language,
            label=track.label[:70] + " (file)" * (track.label in labels),
            default=track.default and not has_default,
            forced=track.forced,
        )
        for number, track in enumerate(plan.subtitles)
        if track.forced or track.language not in languages
    )
