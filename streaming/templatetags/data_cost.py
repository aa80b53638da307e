"""`{% data_cost movie %}`: the cost of each quality in megabytes and shillings, before playback."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import template
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from catalog.models import Movie
from kushfilms.core.db.prepared import STAND_IN_ID, Prepared
from kushfilms.core.preferences import bundle_of, ugx_per_mb
from streaming.models import AssetKind, Rendition, VideoAsset, WorkState

register = template.Library()
# Names of qualities by their least height in pixels.
NAMES = (
    (1080, "Full HD"),
    (720, "HD"),
    (480, gettext_lazy("Standard")),
    (360, pgettext_lazy("a quality", "Light")),
    (240, gettext_lazy("Small screens")),
)


@dataclass(frozen=True)
class QualityCost:
    label: str
    note: str
    megabytes: float
    ugx: int


@register.inclusion_tag("streaming/data_cost.html", takes_context=True)
def data_cost(context: dict[str, Any], movie: Movie) -> dict[str, Any]:
    request: HttpRequest = context["request"]
    price = ugx_per_mb(request)
    rungs = _RUNGS.rows(movie_id=movie.pk) if movie.playable else []
    return {
        "costs": [quality_cost(*rung, price=price) for rung in rungs],
        "ugx_per_gb": round(price * 1000),
        "own_bundle": bundle_of(request),
    }


def _rungs(movie_id: UUID) -> QuerySet[Rendition, tuple[int, int]]:
    """Return height and bytes of a film's renditions, the largest first, audio only last."""
    live = VideoAsset.objects.filter(movie=movie_id, kind=AssetKind.FEATURE, is_current=True)
    encodes = live.values("live_package__encode")
    done = Rendition.objects.filter(encode__in=encodes, status=WorkState.DONE)
    return done.filter(total_bytes__gt=0).order_by("-height").values_list("height", "total_bytes")


_RUNGS = Prepared(_rungs, movie_id=STAND_IN_ID)


def quality_cost(height: int, total_bytes: int, *, price: Decimal) -> QualityCost:
    if height:
        label = f"{height}p"
        names = (str(name) for least, name in NAMES if height >= least)
        note = next(names, _("Very slow connections"))
    else:
        label = _("Listen only")
        note = _("Sound without the picture")
    megabytes = Decimal(total_bytes) / 1_000_000
    shown = round(float(megabytes), 0 if megabytes >= 10 else 1)
    cost = megabytes * price
    # Rounded to ten shillings, or to one below fifty.
    ugx = round(cost / 10) * 10 if cost >= 50 else max(1, round(cost))
    return QualityCost(label, note, shown, ugx=ugx)
