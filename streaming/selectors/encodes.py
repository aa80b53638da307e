"""Uploaded videos and the progress of their encodes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, FloatField, Q, Sum
from django.db.models.functions import Coalesce

from kushfilms.core.errors import NotFound
from streaming.models import (
    AudioTrack,
    Encode,
    EncodeState,
    Rendition,
    Subtitle,
    VideoAsset,
    WorkItem,
    WorkKind,
    WorkState,
)
from streaming.warning_texts import WarningText, warning_text


def video_get(asset_id: UUID) -> VideoAsset:
    """Return the video with its film and live package. Raises NotFound."""
    asset = VideoAsset.objects.select_related("movie", "live_package").filter(pk=asset_id).first()
    if asset is None:
        raise NotFound("There is no such video.")
    return asset


@dataclass(frozen=True)
class RungState:
    """A rung of an encode: `status` WAITING, ENCODING, READY or FAILED; `progress` in percent."""

    height: int
    name: str
    codec: str
    bandwidth: int
    bytes: int
    status: str
    progress: int


@dataclass(frozen=True)
class EncodeReport:
    """Progress of an encode: percent, seconds left (None: unknown), attempts."""

    progress: int
    seconds_left: int | None
    attempts: int
    last_error: str
    pieces_done: int
    pieces: int
    rungs: tuple[RungState, ...]
    started_at: datetime | None
    finished_at: datetime | None
    cpu_seconds: float


@dataclass(frozen=True)
class VideoState:
    """A video with the progress of its last encode, for staff."""

    asset: VideoAsset
    encode: EncodeReport | None

    @property
    def progress(self) -> int:
        return self.encode.progress if self.encode else 0

    @property
    def rungs(self) -> tuple[RungState, ...]:
        return self.encode.rungs if self.encode else ()

    @property
    def warnings(self) -> list[WarningText]:
        return [warning_text(row.code, row.values) for row in self.asset.warnings.all()]

    @property
    def audio_tracks(self) -> list[AudioTrack]:
        return list(self.asset.audio_tracks.select_related("narrator"))

    @property
    def subtitles(self) -> list[Subtitle]:
        return list(self.asset.subtitles.all())


def video_state(asset: VideoAsset) -> VideoState:
    return VideoState(asset, encode_report(asset))


def encode_progress(encode_id: UUID) -> float:
    """Return the share of the estimated work that is done, 0 to 1."""
    sums = WorkItem.objects.filter(encode_id=encode_id).aggregate(
        total=Coalesce(Sum("weight"), 0.0, output_field=FloatField()),
        done=Coalesce(Sum(F("weight") * F("progress")), 0.0, output_field=FloatField()),
    )
    return float(sums["done"] / sums["total"]) if sums["total"] else 0.0


def encode_report(asset: VideoAsset) -> EncodeReport | None:
    """Return the progress of an asset's last encode, or None before the first."""
    encode = asset.encodes.order_by("-started_at").first()
    if encode is None:
        return None
    totals = encode.work.aggregate(
        pieces=Count("pk"),
        done=Count("pk", filter=Q(state=WorkState.DONE)),
        cpu=Sum("cpu_seconds"),
    )
    troubled = encode.work.exclude(last_error="").order_by("-attempts").first()
    fraction = 1.0 if encode.state == EncodeState.DONE else encode_progress(encode.pk)
    return EncodeReport(
        progress=min(int(fraction * 100), 100 if encode.state == EncodeState.DONE else 99),
        seconds_left=_seconds_left(encode, fraction),
        attempts=troubled.attempts if troubled else 1,
        last_error=troubled.last_error if troubled else "",
        pieces_done=totals["done"],
        pieces=totals["pieces"],
        rungs=tuple(_rung_state(rung, _tier_work(encode)) for rung in encode.renditions.all()),
        started_at=encode.started_at,
        finished_at=encode.finished_at,
        cpu_seconds=round(totals["cpu"] or 0, 1),
    )


def _seconds_left(encode: Encode, fraction: float) -> int | None:
    """Estimate the seconds left from the time finished pieces took and the pieces at work now.

    Idle hours, after a power cut or behind other films, do not count.
    """
    if encode.state != EncodeState.RUNNING:
        return None
    pieces = encode.work.annotate(took=F("finished_at") - F("started_at"))
    done = pieces.filter(state=WorkState.DONE, took__isnull=False).aggregate(
        weight=Sum("weight"), time=Sum("took")
    )
    if not done["weight"] or not done["time"]:
        return None
    total = float(encode.work.aggregate(weight=Sum("weight"))["weight"])
    workers = max(1, encode.work.filter(state=WorkState.RUNNING).count())
    seconds_a_weight = float(done["time"].total_seconds() / done["weight"])
    return round(total * (1 - fraction) * seconds_a_weight / workers)


def _tier_work(encode: Encode) -> dict[str, tuple[float, bool, bool]]:
    """Return by tier: share done, whether any piece has begun, whether any has failed."""
    work: dict[str, tuple[float, bool, bool]] = {}
    rows = list(encode.work.filter(kind=WorkKind.VIDEO).values_list("tier", "state", "progress"))
    for tier in {row[0] for row in rows}:
        pieces = [row for row in rows if row[0] == tier]
        share = sum(row[2] for row in pieces) / len(pieces)
        states = {row[1] for row in pieces}
        begun = bool(states - {WorkState.READY}) or share > 0
        work[tier] = (share, begun, WorkState.FAILED in states)
    return work


def _rung_state(rung: Rendition, work: dict[str, tuple[float, bool, bool]]) -> RungState:
    share, begun, failed = work.get(rung.tier, (0.0, False, False))
    if rung.status == WorkState.DONE:
        status = "READY"
        share = 1.0
    elif failed:
        status = "FAILED"
    else:
        status = "ENCODING" if begun else "WAITING"
    return RungState(
        height=rung.height,
        name=rung.name,
        codec=rung.codec,
        bandwidth=rung.bandwidth,
        bytes=rung.total_bytes,
        status=status,
        progress=int(share * 100),
    )


def work_waiting() -> int:
    """Count pieces that wait for a worker; an operator adds workers by this figure."""
    return WorkItem.objects.filter(encode__state=EncodeState.RUNNING, state=WorkState.READY).count()
