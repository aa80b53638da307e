"""Webhooks in any order, with duplicates, lead to the same state as ordered ones."""

import random
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import User
from billing.models import (
    LedgerEntry,
    Payment,
    Plan,
    ProviderCommand,
    ProviderEvent,
    Subscription,
)
from billing.sync.projection import Mirror, Prices, Projection, project
from billing.sync.reconcile import customer_rebuild
from billing.sync.versions import Version, newest
from billing.tests.objects import STEPS, Object, life
from tests.payments import post_event

PRICES = Prices(plans={"price_basic": Plan.BASIC, "price_premium": Plan.PREMIUM}, currency="USD")
# 10 000 of them
SEQUENCES = 200
SHUFFLES = 50


class Inbox:
    """In-memory copy of the rule in `billing.sync.inbox`: a version counts by its content alone."""

    def __init__(self) -> None:
        self.versions: dict[str, dict[str, Version]] = {}

    def receive(self, event: Object) -> None:
        data = event["data"]["object"]
        version = Version(at=event["created"], fetched=False, id=event["id"], object=data)
        self.versions.setdefault(data["id"], {})[event["id"]] = version

    def projection(self) -> Projection:
        kept = [newest(versions.values()).object for versions in self.versions.values()]

        def kind(name: str) -> tuple[Object, ...]:
            return tuple(data for data in kept if data["object"] == name)

        paid = {
            link["payment"]["payment_intent"]: link["invoice"] for link in kind("invoice_payment")
        }
        charges = [  # as `billing.sync.mirror` reads them
            {**data, "invoice": paid[data["payment_intent"]]}
            if data["payment_intent"] in paid
            else data
            for data in kind("charge")
        ]
        mirror = Mirror(
            subscriptions=kind("subscription"),
            charges=charges,
            refunds=kind("refund"),
            disputes=kind("dispute"),
            invoices=kind("invoice"),
        )
        return project(mirror, prices=PRICES)


def _end(events: Iterable[Object]) -> Projection:
    inbox = Inbox()
    for event in events:
        inbox.receive(event)
    return inbox.projection()


def _last_of(events: list[Object]) -> Projection:
    """Return the projection of the last version of every object, which is the true state."""
    last = {event["data"]["object"]["id"]: event for event in events}
    return _end(last.values())


def shuffled(events: list[Object], dice: random.Random) -> list[Object]:
    """Return the events in random order, each at least once and many twice."""
    again = dice.choices(events, k=dice.randint(0, len(events)))
    return dice.sample([*events, *again], k=len(events) + len(again))


@settings(max_examples=SEQUENCES, deadline=None)
@given(steps=st.lists(st.sampled_from(STEPS), max_size=9), seed=st.integers(0, 2**32))
def test_ten_thousand_shuffled_sequences_end_as_the_ordered_ones(
    steps: list[str], seed: int
) -> None:
    events = life(steps).events
    dice = random.Random(seed)
    truth = _last_of(events)
    for _ in range(SHUFFLES):
        assert _end(shuffled(events, dice)) == truth


def test_by_arrival_they_would_not() -> None:
    """Control: by arrival the newest version is another one, so the property can fail."""
    events = life(["renew", "cancel", "refund", "end"]).events
    dice = random.Random(7)
    truth = _last_of(events)
    assert any(_last_of(shuffled(events, dice)) != truth for _ in range(20))


def _rows() -> list[Any]:
    fields = (
        "plan", "status", "current_period_end", "cancel_at_period_end", "pay_url", "next_plan",
        "upgrade_plan", "past_due_since",
    )  # fmt: skip
    return [
        *Subscription.objects.values_list(*fields),
        *Payment.objects.order_by("provider_payment_id").values_list(
            "provider_payment_id",
            "status",
            "refunded_minor",
            "disputed",
            "purpose",
            "provider_subscription_id",
        ),
        *LedgerEntry.objects.order_by("provider_object_id", "kind").values_list(
            "provider_object_id", "kind", "amount_minor"
        ),
    ]


LIVES = (
    ["renew", "refund", "cancel", "dispute", "win", "fail"],
    ["down", "up", "refund up", "renew"],
    ["down", "up", "refund all"],
    ["fail", "give up", "pay late"],
    ["second", "refund", "renew"],
)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("steps", LIVES, ids=" ".join)
def test_the_same_through_webhook_inbox_and_database(
    viewer: User, stripe_settings: Any, run_jobs: Any, steps: list[str], seed: int
) -> None:  # fmt: skip
    dice = random.Random(seed)
    events = life(steps).events
    secret = stripe_settings.STRIPE_WEBHOOK_SECRET[0]
    Subscription.objects.create(user=viewer, provider="stripe", provider_customer_id="cus_1")
    for event in shuffled(events, dice):
        assert post_event(event, secret=secret).status_code == 200
        if dice.random() < 0.3:
            run_jobs()
    run_jobs()
    assert not ProviderEvent.objects.exclude(state="DONE").exists()
    shuffled_rows = _rows()
    # A rebuild gives the same rows.
    customer_rebuild("cus_1", source="stripe")
    assert _rows() == shuffled_rows
    truth = _last_of(events)
    row = Subscription.objects.get()
    assert (row.plan, row.status) == (truth.subscription.plan, truth.subscription.status)
    asked = {(order.kind, order.object_id) for order in ProviderCommand.objects.all()}
    for kind, ids in (
        ("END", truth.to_end),
        ("VOID", truth.to_void),
        ("SET_PLAN", [subscription_id for subscription_id, _ in truth.to_set]),
        ("REFUND", [item.payment_id for item in truth.to_refund]),
    ):
        assert {(kind, object_id) for object_id in ids} <= asked
    assert {entry.object_id for entry in truth.entries} == set(
        LedgerEntry.objects.values_list("provider_object_id", flat=True)
    )
    assert sum(entry.amount_minor for entry in truth.entries) == sum(
        LedgerEntry.objects.values_list("amount_minor", flat=True)
    )
