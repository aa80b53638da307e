"""Repackaging of a film with other tracks: media is copied, playlists are written again.

No object is rewritten in place: running playback keeps the package it started with. Storage copies
the segments by itself, so no picture is encoded or sent again; only new audio goes through the
packager. The result passes the same checker as every other package.
"""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from kushfilms.core import storage
from kushfilms.core.errors import WrongState
from kushfilms.core.jobs import GiveUp, Running, job_kind
from kushfilms.core.models import JobLane
from streaming.encoding.conformance import check_package
from streaming.encoding.plan import EncodePlan
from streaming.models import Package, PackageStage, Trash, VideoAsset
from streaming.services.encodes import package_create, package_go_live
from streaming.services.package_audio import PackagedAudio, missing_audio_package
from streaming.services.package_draft import Draft, draft, tracks_missing
from streaming.services.package_tracks import (
    FACTS,
    audio_stream_keys,
    audio_tracks_of,
    package_check_stored,
    package_facts_read,
    package_facts_write,
    plan_with_tracks,
)

PARALLEL_COPIES = 8
COPIES_A_CHECKPOINT = 200


@job_kind("streaming.retrack", lane=JobLane.LONG)
def live_package_remake(job: Running) -> None:
    """Make the live package again if it lacks the present tracks. Idempotent."""
    asset = VideoAsset.objects.filter(pk=UUID(job.payload["asset"])).first()
    if asset is None:  # deleted, perhaps while copying: the copies go too
        Trash.objects.get_or_create(prefix=f"media/{job.payload['asset']}/")
        return
    base = asset.live_package
    if base is None or base.tracks_version >= asset.tracks_version:
        return
    try:
        before = package_facts_read(base)
    except WrongState as exc:
        raise GiveUp(exc.message) from exc
    package = package_create(base.encode, stage=PackageStage(base.stage))
    rows = audio_tracks_of(package.asset)
    plan = plan_with_tracks(
        EncodePlan.from_json(base.encode.plan or {}), asset=package.asset, sound=rows
    )
    keys = audio_stream_keys(rows)
    added = PackagedAudio(None, {})
    if missing := tracks_missing(before, plan):
        added = missing_audio_package(job, package, plan=plan, tracks=missing, keys=keys)
    files = package.asset.subtitles.exclude(key="").values_list("name", "key")
    texts = {name: storage.get_bytes(key).decode() for name, key in files}
    after = draft(before, plan, texts=texts, sound=added.result)
    violations = check_package(after.plan, package=after.result)
    if violations:
        raise GiveUp("; ".join(str(violation) for violation in violations[:20]))
    stored = added.stored | _store(job, after, base=base, package=package)
    package_check_stored(package, stored)
    _go_live(package, base=base, stored=stored)


def _store(job: Running, after: Draft, *, base: Package, package: Package) -> dict[str, int]:
    """Copy and write the objects; return bytes by path. Raises StorageError, LeaseLost."""
    stored: dict[str, int] = {}
    waiting = []
    with ThreadPoolExecutor(PARALLEL_COPIES, thread_name_prefix="repackage") as pool:
        for source in storage.list_objects(base.prefix):
            path = source.key.removeprefix(base.prefix)
            if after.replaces(path):
                continue
            waiting.append(pool.submit(storage.copy, source.key, f"{package.prefix}{path}"))
            if len(waiting) == COPIES_A_CHECKPOINT:
                while waiting:
                    waiting.pop().result()
                job.checkpoint()  # renews the lease
            stored[path] = source.size_bytes
        while waiting:
            waiting.pop().result()
    for item in after.result.objects:
        if item.path in after.written:
            data = after.written[item.path].encode()
            storage.put_bytes(f"{package.prefix}{item.path}", data, content_type=item.content_type)
            stored[item.path] = item.bytes
    stored[FACTS] = package_facts_write(package, after.result)
    return stored


@transaction.atomic
def _go_live(package: Package, *, base: Package, stored: dict[str, int]) -> None:
    asset = VideoAsset.objects.select_for_update().get(pk=package.asset_id)
    if asset.live_package_id != base.pk:
        return  # a full package was faster; if that one lacks a track, it has enqueued this job
    package.object_count = len(stored)
    package.total_bytes = sum(stored.values())
    package.has_storyboard = base.has_storyboard
    package.verified_at = timezone.now()
    package.save()
    package_go_live(package.encode, package)
