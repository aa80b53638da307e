"""Storage of deleted films."""

from uuid import UUID

from django.db.models import Q

from streaming.models import Trash, VideoAsset
from streaming.services.playback_sessions import sessions_end_of


def movie_storage_discard(movie_id: UUID) -> None:
    """Note the prefixes to delete in storage, in the transaction that deletes the rows."""
    prefixes = [f"public/stills/{movie_id}/"]
    for asset in VideoAsset.objects.filter(movie_id=movie_id).prefetch_related("encodes"):
        prefixes += asset.prefixes
        prefixes += [encode.work_prefix for encode in asset.encodes.all()]
    Trash.objects.bulk_create([Trash(prefix=prefix) for prefix in prefixes], ignore_conflicts=True)
    sessions_end_of(Q(asset__movie_id=movie_id))
    # Packages are deleted before the assets that point at them, and a current asset must have one.
    VideoAsset.objects.filter(movie_id=movie_id).update(is_current=False, live_package=None)
