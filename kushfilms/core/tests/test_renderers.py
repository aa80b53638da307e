"""JSON by the compiled library is JSON as DRF writes it."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.utils.translation import gettext_lazy
from rest_framework.renderers import JSONRenderer

from kushfilms.core.api.renderers import FastJSONRenderer

MOMENT = datetime(2026, 11, 21, 20, 15, 30, 123456, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        {"at": MOMENT, "whole": MOMENT.replace(microsecond=0)},
        {"day": date(2026, 11, 21), "long": timedelta(minutes=3), "price": Decimal("5000.50")},
        {"id": UUID(int=7), "said": gettext_lazy("Saved."), "of": (1, 2), "set": {3}},
        {"text": 'Ŋŋ é 🎬 </script> " \\ \n \t \x00 \x7f', "empty": "", "none": None},
        {"rating": 4.25, "small": 0.001, "large": 2**53, "negative": -0.5, "true": True},
        defaultdict(list, a=[{"b": []}]),
        [],
        "alone",
        None,
    ],
)
def test_it_writes_what_drf_writes(value: Any) -> None:
    assert FastJSONRenderer().render(value) == JSONRenderer().render(value)


@pytest.mark.parametrize("value", [{"text": "\ud800"}, {"what": object()}, {1: "a number as name"}])
def test_what_is_no_json_is_an_error(value: Any) -> None:
    with pytest.raises(TypeError):
        FastJSONRenderer().render(value)
