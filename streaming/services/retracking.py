"""The live package made again with other subtitles: media is copied, playlists are written anew.

An object is never rewritten in place: whoever watches goes on with the package they began, and
storage copies the segments by itself, so no picture is encoded or sent again. The result passes the
same checker as every other package.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import PurePath
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from kushfilms.core import storage
from kushfilms.core.errors import WrongState
from kushfilms.core.jobs import GiveUp, Running, job_kind
from kushfilms.core.models import JobLane
from streaming.encoding.captions import segment_captions
from streaming.encoding.collecting import CONTENT_TYPES
from streaming.encoding.conformance import check_package
from streaming.encoding.dash import set_captions
from streaming.encoding.master import master_playlist
from streaming.encoding.plan import EncodePlan, SubtitleTrackPlan
from streaming.encoding.results import PackagedObject, PackageResult
from streaming.models import Package, PackageStage, Trash, VideoAsset
from streaming.services.encodes import package_create, package_go_live
from streaming.services.offered import (
    FACTS,
    facts_read,
    facts_write,
    offered_plan,
    package_check_stored,
)

MASTER, MANIFEST = "master.m3u8", "manifest.mpd"
PARALLEL_COPIES = 8
COPIES_A_CHECKPOINT = 200


@job_kind("streaming.retrack", lane=JobLane.LONG)
def retrack(job: Running) -> None:
    """Twice does no harm: a package that has the tracks of now is left alone."""
    asset = VideoAsset.objects.filter(pk=UUID(job.payload["asset"])).first()
    if asset is None:  # deleted, perhaps in the middle of the copying: whatever lies there goes
        Trash.objects.get_or_create(prefix=f"media/{job.payload['asset']}/")
        return
    base = asset.live_package
    if base is None or base.tracks_version >= asset.tracks_version:
        return
    try:
        before = facts_read(base)
    except WrongState as exc:
        raise GiveUp(exc.message) from exc
    package = package_create(base.encode, stage=PackageStage(base.stage))
    plan = offered_plan(EncodePlan.from_json(base.encode.plan or {}), asset=package.asset)
    draft = _draft(before, plan, texts=_added_texts(package.asset))
    violations = check_package(draft.plan, package=draft.result)
    if violations:
        raise GiveUp("; ".join(str(violation) for violation in violations[:20]))
    stored = _store(job, draft, base=base, package=package)
    package_check_stored(package, stored)
    _go_live(package, base=base, stored=stored)


class _Draft:
    """The package to be: what is copied, what is written, and how the checker sees it."""

    def __init__(
        self, plan: EncodePlan, result: PackageResult, *, gone: set[str], written: dict[str, str]
    ) -> None:
        self.plan, self.result, self.gone, self.written = plan, result, gone, written


def _draft(before: PackageResult, plan: EncodePlan, *, texts: dict[str, str]) -> _Draft:
    held = _caption_folders(before)
    tracks = [track for track in plan.subtitles if track.name in held or track.name in texts]
    gone = held - {track.name for track in tracks}
    written, playlists = _captions(plan, [t for t in tracks if t.name not in held], texts=texts)
    kept = {
        path: text
        for path, text in before.playlists.items()
        if path != MASTER and _folder(path) not in gone
    }
    playlists = {**kept, **playlists}
    playlists[MASTER] = master_playlist(
        plan, renditions=before.renditions, subtitles=tracks, media=playlists
    )
    manifest = set_captions(before.manifest, tracks)
    # Last, when all they name is there.
    written |= {MASTER: playlists[MASTER], MANIFEST: manifest}
    objects = [one for one in before.objects if not _replaced(one.path, gone)]
    objects += [_object(path, text) for path, text in written.items()]
    result = replace(before, objects=tuple(objects), playlists=playlists, manifest=manifest)
    return _Draft(plan, result, gone=gone, written=written)


def _captions(
    plan: EncodePlan, tracks: list[SubtitleTrackPlan], *, texts: dict[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Files to write and, of these, the playlists."""
    written: dict[str, str] = {}
    playlists: dict[str, str] = {}
    for track in tracks:
        captions = segment_captions(texts[track.name], plan=plan, track=track)
        path = f"{track.name}/media.m3u8"
        playlists[path] = captions.playlist
        written |= {**captions.files, path: captions.playlist}
    return written, playlists


def _caption_folders(result: PackageResult) -> set[str]:
    media = {rendition.name for rendition in result.renditions}
    return {_folder(path) for path in result.playlists if path != MASTER} - media


def _folder(path: str) -> str:
    return path.partition("/")[0]


def _replaced(path: str, gone: set[str]) -> bool:
    return path in {MASTER, MANIFEST, FACTS} or _folder(path) in gone


def _object(path: str, text: str) -> PackagedObject:
    content_type = CONTENT_TYPES[PurePath(path).suffix]
    return PackagedObject(path=path, bytes=len(text.encode()), content_type=content_type)


def _added_texts(asset: VideoAsset) -> dict[str, str]:
    added = asset.subtitles.exclude(key="").values_list("name", "key")
    return {name: storage.get_bytes(key).decode() for name, key in added}


def _store(job: Running, draft: _Draft, *, base: Package, package: Package) -> dict[str, int]:
    """Bytes by path of all that lies below the new prefix. Raises StorageError, LeaseLost."""
    stored = dict(_copies(job, draft, base=base, package=package))
    for one in draft.result.objects:
        if one.path in draft.written:
            data = draft.written[one.path].encode()
            storage.put_bytes(f"{package.prefix}{one.path}", data, content_type=one.content_type)
            stored[one.path] = one.bytes
    stored[FACTS] = facts_write(package, draft.result)
    return stored


def _copies(
    job: Running, draft: _Draft, *, base: Package, package: Package
) -> Iterator[tuple[str, int]]:
    """Copy a few hundred, keep the lease, copy on."""
    waiting = []
    with ThreadPoolExecutor(PARALLEL_COPIES, thread_name_prefix="retrack") as pool:
        for item in storage.list_objects(base.prefix):
            path = item.key.removeprefix(base.prefix)
            if _replaced(path, draft.gone):
                continue
            waiting.append(pool.submit(storage.copy, item.key, f"{package.prefix}{path}"))
            if len(waiting) == COPIES_A_CHECKPOINT:
                while waiting:
                    waiting.pop().result()
                job.checkpoint()
            yield path, item.size_bytes
        while waiting:
            waiting.pop().result()


@transaction.atomic
def _go_live(package: Package, *, base: Package, stored: dict[str, int]) -> None:
    asset = VideoAsset.objects.select_for_update().get(pk=package.asset_id)
    if asset.live_package_id != base.pk:
        return  # a full package was faster; if it lacks a track it has asked for this job again
    package.object_count, package.total_bytes = len(stored), sum(stored.values())
    package.has_storyboard, package.verified_at = base.has_storyboard, timezone.now()
    package.save()
    package_go_live(package.encode, package)
