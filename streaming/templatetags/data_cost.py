"""`{% data_cost movie %}`: the cost of each quality in megabytes and shillings, before playback."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import template
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from catalog.models import Movie
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
    rungs: QuerySet[Rendition] = Rendition.objects.none()
    if movie.playable:
        live = VideoAsset.objects.filter(movie=movie, kind=AssetKind.FEATURE, is_current=True)
        encodes = live.values("live_package__encode")
        done = Rendition.objects.filter(encode__in=encodes, status=WorkState.DONE)
        # The largest first, audio only last.
        rungs = done.filter(total_bytes__gt=0).order_by("-height")
    return {
        "costs": [quality_cost(rung, price=price) for rung in rungs],
        "ugx_per_gb": round(price * 1000),
        "own_bundle": bundle_of(request),
    }


def quality_cost(rung: Rendition, *, price: Decimal) -> QualityCost:
    if rung.height:
        label = f"{rung.height}p"
        names = (str(name) for least, name in NAMES if rung.height >= least)
        note = next(names, _("Very slow connections"))
    else:
        label = _("Listen only")
        note = _("Sound without the picture")
    megabytes = Decimal(rung.total_bytes) / 1_000_000
    shown = round(float(megabytes), 0 if megabytes >= 10 else 1)
    cost = megabytes * price
    # Rounded to ten shillings, or to one below fifty.
    ugx = round(cost / 10) * 10 if cost >= 50 else max(1, round(cost))
    return QualityCost(label, note, shown, ugx=ugx)
