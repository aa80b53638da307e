"""Warnings to staff about an encoded film, one row a sentence."""

from collections.abc import Iterable

from django.db import transaction

from streaming.encoding.facts import Notice
from streaming.models import VideoAsset, VideoWarning


@transaction.atomic
def warnings_set(asset: VideoAsset, step: str, notices: Iterable[Notice]) -> None:
    """Replace the warnings that `step` has written about the asset."""
    VideoWarning.objects.filter(asset=asset, step=step).delete()
    VideoWarning.objects.bulk_create(
        VideoWarning(asset=asset, step=step, code=notice.code.value, values=notice.values)
        for notice in notices
    )


def warnings_clear(asset: VideoAsset) -> None:
    """Delete the warnings of the last encode, as the source is probed again."""
    VideoWarning.objects.filter(asset=asset).delete()
