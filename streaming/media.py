"""Live media of films, the same for every viewer and so cached in memory."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

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


def _load(keys: Collection[MediaKey]) -> dict[MediaKey, Media]:
    loaded: dict[MediaKey, Media] = {}
    for movie_id, kind in keys:
        current = VideoAsset.objects.filter(movie=movie_id, kind=kind, is_current=True)
        asset = current.select_related("live_package").first()
        if asset is None or asset.live_package is None:
            continue
        done = Rendition.objects.filter(encode=asset.live_package.encode_id, status=WorkState.DONE)
        loaded[movie_id, kind] = Media(
            asset,
            asset.live_package,
            renditions=list(done.order_by("-height")),
            subtitles=list(asset.subtitles.all()),
            audio_tracks=list(asset.audio_tracks.select_related("narrator")),
        )
    return loaded


def _tags(key: MediaKey, media: Media) -> tuple[str, ...]:
    """Return the ids of the film and of the people who narrate it."""
    narrators = (track.narrator_id for track in media.audio_tracks if track.narrator_id)
    return (str(key[0]), *map(str, narrators))


_MEDIA: Memo[MediaKey, Media] = Memo(_load, tags=_tags)
