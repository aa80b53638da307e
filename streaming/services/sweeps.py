"""What runs by the clock: waking workers, and throwing away what nobody needs any more."""

import itertools
import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from kushfilms.core import storage
from kushfilms.core.leases import MOST_WAKES
from kushfilms.core.storage import StorageError, StoredObject
from streaming.models import (
    AssetKind,
    AssetStatus,
    Encode,
    EncodeState,
    Package,
    PlaybackSession,
    Trash,
    VideoAsset,
    WorkItem,
)
from streaming.services.ledger import work_claimable
from streaming.services.uploads import upload_abandon
from streaming.services.worker_wake import send_wakes

logger = logging.getLogger(__name__)

# A failed encode keeps its chunks this long, for the retry button.
FAILED_WORK_RETENTION = timedelta(days=2)
# A replaced package stays for whoever paused; longer than a token lives on its own.
RETIRED_RETENTION = timedelta(hours=24)
BATCH = 20
# Longer than a signed URL and the request that uses it live.
STRAY_RETENTION = timedelta(hours=6)
SOURCES_AT_ONCE = 500


def work_sweep() -> None:
    """Wake workers for what lies unclaimed: lost messages, leases that ran out, pauses over."""
    waiting = WorkItem.objects.filter(work_claimable(timezone.now()))[:MOST_WAKES].count()
    send_wakes(waiting)


def storage_sweep() -> None:
    """Throw away what finished encodes, replaced packages and abandoned uploads left in storage."""
    now = timezone.now()
    work_objects_sweep(now=now)
    packages_sweep(now=now)
    expired_uploads_sweep(now=now)
    trash_sweep()


def work_objects_sweep(*, now: datetime) -> None:
    """Delete the chunks of encodes that are over, but the streams of added sound on offer."""
    ended = Encode.objects.filter(swept_at=None, state=EncodeState.DONE, sound=None)
    done = ended.exclude(
        asset__kind=AssetKind.SOUND, asset__updated_at__gt=now - FAILED_WORK_RETENTION
    )
    failed = Encode.objects.filter(
        swept_at=None, state=EncodeState.FAILED, finished_at__lt=now - FAILED_WORK_RETENTION
    )
    for encode in [*done[:BATCH], *failed[:BATCH]]:
        if _delete(encode.work_prefix):
            Encode.objects.filter(pk=encode.pk).update(swept_at=now)


def packages_sweep(*, now: datetime) -> None:
    """Delete packages that were replaced a while ago, or whose making broke off."""
    watched = PlaybackSession.objects.filter(
        package=OuterRef("pk"),
        ended_at=None,
        revoked_at=None,
        last_heartbeat_at__gt=now - RETIRED_RETENTION,
    )
    replaced = Package.objects.filter(
        swept_at=None, retired_at__lt=now - RETIRED_RETENTION
    ).exclude(Exists(watched))
    broken = Package.objects.filter(
        swept_at=None, verified_at=None, created_at__lt=now - RETIRED_RETENTION
    ).exclude(encode__state=EncodeState.RUNNING)
    for package in [*replaced[:BATCH], *broken[:BATCH]]:
        if _delete(package.prefix):
            Package.objects.filter(pk=package.pk).update(swept_at=now)


def expired_uploads_sweep(*, now: datetime) -> None:
    """End uploads nobody finished: their parts cost storage and their rows confuse."""
    expired = VideoAsset.objects.filter(
        status=AssetStatus.AWAITING_UPLOAD, upload_expires_at__lt=now
    )
    for asset in expired[:BATCH]:
        if upload_abandon(asset):
            logger.info("swept the abandoned upload %s", asset.filename)


def sources_sweep(*, now: datetime) -> int:
    """Delete originals that no row names: a URL that was signed may be used after its upload was
    cancelled, or taken over. Returns how many went."""
    gone = 0
    for batch in _batches(storage.list_objects("source/"), SOURCES_AT_ONCE):
        kept = VideoAsset.objects.filter(source_key__in=[item.key for item in batch])
        named = set(kept.values_list("source_key", flat=True))
        for item in batch:
            if (
                item.key not in named
                and item.modified_at
                and item.modified_at < now - STRAY_RETENTION
            ):
                storage.delete(item.key)
                gone += 1
    return gone


def _batches(found: Iterable[StoredObject], size: int) -> Iterator[list[StoredObject]]:
    coming = iter(found)
    while batch := list(itertools.islice(coming, size)):
        yield batch


def trash_sweep() -> None:
    """Delete the objects of films that were deleted."""
    for trash in Trash.objects.order_by("created_at")[:BATCH]:
        if _delete(trash.prefix):
            trash.delete()


def _delete(prefix: str) -> bool:
    try:
        storage.delete_prefix(prefix)
    except StorageError:
        logger.warning("storage is away: %s stays for the next sweep", prefix)
        return False
    return True
