"""Encodes from start to end: probed, planned, worked through, playable early, finished.

Every step runs inside `ledger.work_complete` with the encode's row locked, so it happens exactly
once, together with the result it follows from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.services.notifications import notification_create
from catalog.services.films import movie_media_update
from kushfilms.core.errors import WrongState
from kushfilms.core.jobs import job_enqueue
from streaming.models import (
    AssetKind,
    AssetStatus,
    Encode,
    EncodeState,
    Package,
    PackageStage,
    Rendition,
    Tier,
    VideoAsset,
    WorkItem,
    WorkKind,
    WorkState,
)
from streaming.services.ledger import WorkFailure
from streaming.services.worker_wake import wake_workers

# Lower goes first, over all films: work that makes a film playable goes before work that makes it
# sharper, and a film near its end before one that has not begun its high rungs.
PRIORITY: dict[tuple[WorkKind, Tier], int] = {
    (WorkKind.PROBE, Tier.LOW): 0,
    (WorkKind.PACKAGE, Tier.LOW): 1,
    (WorkKind.AUDIO, Tier.LOW): 2,
    (WorkKind.SUBTITLE, Tier.LOW): 2,
    (WorkKind.VIDEO, Tier.LOW): 3,
    (WorkKind.STILLS, Tier.LOW): 4,
    (WorkKind.PACKAGE, Tier.HIGH): 5,
    (WorkKind.VIDEO, Tier.HIGH): 6,
}
LONGEST_TAG = 16  # characters of one tag in `Movie.audio_languages`


@dataclass(frozen=True)
class WorkSpec:
    """A piece of work to put into the ledger. `weight` is its estimated CPU seconds."""

    kind: WorkKind
    tier: Tier = Tier.LOW
    position: int = 0
    weight: float = 1


@transaction.atomic
def encode_start(asset: VideoAsset) -> Encode:
    """Start an encode from the source, whatever came before.

    Raises:
        WrongState: `encode_running`, or `not_uploaded` when the source is not there yet.
    """
    asset = VideoAsset.objects.select_for_update().get(pk=asset.pk)
    if asset.status == AssetStatus.AWAITING_UPLOAD:
        raise WrongState("The file is not uploaded yet.", code="not_uploaded")
    if asset.kind == AssetKind.SOUND and asset.status == AssetStatus.READY:
        raise WrongState("This audio is already in the film. Upload it again to replace it.")
    if asset.encodes.filter(state=EncodeState.RUNNING).exists():
        raise WrongState("This film is already being encoded.", code="encode_running")
    encode = Encode.objects.create(asset=asset)
    work_add(encode, [WorkSpec(WorkKind.PROBE)])
    asset_set_status(asset, AssetStatus.PROBING)
    return encode


@transaction.atomic
def encode_retry(asset: VideoAsset) -> Encode:
    """Continue the last encode where it failed, or start from the source if its probe failed.

    Raises:
        WrongState: `encode_running`, `not_uploaded`, or `nothing_to_retry`.
    """
    asset = VideoAsset.objects.select_for_update().get(pk=asset.pk)
    last = asset.encodes.order_by("-started_at").select_for_update().first()
    if last is None or last.plan is None or asset.kind == AssetKind.SOUND:
        return encode_start(asset)
    if last.state != EncodeState.FAILED:
        code = "encode_running" if last.state == EncodeState.RUNNING else "nothing_to_retry"
        raise WrongState("There is no failed encode to resume.", code=code)
    if last.swept_at is not None:  # the sweep has deleted its chunks
        return encode_start(asset)
    last.state = EncodeState.RUNNING
    last.error_code = ""
    last.error_message = ""
    last.finished_at = None
    last.started_at = timezone.now()
    last.save()
    last.work.exclude(state=WorkState.DONE).update(
        state=WorkState.READY,
        attempts=0,
        not_before=timezone.now(),
        lease_owner="",
        lease_expires_at=None,
    )
    asset_set_status(asset, AssetStatus.ENCODING)
    wake_workers(last.work.filter(state=WorkState.READY).count())
    return last


def work_add(encode: Encode, specs: Sequence[WorkSpec]) -> None:
    """Add pieces to the ledger and wake as many workers; an existing piece stays unchanged."""
    rows = [
        WorkItem(
            encode=encode,
            kind=spec.kind,
            tier=spec.tier,
            position=spec.position,
            weight=spec.weight,
            priority=PRIORITY[spec.kind, spec.tier],
        )
        for spec in specs
    ]
    WorkItem.objects.bulk_create(rows, ignore_conflicts=True)
    wake_workers(len(rows))


def asset_set_status(asset: VideoAsset, status: AssetStatus) -> None:
    """Set a new status and clear the old error."""
    asset.status = status
    asset.error_code = ""
    asset.error_message = ""
    if status == AssetStatus.READY:
        asset.progress = 100
    elif status in {AssetStatus.PROBING, AssetStatus.UPLOADED}:
        asset.progress = 0
    asset.save(update_fields=["status", "error_code", "error_message", "progress", "updated_at"])


# ── After a finished piece ──────────────────────────────────────────────────────────────


def encode_advance(encode: Encode) -> None:
    """Add the pieces that have become possible. The caller has locked the encode's row."""
    done = _DoneKinds(encode)
    low = done(WorkKind.VIDEO, Tier.LOW) and done(WorkKind.AUDIO) and done(WorkKind.SUBTITLE)
    if not low:
        return
    has_high = encode.work.filter(kind=WorkKind.VIDEO, tier=Tier.HIGH).exists()
    following = [WorkSpec(WorkKind.STILLS)]
    if has_high:
        following.append(WorkSpec(WorkKind.PACKAGE, Tier.LOW))
    finished_video = done(WorkKind.VIDEO, Tier.HIGH) and done(WorkKind.STILLS, at_least=1)
    early_over = not has_high or done(WorkKind.PACKAGE, Tier.LOW, at_least=1)
    if finished_video and early_over:
        following.append(WorkSpec(WorkKind.PACKAGE, Tier.HIGH))
        asset_set_status(encode.asset, AssetStatus.PACKAGING)
    existing = set(encode.work.values_list("kind", "tier"))
    work_add(encode, [spec for spec in following if (spec.kind, spec.tier) not in existing])


