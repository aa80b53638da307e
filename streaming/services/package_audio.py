"""Sound that was added, cut into segments straight into the package that is being made."""

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

CHECKPOINT_SECONDS = 20


@dataclass(frozen=True)
class PackagedAudio:
    """What was packaged, and what of it lies in storage: bytes by path."""

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
    """Segments only: playlists and manifest are written when they name the whole film.

    Raises EncodingError, StorageError, ObjectMissing, LeaseLost; GiveUp when it never can be.
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
                should_stop=_Lease(job).lost,
            )
        except EncodingError as exc:
            if exc.retryable:
                raise
            raise GiveUp(exc.message) from exc
    return PackagedAudio(_media_only(result), stored)


def _media_only(result: PackageResult) -> PackageResult:
    """Without the two that are written anew."""
    objects = [one for one in result.objects if "/" in one.path]
    return replace(result, objects=tuple(objects))


class _Lease:
    """The packager asks many times a second whether to stop; the lease is kept now and then."""

    def __init__(self, job: Running) -> None:
        self.job, self.kept_at = job, time.monotonic()

    def lost(self) -> bool:
        """Raises LeaseLost, which ends the packager as well."""
        if time.monotonic() - self.kept_at > CHECKPOINT_SECONDS:
            self.job.checkpoint()
            self.kept_at = time.monotonic()
        return False
