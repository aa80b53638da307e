"""`{% data_cost movie %}`: the cost of each quality in megabytes and shillings, before playback."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import template
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
    return {
        "costs": [quality_cost(rung, price=price) for rung in _rungs(movie)],
        "ugx_per_gb": round(price * 1000),
        "own_bundle": bundle_of(request),
    }


def _rungs(movie: Movie) -> list[Rendition]:
    """Return the rungs of the live package, the largest first and audio only last."""
    if not movie.playable:
        return []
    live = VideoAsset.objects.filter(movie=movie, kind=AssetKind.FEATURE, is_current=True)
    encodes = live.values("live_package__encode")
    rungs = Rendition.objects.filter(encode__in=encodes, status=WorkState.DONE, total_bytes__gt=0)
    return list(rungs.order_by("-height"))


def quality_cost(rung: Rendition, *, price: Decimal) -> QualityCost:
    megabytes = Decimal(rung.total_bytes) / 1_000_000
    label = f"{rung.height}p" if rung.height else _("Listen only")
    shown = round(float(megabytes), 0 if megabytes >= 10 else 1)
    return QualityCost(label, _note(rung.height), shown, ugx=_rounded(megabytes * price))


def _note(height: int) -> str:
    if not height:
        return _("Sound without the picture")
    return next((str(name) for least, name in NAMES if height >= least), _("Very slow connections"))


def _rounded(ugx: Decimal) -> int:
    """Round to ten shillings, or to one below fifty."""
    return round(ugx / 10) * 10 if ugx >= 50 else max(1, round(ugx))