class _DoneKinds:
    """A callable that returns whether all pieces of a kind and tier are done."""

    def __init__(self, encode: Encode) -> None:
        self.rows = list(encode.work.values_list("kind", "tier", "state"))

    def __call__(self, kind: WorkKind, tier: Tier = Tier.LOW, *, at_least: int = 0) -> bool:
        states = [state for k, t, state in self.rows if (k, t) == (kind, tier)]
        return len(states) >= at_least and all(state == WorkState.DONE for state in states)


@transaction.atomic
def package_create(encode: Encode, *, stage: PackageStage) -> Package:
    """Create a package under a new prefix; no attempt ever writes to an object of another."""
    asset = VideoAsset.objects.select_for_update().get(pk=encode.asset_id)
    last = asset.packages.aggregate(last=Max("number"))["last"] or 0
    return Package.objects.create(
        asset=asset,
        encode=encode,
        number=last + 1,
        stage=stage,
        tracks_version=asset.tracks_version,
    )


def package_go_live(encode: Encode, package: Package) -> None:
    """Give a verified package to new viewers.

    Running playback keeps the package before it, which is swept a day later. If tracks have been
    added since this package was begun, the next one is enqueued.
    """
    now = timezone.now()
    asset = VideoAsset.objects.select_for_update().get(pk=encode.asset_id)
    Package.objects.filter(asset=asset, retired_at=None).exclude(pk=package.pk).update(
        retired_at=now
    )
    asset.live_package = package
    asset.save(update_fields=["live_package", "updated_at"])
    if encode.playable_at is None:
        encode.playable_at = now
        encode.save(update_fields=["playable_at"])
    asset_take_over(asset)
    if package.tracks_version < asset.tracks_version:
        repackage_enqueue(asset)


def repackage_enqueue(asset: VideoAsset) -> None:
    """Have the live package made again with the present tracks (services/repackage.py)."""
    job_enqueue("streaming.retrack", {"asset": str(asset.pk)}, key=str(asset.pk))


def asset_take_over(asset: VideoAsset) -> None:
    """Make this the asset that viewers get, unless a newer upload of the film already is."""
    siblings = VideoAsset.objects.select_for_update().filter(movie=asset.movie, kind=asset.kind)
    current = siblings.filter(is_current=True).exclude(pk=asset.pk).first()
    if current is not None and current.created_at > asset.created_at:
        return
    siblings.exclude(pk=asset.pk).filter(is_current=True).update(is_current=False)
    if not asset.is_current:
        asset.is_current = True
        asset.save(update_fields=["is_current", "updated_at"])
    if asset.kind == AssetKind.FEATURE:
        movie_media_update(
            asset.movie,
            duration=round(asset.duration_seconds),
            playable=True,
            audio_languages=_languages(asset.audio_tracks),
            subtitle_languages=_languages(asset.subtitles),
        )
    elif asset.kind == AssetKind.TRAILER:
        movie_media_update(asset.movie, trailer_duration=max(1, round(asset.duration_seconds)))


def _languages(tracks: Any) -> list[str]:
    """Return each known language once, in the order of the tracks."""
    tags = tracks.order_by("position").values_list("language", flat=True)
    return [tag for tag in dict.fromkeys(tags) if tag != "und" and len(tag) <= LONGEST_TAG]


def encode_finish(encode: Encode) -> None:
    """End an encode whose last piece is done."""
    encode.state = EncodeState.DONE
    encode.finished_at = timezone.now()
    encode.save(update_fields=["state", "finished_at"])
    Rendition.objects.filter(encode=encode).update(status=WorkState.DONE)
    asset = encode.asset
    asset_set_status(asset, AssetStatus.READY)
    if asset.uploaded_by is not None:
        notification_create(
            asset.uploaded_by,
            title=f"{_title(asset)} is ready",
            message=f"{asset.filename} has been encoded.",
            action_url=f"/admin/catalog/movie/{asset.movie_id}/change/",
            metadata={"videoId": str(asset.pk)},
        )


def encode_give_up(encode: Encode, failure: WorkFailure) -> None:
    """End an encode of which one piece cannot be done; a live package stays live."""
    message = (failure.final_message or failure.message)[:500]
    encode.state = EncodeState.FAILED
    encode.finished_at = timezone.now()
    encode.error_code = failure.code
    encode.error_message = message
    encode.save(update_fields=["state", "finished_at", "error_code", "error_message"])
    asset = VideoAsset.objects.select_for_update().get(pk=encode.asset_id)
    asset.status = AssetStatus.FAILED
    asset.error_code = failure.code
    asset.error_message = message
    asset.save(update_fields=["status", "error_code", "error_message", "updated_at"])
    if asset.uploaded_by is not None:
        notification_create(
            asset.uploaded_by,
            title=f"{_title(asset)} could not be encoded",
            message=message,
            action_url=f"/admin/catalog/movie/{asset.movie_id}/change/",
            metadata={"videoId": str(asset.pk), "code": failure.code},
        )


def _title(asset: VideoAsset) -> str:
    prefixes = {AssetKind.TRAILER: "The trailer of ", AssetKind.SOUND: "The added audio of "}
    return f"{prefixes.get(AssetKind(asset.kind), '')}“{asset.movie.title}”"
