"""Audio tracks and subtitles of a film, for viewers and for staff."""

from dataclasses import dataclass

from django.db.models import F, Prefetch, Q

from catalog.models import Movie
from streaming.models import AssetKind, AssetStatus, AudioTrack, Subtitle, VideoAsset

MOST_COMING = 20


@dataclass(frozen=True)
class SubtitlesState:
    """A film's subtitles; `live` is False until viewers get the package that has them."""

    rows: list[Subtitle]
    live: bool


@dataclass(frozen=True)
class ComingAudioTrack:
    """An uploaded audio track that is not in the film yet."""

    upload: VideoAsset
    track: AudioTrack


@dataclass(frozen=True)
class AudioTracksState:
    """A film's audio tracks; `live` is False until viewers get the package that has them."""

    rows: list[AudioTrack]
    coming: list[ComingAudioTrack]
    live: bool


def subtitles_state(movie: Movie) -> SubtitlesState:
    assets = VideoAsset.objects.filter(movie=movie, kind=AssetKind.FEATURE, is_current=True)
    asset = assets.first()
    rows = list(asset.subtitles.all()) if asset else []
    return SubtitlesState(rows, live=_is_live(movie))


def audio_tracks_offered(movie: Movie) -> list[AudioTrack]:
    rows = AudioTrack.objects.filter(asset__movie=movie, asset__is_current=True)
    return list(rows.filter(asset__kind=AssetKind.FEATURE).select_related("narrator"))


def audio_tracks_state(movie: Movie) -> AudioTracksState:
    uploads = VideoAsset.objects.filter(movie=movie, kind=AssetKind.SOUND)
    latest_first = uploads.exclude(status=AssetStatus.READY).order_by("-created_at")
    tracks = Prefetch("audio_tracks", AudioTrack.objects.select_related("narrator"))
    rows = audio_tracks_offered(movie)
    coming = [
        # An upload of sound has exactly one track, written with it.
        ComingAudioTrack(upload, track)
        for upload in latest_first.prefetch_related(tracks)[:MOST_COMING]
        for track in upload.audio_tracks.all()
    ]
    return AudioTracksState(rows, coming, live=_is_live(movie))


def _is_live(movie: Movie) -> bool:
    behind = Q(live_package__tracks_version__lt=F("tracks_version"))
    assets = VideoAsset.objects.filter(movie=movie, kind=AssetKind.FEATURE, is_current=True)
    return not assets.filter(behind).exists()
