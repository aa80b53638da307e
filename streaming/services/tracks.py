"""Common steps of adding subtitles and audio tracks to a film."""

from uuid import UUID

from django.db.models import F

from catalog.languages import language_tag
from catalog.models import Movie
from kushfilms.core.errors import InvalidInput, NotFound, WrongState
from streaming.encoding.languages import short_tag
from streaming.models import AssetKind, VideoAsset
from streaming.services.encodes import repackage_enqueue

# Added tracks are numbered from here, after every track that a file can have.
FIRST_ADDED_POSITION = 100


def finished_asset(movie: Movie) -> VideoAsset:
    """Return the video that viewers get. Raises WrongState `not_ready`."""
    current = VideoAsset.objects.filter(movie=movie, kind=AssetKind.FEATURE, is_current=True)
    asset = current.select_related("live_package__encode").first()
    if asset is None:
        raise WrongState("Upload the film's video first.", code="not_ready")
    return asset


def asset_locked(asset_id: UUID) -> VideoAsset:
    """Lock the asset's row. Raises NotFound when the film was deleted before the lock."""
    rows = VideoAsset.objects.select_for_update(of=("self",)).select_related(
        "movie", "live_package__encode"
    )
    asset = rows.filter(pk=asset_id).first()
    if asset is None:
        raise NotFound("There is no such film.")
    return asset


def tracks_changed(asset: VideoAsset) -> None:
    """Mark the live package as outdated and have it made again."""
    VideoAsset.objects.filter(pk=asset.pk).update(tracks_version=F("tracks_version") + 1)
    repackage_enqueue(asset)


def track_tag(language: str) -> str:
    """Return the language tag of a name or tag. Raises InvalidInput."""
    tag = short_tag(language_tag(language))
    if tag == "und" or len(tag) > 16:
        fault = "Choose a language, by its name or its tag: Luganda, lg."
        raise InvalidInput(fault, fields={"language": [fault]})
    return tag
