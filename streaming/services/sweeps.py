"""Scheduled sweeps: waking workers, and deleting objects that are no longer needed."""

import itertools
import logging
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from kushfilms.core import storage
from kushfilms.core.leases import MOST_WAKES
from kushfilms.core.storage import StorageError
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

# A failed encode's chunks stay this long, for the retry button.
FAILED_WORK_RETENTION = timedelta(days=2)
# A replaced package stays for viewers who paused; longer than a token lives.
RETIRED_RETENTION = timedelta(hours=24)
BATCH = 20
# Longer than the life of a signed URL and of the request that uses it.
STRAY_RETENTION = timedelta(hours=6)
SOURCES_AT_ONCE = 500


def work_sweep() -> None:
    """Wake workers for unclaimed pieces, after lost messages, expired leases and pauses."""
    waiting = WorkItem.objects.filter(work_claimable(timezone.now()))[:MOST_WAKES].count()
    send_wakes(waiting)


def storage_sweep() -> None:
    """Delete what finished encodes, replaced packages and abandoned uploads left in storage."""
    now = timezone.now()
    work_objects_sweep(now=now)
    packages_sweep(now=now)
    expired_uploads_sweep(now=now)
    trash_sweep()


def work_objects_sweep(*, now: datetime) -> None:
    """Delete the chunks of ended encodes, except streams of added audio that films offer."""
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
    """Delete packages that were replaced a while ago, or that were never finished."""
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
    """End abandoned uploads, whose parts cost storage and whose rows confuse staff."""
    expired = VideoAsset.objects.filter(
        status=AssetStatus.AWAITING_UPLOAD, upload_expires_at__lt=now
    )
    for asset in expired[:BATCH]:
        if upload_abandon(asset):
            logger.info("swept the abandoned upload %s", asset.filename)


def sources_sweep(*, now: datetime) -> int:
    """Delete originals that no row names; return how many.

    A signed URL may still be used after its upload was cancelled or completed.
    """
    deleted = 0
    objects = iter(storage.list_objects("source/"))
    while batch := list(itertools.islice(objects, SOURCES_AT_ONCE)):
        assets = VideoAsset.objects.filter(source_key__in=[item.key for item in batch])
        named = set(assets.values_list("source_key", flat=True))
        for item in batch:
            if (
                item.key not in named
                and item.modified_at
                and item.modified_at < now - STRAY_RETENTION
            ):
                storage.delete(item.key)
                deleted += 1
    return deleted


def trash_sweep() -> None:
    """Delete the objects of deleted films."""
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
