"""Audio tracks and subtitles of a package, and its record, from which the next one is made."""

import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from kushfilms.core import storage
from kushfilms.core.errors import WrongState
from kushfilms.core.storage import ObjectMissing, StorageError
from streaming.encoding.plan import AudioTrackPlan, EncodePlan, SubtitleTrackPlan
from streaming.encoding.results import PackageResult
from streaming.models import AudioTrack, Package, VideoAsset, WorkItem, WorkKind, WorkState

# Stored beside the package's objects, under a name the edge never serves (views/edge.py).
FACTS = "facts.gz"


def audio_tracks_of(asset: VideoAsset) -> list[AudioTrack]:
    """Return the asset's audio tracks as they are now, embedded and added."""
    return list(asset.audio_tracks.select_related("encode"))


def audio_stream_keys(rows: Iterable[AudioTrack]) -> dict[str, str]:
    """Return the storage keys of added audio streams by the name of their directory."""
    encodes = [row.encode_id for row in rows if row.encode_id]
    finished = WorkItem.objects.filter(
        encode__in=encodes, kind=WorkKind.AUDIO, state=WorkState.DONE
    )
    outputs = finished.values_list("output", flat=True)
    return {name: key for output in outputs for name, key in output["renditions"].items()}


def plan_with_tracks(
    plan: EncodePlan, *, asset: VideoAsset, sound: Sequence[AudioTrack] | None = None
) -> EncodePlan:
    """Return the plan with the asset's tracks as they are now.

    `sound` are the asset's audio rows, where the caller has read them already.
    """
    rows = audio_tracks_of(asset) if sound is None else sound
    files = {row.position: row for row in rows if not row.encode}
    own = [_with_row(track, files[track.index]) for track in plan.audio if track.index in files]
    added = [
        _with_row(EncodePlan.from_json(row.encode.plan or {}).audio[0], row)
        for row in rows
        if row.encode
    ]
    subtitles = [
        SubtitleTrackPlan(
            name=row.name,
            stream_index=-1,
            language=row.language,
            label=row.label,
            default=row.default,
            forced=row.forced,
        )
        for row in asset.subtitles.all()
    ]
    return replace(plan, audio=(*own, *added), subtitles=tuple(subtitles))


def _with_row(track: AudioTrackPlan, row: AudioTrack) -> AudioTrackPlan:
    return replace(track, index=row.position, label=row.label, default=row.default)


def package_facts_write(package: Package, result: PackageResult) -> int:
    """Store the measurements of a package; return their bytes. Raises StorageError."""
    data = gzip.compress(json.dumps(result.to_json()).encode(), mtime=0)
    storage.put_bytes(f"{package.prefix}{FACTS}", data, content_type="application/gzip")
    return len(data)


def package_facts_read(package: Package) -> PackageResult:
    """Return the measurements. Raises WrongState `encode_again` for a package without them."""
    try:
        data = storage.get_bytes(f"{package.prefix}{FACTS}")
    except ObjectMissing as exc:
        message = "This film was encoded before tracks could be added. Choose “Encode again” first."
        raise WrongState(message, code="encode_again") from exc
    return PackageResult.from_json(json.loads(gzip.decompress(data)))


def package_check_stored(package: Package, stored: Mapping[str, int]) -> None:
    """Compare the objects below the prefix with what was stored. Raises StorageError."""
    listed = {
        item.key.removeprefix(package.prefix): item.size_bytes
        for item in storage.list_objects(package.prefix)
    }
    if listed != stored:
        raise StorageError("Storage does not hold the whole film.")
