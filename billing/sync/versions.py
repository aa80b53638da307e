"""Versions of a provider's object, and the rule that picks the newest. Pure.

Webhooks arrive late, twice and in any order, so the order of arrival decides nothing. The
provider's clock decides; within one of its seconds the object's life cycle (a draft invoice is
older than a paid one, a refunded charge newer than the same one unrefunded). Any other tie is
`is_doubtful`: the caller fetches the object, and until then the id decides, so that the result is
always the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

Object = dict[str, Any]

STAGES: dict[str, dict[str, int]] = {
    # Statuses of the same stage can follow each other in either order.
    "subscription": {
        "incomplete": 0,
        "trialing": 1,
        "active": 2,
        "past_due": 2,
        "unpaid": 2,
        "paused": 2,
        "incomplete_expired": 3,
        "canceled": 3,
    },
    "invoice": {"draft": 0, "open": 1, "uncollectible": 2, "paid": 3, "void": 3},
    "charge": {"pending": 0, "failed": 1, "succeeded": 1},
    "refund": {"pending": 0, "requires_action": 0, "succeeded": 1, "failed": 2, "canceled": 2},
    "dispute": {
        "warning_needs_response": 0,
        "warning_under_review": 1,
        "needs_response": 2,
        "under_review": 3,
        "warning_closed": 4,
        "won": 4,
        "lost": 4,
        "prevented": 4,
    },
    "invoice_payment": {"open": 0, "paid": 1, "canceled": 1},
    "checkout.session": {"open": 0, "expired": 1, "complete": 1},
}


@dataclass(frozen=True)
class Version:
    """Version of an object. `at` is its time by the provider's clock, in seconds."""

    at: int
    fetched: bool  # read from the API, so at least that new
    id: str
    object: Object


def newest(versions: Iterable[Version]) -> Version:
    """Return the newest version.

    Raises:
        ValueError: no versions.
    """
    return max(versions, key=version_key)


def is_doubtful(versions: Iterable[Version]) -> bool:
    """Return whether the newest version ties with one that has another content."""
    known = list(versions)
    top = newest(known)
    return any(
        (other.at, _age(other.object)) == (top.at, _age(top.object))
        and other.object != top.object
        and not (other.fetched and top.fetched)  # their ids contain our clock
        for other in known
    )


def version_key(version: Version) -> tuple[int, tuple[int, ...], bool, str]:
    return version.at, _age(version.object), version.fetched, version.id


def _age(data: Object) -> tuple[int, ...]:
    """Return an object's position in its life cycle, which only advances."""
    kind = str(data.get("object"))
    stage = STAGES.get(kind, {}).get(str(data.get("status")), 0)
    if data.get("deleted"):
        return (9,)
    if kind == "subscription":
        return stage, period_of(data)[0] if stage == 2 else 0
    if kind == "invoice":
        return stage, _int_or_zero(data.get("attempt_count"))
    if kind == "charge":
        return stage, _int_or_zero(data.get("amount_refunded")), int(bool(data.get("disputed")))
    return (stage,)


def period_of(subscription: Object) -> tuple[int, int]:
    """Return start and end in seconds, or (0, 0). Since API 2025-03-31 they are on the items."""
    items = (subscription.get("items") or {}).get("data") or [{}]
    first = {**subscription, **{key: value for key, value in items[0].items() if value}}
    return _int_or_zero(first.get("current_period_start")), _int_or_zero(
        first.get("current_period_end")
    )


def _int_or_zero(value: Any) -> int:
    return value if isinstance(value, int) else 0
