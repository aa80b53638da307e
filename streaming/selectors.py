"""Reads over assets, encodes and what a player is offered."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Prefetch, Q, Sum
from django.utils import timezone

from catalog.models import Movie
from catalog.selectors import NEWEST, episode_next, movies_listed
from kushfilms.core.errors import NotFound
from streaming.models import (
    AssetKind,
    AssetStatus,
    AudioTrack,
    Encode,
    EncodeState,
    PlaybackSession,
    Rendition,
    Subtitle,
    VideoAsset,
    WorkItem,
    WorkKind,
    WorkState,
)
from streaming.services.encodes import encode_progress
from streaming.services.playback_sessions import streams_live

COMING = 20
WORKING = (AssetStatus.PROBING, AssetStatus.ENCODING, AssetStatus.PACKAGING)


def video_get(asset_id: UUID) -> VideoAsset:
    """Raises NotFound."""
    asset = VideoAsset.objects.select_related("movie", "live_package").filter(pk=asset_id).first()
    if asset is None:
        raise NotFound("There is no such video.")
    return asset


@dataclass(frozen=True)
class SubtitlesState:
    """A film's subtitles; `live` is false while viewers wait for the package that has them."""

    rows: list[Subtitle]
    live: bool


def subtitles_state(movie: Movie) -> SubtitlesState:
    assets = VideoAsset.objects.filter(movie=movie, kind=AssetKind.FEATURE, is_current=True)
    asset = assets.first()
    rows = list(asset.subtitles.all()) if asset else []
    return SubtitlesState(rows, live=_is_live(movie))


@dataclass(frozen=True)
class AudioTracksState:
    """A film's sound; `coming` are uploads that are not in it yet, each with its one track."""

    rows: list[AudioTrack]
    coming: list[VideoAsset]
    live: bool


def audio_tracks_offered(movie: Movie) -> list[AudioTrack]:
    rows = AudioTrack.objects.filter(asset__movie=movie, asset__is_current=True)
    return list(rows.filter(asset__kind=AssetKind.FEATURE).select_related("narrator"))


def audio_tracks_state(movie: Movie) -> AudioTracksState:
    uploads = VideoAsset.objects.filter(movie=movie, kind=AssetKind.SOUND)
    coming = uploads.exclude(status=AssetStatus.READY).order_by("-created_at")
    tracks = Prefetch("audio_tracks", AudioTrack.objects.select_related("narrator"))
    return AudioTracksState(
        audio_tracks_offered(movie),
        list(coming.prefetch_related(tracks)[:COMING]),
        live=_is_live(movie),
    )


def _is_live(movie: Movie) -> bool:
    behind = Q(live_package__tracks_version__lt=F("tracks_version"))
    assets = VideoAsset.objects.filter(movie=movie, kind=AssetKind.FEATURE, is_current=True)
    return not assets.filter(behind).exists()


@dataclass(frozen=True)
class RungState:
    """A rung on its way: `status` WAITING, ENCODING, READY or FAILED; `progress` in percent."""

    height: int
    name: str
    codec: str
    bandwidth: int
    bytes: int
    status: str
    progress: int


@dataclass(frozen=True)
class EncodeReport:
    """What the admin sees of an encode: percent, seconds left (None: unknown), attempts."""

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


def encode_report(asset: VideoAsset) -> EncodeReport | None:
    """The last encode of an asset, or None before the first."""
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
    """By how long the finished pieces took, and how many are at work now: hours in which nobody
    worked, after a power cut or behind other films, say nothing about the rest."""
    if encode.state != EncodeState.RUNNING:
        return None
    pieces = encode.work.annotate(took=F("finished_at") - F("started_at"))
    done = pieces.filter(state=WorkState.DONE, took__isnull=False).aggregate(
        weight=Sum("weight"), time=Sum("took")
    )
    if not done["weight"] or not done["time"]:
        return None
    total = float(encode.work.aggregate(weight=Sum("weight"))["weight"])
    at_once = max(1, encode.work.filter(state=WorkState.RUNNING).count())
    a_weight = float(done["time"].total_seconds() / done["weight"])
    return round(total * (1 - fraction) * a_weight / at_once)


def _tier_work(encode: Encode) -> dict[str, tuple[float, bool, bool]]:
    """By tier: share done, anything begun, anything failed."""
    found: dict[str, tuple[float, bool, bool]] = {}
    rows = list(encode.work.filter(kind=WorkKind.VIDEO).values_list("tier", "state", "progress"))
    for tier in {row[0] for row in rows}:
        mine = [row for row in rows if row[0] == tier]
        share = sum(row[2] for row in mine) / len(mine)
        states = {row[1] for row in mine}
        begun = bool(states - {WorkState.READY}) or share > 0
        found[tier] = (share, begun, WorkState.FAILED in states)
    return found


def _rung_state(rung: Rendition, work: dict[str, tuple[float, bool, bool]]) -> RungState:
    share, begun, failed = work.get(rung.tier, (0.0, False, False))
    if rung.status == WorkState.DONE:
        status, share = "READY", 1.0
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


def movie_next(movie: Movie, *, now: datetime, country: str) -> Movie | None:
    """What to watch after it: the next episode of its series, else of its category the one before
    it or the newest.
    """
    if following := episode_next(movie, now=now, country=country):
        return following
    if movie.category_id is None or movie.published_at is None:
        return None
    others = movies_listed(now=now, country=country).without_episodes()
    others = others.filter(category_id=movie.category_id).exclude(pk=movie.pk)
    others = others.order_by(*NEWEST)
    return others.filter(published_at__lte=movie.published_at).first() or others.first()


def streams_elsewhere(user_id: UUID) -> list[PlaybackSession]:
    """What a person is watching now, to tell them which device is in the way."""
    running = streams_live(user_id, now=timezone.now()).select_related("asset__movie")
    return list(running.order_by("-last_heartbeat_at")[:5])


def work_waiting() -> int:
    """Pieces nobody has begun: what an operator watches to add workers."""
    return WorkItem.objects.filter(encode__state=EncodeState.RUNNING, state=WorkState.READY).count()
