"""Packaging of added audio tracks, segment by segment into a package in the making."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from kushfilms.core import storage
from kushfilms.core.jobs import GiveUp, Running
from streaming.encoding.errors import EncodingError
from streaming.encoding.packaging import package_film
from streaming.encoding.plan import AudioTrackPlan, EncodePlan
from streaming.encoding.results import PackageResult
from streaming.models import Package

CHECKPOINT_SECONDS = 20  # between renewals of the job's lease


@dataclass(frozen=True)
class PackagedAudio:
    """The packager's result, and the bytes of each stored object by path."""

    result: PackageResult | None
    stored: dict[str, int]


def missing_audio_package(
    job: Running,
    package: Package,
    *,
    plan: EncodePlan,
    tracks: Sequence[AudioTrackPlan],
    keys: dict[str, str],
) -> PackagedAudio:
    """Package the tracks and store their segments.

    Playlists and manifest are not stored: they are written later, for the whole film.

    Raises:
        EncodingError, StorageError, ObjectMissing, LeaseLost: a later attempt may succeed.
        GiveUp: no attempt can succeed.
    """
    stored: dict[str, int] = {}

    def sink(path: str, file: Path, content_type: str) -> None:
        if file.suffix in {".m3u8", ".mpd"}:
            return
        storage.put_file(f"{package.prefix}{path}", file, content_type=content_type)
        stored[path] = file.stat().st_size

    names = [rendition.name for track in tracks for rendition in track.renditions]
    work = Path(settings.ENCODE_WORK_DIR)
    work.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=work, prefix="sound-") as folder:
        try:
            result = package_film(
                replace(plan, audio=tuple(tracks), rungs=(), subtitles=()),
                rungs={},
                audio={name: storage.get_blocks(keys[name]) for name in names},
                subtitles={},
                work_dir=Path(folder) / "package",
                sink=sink,
                should_stop=_LeaseRenewal(job).due,
            )
        except EncodingError as exc:
            if exc.retryable:
                raise
            raise GiveUp(exc.message) from exc
    return PackagedAudio(_media_only(result), stored)


def _media_only(result: PackageResult) -> PackageResult:
    """Drop the master playlist and the manifest, which lie at the root."""
    objects = [item for item in result.objects if "/" in item.path]
    return replace(result, objects=tuple(objects))


class _LeaseRenewal:
    """Renewal of a job's lease from the packager's `should_stop`, called many times a second."""

    def __init__(self, job: Running) -> None:
        self.job = job
        self.renewed_at = time.monotonic()

    def due(self) -> bool:
        """Renew the lease now and then; never ask to stop.

        Raises LeaseLost, which ends the packager as well.
        """
        if time.monotonic() - self.renewed_at > CHECKPOINT_SECONDS:
            self.job.checkpoint()
            self.renewed_at = time.monotonic()
        return False
