"""States of films' videos, for the content team's list."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from catalog.admin.film_states import video_states
from streaming.models import AssetKind, AssetStatus, VideoAsset

LABELS = {
    AssetStatus.AWAITING_UPLOAD: "Uploading",
    AssetStatus.UPLOADED: "Encoding",
    AssetStatus.PROBING: "Encoding",
    AssetStatus.ENCODING: "Encoding {progress} %",
    AssetStatus.PACKAGING: "Packaging {progress} %",
    AssetStatus.FAILED: "Video failed",
}


@video_states
def video_states_of(movie_ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """Return the state of each film's latest video, except those that are ready."""
    assets = VideoAsset.objects.filter(movie_id__in=movie_ids, kind=AssetKind.FEATURE)
    latest = assets.order_by("movie_id", "-created_at").distinct("movie_id")
    return {
        asset.movie_id: LABELS[AssetStatus(asset.status)].format(progress=asset.progress)
        for asset in latest.only("movie_id", "status", "progress")
        if asset.status in LABELS
    }
