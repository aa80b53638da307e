"""What the pipeline tells staff about a film, one row a sentence."""

from collections.abc import Iterable

from django.db import transaction

from streaming.encoding.facts import Notice
from streaming.models import VideoAsset, VideoWarning


@transaction.atomic
def warnings_set(asset: VideoAsset, step: str, notices: Iterable[Notice]) -> None:
    """These are all that `step` has to say of the asset; what it said before goes."""
    VideoWarning.objects.filter(asset=asset, step=step).delete()
    VideoWarning.objects.bulk_create(
        VideoWarning(asset=asset, step=step, code=notice.code.value, values=notice.values)
        for notice in notices
    )


def warnings_clear(asset: VideoAsset) -> None:
    """The source is being looked at again: what was said of the last encode goes."""
    VideoWarning.objects.filter(asset=asset).delete()
