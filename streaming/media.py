"""What plays of a film now and what a player chooses from: everybody's, so from memory."""

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
    """`renditions` are those of the package, highest first, audio only last."""

    asset: VideoAsset
    package: Package
    renditions: list[Rendition]
    subtitles: list[Subtitle]
    audio_tracks: list[AudioTrack]


Wanted = tuple[UUID, AssetKind]


def media_get(movie: Movie, *, kind: AssetKind = AssetKind.FEATURE) -> Media:
    """Nobody's to change. Raises Denied: `not_ready`."""
    wanted = (movie.pk, kind)
    media = _MEDIA.get([wanted]).get(wanted)
    if media is None:
        raise Denied("This film is still being prepared.", code=Refusal.NOT_READY)
    return media


def _load(wanted: Collection[Wanted]) -> dict[Wanted, Media]:
    found = {one: _media(*one) for one in wanted}
    return {one: media for one, media in found.items() if media}


def _media(movie_id: UUID, kind: AssetKind) -> Media | None:
    current = VideoAsset.objects.filter(movie=movie_id, kind=kind, is_current=True)
    asset = current.select_related("live_package").first()
    if asset is None or asset.live_package is None:
        return None
    done = Rendition.objects.filter(encode=asset.live_package.encode_id, status=WorkState.DONE)
    return Media(
        asset,
        asset.live_package,
        renditions=list(done.order_by("-height")),
        subtitles=list(asset.subtitles.all()),
        audio_tracks=list(asset.audio_tracks.select_related("narrator")),
    )


_MEDIA = Memo(_load, most=5_000)
