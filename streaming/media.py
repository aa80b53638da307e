"""Live media of films, the same for every viewer and so cached in memory."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from catalog.entitlement import Refusal
from catalog.models import Movie
from kushfilms.core.errors import Denied
from kushfilms.core.public_cache import Memo
from streaming.models import (
    AssetKind,
    AudioTrack,
    Package,
    Rendition,
    Subtitle,
    VideoAsset,
    WorkState,
)


@dataclass(frozen=True)
class Media:
    """The live package of a film with its tracks; `renditions` highest first, audio only last."""

    asset: VideoAsset
    package: Package
    renditions: list[Rendition]
    subtitles: list[Subtitle]
    audio_tracks: list[AudioTrack]


AUDIO_TRACKS = AudioTrack.objects.select_related("narrator")
MediaKey = tuple[UUID, AssetKind]


def media_get(movie: Movie, *, kind: AssetKind = AssetKind.FEATURE) -> Media:
    """Return a film's live media, shared between requests: do not change it.

    Raises Denied: `not_ready`.
    """
    key = (movie.pk, kind)
    media = _MEDIA.get([key]).get(key)
    if media is None:
        raise Denied("This film is not ready yet. Try again later.", code=Refusal.NOT_READY)
    return media


def medias_get(movies: Collection[Movie]) -> dict[UUID, Media]:
    """Return the live media of those films that have any, by film."""
    keys = [(movie.pk, AssetKind.FEATURE) for movie in movies]
    return {movie_id: media for (movie_id, _), media in _MEDIA.get(keys).items()}


def _load(keys: Collection[MediaKey]) -> dict[MediaKey, Media]:
    """Read the media of many films in four queries."""
    assets = (
        VideoAsset.objects.filter(movie__in={movie_id for movie_id, _ in keys}, is_current=True)
        .exclude(live_package=None)
        .select_related("live_package")
        .prefetch_related("subtitles", Prefetch("audio_tracks", AUDIO_TRACKS))
    )
    current = [asset for asset in assets if (asset.movie_id, asset.kind) in keys]
    renditions: dict[Any, list[Rendition]] = {}
    encodes = [asset.live_package.encode_id for asset in current if asset.live_package]
    done = Rendition.objects.filter(encode__in=encodes, status=WorkState.DONE)
    for rendition in done.order_by("-height"):
        renditions.setdefault(rendition.encode_id, []).append(rendition)
    return {
        (asset.movie_id, AssetKind(asset.kind)): Media(
            asset,
            package,
            renditions=renditions.get(package.encode_id, []),
            subtitles=list(asset.subtitles.all()),
            audio_tracks=list(asset.audio_tracks.all()),
        )
        for asset in current
        if (package := asset.live_package)
    }


def _tags(key: MediaKey, media: Media) -> tuple[str, ...]:
    """Return the ids of the film and of the people who narrate it."""
    narrators = (track.narrator_id for track in media.audio_tracks if track.narrator_id)
    return (str(key[0]), *map(str, narrators))


_MEDIA: Memo[MediaKey, Media] = Memo(_load, tags=_tags)
