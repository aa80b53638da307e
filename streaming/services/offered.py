"""What a package offers besides its pictures, and the record from which its next can be made."""

import gzip
import json
from collections.abc import Mapping
from dataclasses import replace

from kushfilms.core import storage
from kushfilms.core.errors import WrongState
from kushfilms.core.storage import ObjectMissing, StorageError
from streaming.encoding.plan import EncodePlan, SubtitleTrackPlan
from streaming.encoding.results import PackageResult
from streaming.models import Package, VideoAsset

# Beside the package's objects, and no name a player could ask for (streaming/edge.py).
FACTS = "facts.gz"


def offered_plan(plan: EncodePlan, *, asset: VideoAsset) -> EncodePlan:
    """The plan with the asset's subtitles as they are now."""
    tracks = tuple(
        SubtitleTrackPlan(
            name=row.name,
            stream_index=-1,
            language=row.language,
            label=row.label,
            default=row.default,
            forced=row.forced,
        )
        for row in asset.subtitles.all()
    )
    return replace(plan, subtitles=tracks)


def facts_write(package: Package, result: PackageResult) -> int:
    """Keep what was measured while it was made; answers the bytes. Raises StorageError."""
    data = gzip.compress(json.dumps(result.to_json()).encode(), mtime=0)
    storage.put_bytes(f"{package.prefix}{FACTS}", data, content_type="application/gzip")
    return len(data)


def facts_read(package: Package) -> PackageResult:
    """Raises WrongState: `encode_again`, of a package older than this record."""
    try:
        data = storage.get_bytes(f"{package.prefix}{FACTS}")
    except ObjectMissing as exc:
        message = "This film was packaged before tracks could be added. Press “Encode again” first."
        raise WrongState(message, code="encode_again") from exc
    return PackageResult.from_json(json.loads(gzip.decompress(data)))


def package_check_stored(package: Package, stored: Mapping[str, int]) -> None:
    """What storage lists below the prefix is exactly what was sent. Raises StorageError."""
    listed = {
        item.key.removeprefix(package.prefix): item.size_bytes
        for item in storage.list_objects(package.prefix)
    }
    if listed != stored:
        raise StorageError("Storage does not hold the film whole.")
