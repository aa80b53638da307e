"""Which of several versions of a provider's object is the newest, whatever order they came in.

Pure. Webhooks arrive late, twice and in any order, so arrival decides nothing. The provider's
clock does; within one of its seconds the object's own life (a draft invoice is older than a paid
one, a refunded charge newer than the same unrefunded); what is left undecided is `is_doubtful`,
for which the caller asks the provider, and until then goes by id, the same way every time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

Object = dict[str, Any]

STAGES: dict[str, dict[str, int]] = {
    # Two of the same stage may follow each other either way.
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
    """One version of an object. `at` is the provider's clock when it was so, in seconds."""

    at: int
    fetched: bool  # by us, so it is at least that new
    id: str
    object: Object


def newest(versions: Iterable[Version]) -> Version:
    """The version that counts. Raises ValueError where there is none."""
    return max(versions, key=order_of)


def is_doubtful(versions: Iterable[Version]) -> bool:
    """Whether only chance decides between the newest and another one that differs from it."""
    known = list(versions)
    top = newest(known)
    return any(
        (other.at, _age(other.object)) == (top.at, _age(top.object))
        and other.object != top.object
        and not (other.fetched and top.fetched)  # those have our clock in their ids
        for other in known
    )


def order_of(version: Version) -> tuple[int, tuple[int, ...], bool, str]:
    return version.at, _age(version.object), version.fetched, version.id


def _age(data: Object) -> tuple[int, ...]:
    """How far an object is in its life; the same kind of object only grows older."""
    kind = str(data.get("object"))
    stage = STAGES.get(kind, {}).get(str(data.get("status")), 0)
    if data.get("deleted"):
        return (9,)
    if kind == "subscription":
        return stage, period_of(data)[0] if stage == 2 else 0
    if kind == "invoice":
        return stage, _whole(data.get("attempt_count"))
    if kind == "charge":
        return stage, _whole(data.get("amount_refunded")), int(bool(data.get("disputed")))
    return (stage,)


def period_of(subscription: Object) -> tuple[int, int]:
    """From and until, in seconds; (0, 0) where it has none. On its items since API 2025-03-31."""
    items = (subscription.get("items") or {}).get("data") or [{}]
    first = {**subscription, **{key: value for key, value in items[0].items() if value}}
    return _whole(first.get("current_period_start")), _whole(first.get("current_period_end"))


def _whole(value: Any) -> int:
    return value if isinstance(value, int) else 0
