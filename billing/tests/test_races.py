"""Races between simultaneous actions. Each has a control without the protection."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Barrier
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from billing.models import (
    Checkout,
    Discrepancy,
    LedgerEntry,
    Payment,
    Plan,
    ProviderCommand,
    ProviderEvent,
    Subscription,
)
from billing.models.commands import CHECKOUT_LIFETIME
from billing.providers.base import CheckoutRequest, Page
from billing.providers.stripe import StripeProvider
from billing.services.refunds import payment_refund
from billing.services.subscriptions import subscription_cancel
from billing.sync import apply, mirror, write_rows
from billing.sync.apply import event_apply
from billing.sync.projection import project
from billing.tests import objects
from billing.tests.objects import MONTH, START, event
from kushfilms.core.errors import KushError
from tests.concurrency import at_once
from tests.payments import Sandbox, post_event

CHECKOUT = "/api/v1/subscriptions/checkout"

pytestmark = pytest.mark.django_db(transaction=True)


def outcomes(*calls: Callable[[], Any]) -> list[Any]:
    """Return the result, or the error's code, of calls that start together."""

    def run(call: Callable[[], Any]) -> Any:
        try:
            return call()
        except KushError as exc:
            return exc.error_code

    return at_once(run, calls)


# ── Two checkouts of one person ─────────────────────────────────────────────────────────


@pytest.fixture
def both_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no request get a page before all have requested one."""
    together = Barrier(3)
    open_page = StripeProvider.checkout_open

    def wait(self: StripeProvider, checkout_request: CheckoutRequest) -> Page:
        together.wait(timeout=60)
        page: Page = open_page(self, checkout_request)
        return page

    monkeypatch.setattr(StripeProvider, "checkout_open", wait)


def _three(client: APIClient) -> list[str]:
    ask = lambda: client.post(CHECKOUT, {"plan": "BASIC"}).json()["sessionUrl"]  # noqa: E731
    return outcomes(ask, ask, ask)


@pytest.mark.usefixtures("both_ask")
def test_checkouts_at_once_are_one_page_and_one_subscription(
    payments: Sandbox, viewer: User, api_as: Any, run_jobs: Any
) -> None:
    pages = _three(api_as(viewer))
    assert len(set(pages)) == Checkout.objects.count() == 1
    for page in pages:  # paid in three tabs
        payments.pay(page)
    payments.deliver()
    run_jobs()
    customer = Subscription.objects.get().provider_customer_id
    assert len(payments.of("subscriptions", customer)) == Payment.objects.count() == 1


@pytest.mark.usefixtures("both_ask")
def test_without_the_one_open_checkout_there_would_be_three(
    payments: Sandbox, viewer: User, api_as: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: every click has its own row, and so its own key."""
    from billing.services import checkouts

    rows = iter(["BASIC", "BASIC", "BASIC"])

    def claim(user: User, *, plan: Any, now: Any) -> tuple[Checkout, str]:
        Subscription.objects.get_or_create(user=user)
        lasts = now + CHECKOUT_LIFETIME
        made = Checkout(user=user, plan=next(rows), expires_at=lasts, state="DONE")
        made.save()
        return made, ""

    monkeypatch.setattr(checkouts, "_claim", claim)
    assert len(set(_three(api_as(viewer)))) == 3


def test_should_two_be_paid_all_the_same_the_second_is_ended_and_listed(
    payments: Sandbox, subscribed: Any, viewer: User, run_jobs: Any
) -> None:
    subscribed(viewer, plan="BASIC")
    row = Subscription.objects.get()
    checkout_request = CheckoutRequest(
        key="other", customer_id=row.provider_customer_id, user_id=str(viewer.pk),
        plan=Plan.PREMIUM, trial_days=0, expires_at=2**31, success_url="http://x", cancel_url="http://x",
    )  # fmt: skip
    payments.pay(StripeProvider().checkout_open(checkout_request).url)
    payments.deliver()
    run_jobs()
    states = [item["status"] for item in payments.of("subscriptions", row.provider_customer_id)]
    assert sorted(states) == ["active", "canceled"]
    assert Discrepancy.objects.get(resolved_at=None).kind == "SECOND_SUBSCRIPTION"


# ── A cancellation against the renewal's webhook ────────────────────────────────────────


@pytest.fixture
def running(viewer: User, stripe_settings: Any, run_jobs: Any) -> str:
    """Create a subscriber; return the webhook's secret."""
    secret: str = stripe_settings.STRIPE_WEBHOOK_SECRET[0]
    Subscription.objects.create(user=viewer, provider="stripe", provider_customer_id="cus_1")
    for kind, data in (("customer.subscription.created", objects.subscription()),
                       ("charge.succeeded", objects.charge())):  # fmt: skip
        post_event(event(kind, data), secret=secret)
    run_jobs()
    return secret


def _renewed(secret: str) -> Callable[[], None]:
    renewal = objects.subscription(start=START + MONTH)

    def renew() -> None:
        sent = event("customer.subscription.updated", renewal, at=START + MONTH)
        post_event(sent, secret=secret)
        event_apply(ProviderEvent.objects.get(event_id=sent["id"]))

    return renew


@contextmanager
def both_have_read(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let neither write the projection before both have read its input."""
    together = Barrier(2)
    read = project

    def wait(*args: Any, **kwargs: Any) -> Any:
        found = read(*args, **kwargs)
        together.wait(timeout=60)
        return found

    monkeypatch.setattr(write_rows, "project", wait)
    yield


def _cancel_while_it_renews(viewer: User, secret: str) -> Subscription:
    outcomes(lambda: subscription_cancel(viewer), _renewed(secret))
    return Subscription.objects.get()


def test_a_cancellation_is_not_lost_to_a_renewal(viewer: User, running: str) -> None:
    row = _cancel_while_it_renews(viewer, running)
    assert row.cancel_at_period_end
    assert row.current_period_start is not None
    assert int(row.current_period_start.timestamp()) == START + MONTH


def test_without_the_customers_lock_one_of_them_is_lost(
    viewer: User, running: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control."""
    from billing.services import subscriptions

    for module in (mirror, apply, subscriptions):
        monkeypatch.setattr(module, "mirror_lock", lambda _customer: None)
    with both_have_read(monkeypatch):
        row = _cancel_while_it_renews(viewer, running)
    assert row.current_period_start is not None
    renewed = int(row.current_period_start.timestamp()) == START + MONTH
    assert not (row.cancel_at_period_end and renewed)


# ── A refund against a dispute ──────────────────────────────────────────────────────────


def _refund_and_dispute(secret: str) -> None:
    stories = (
        event("refund.created", objects.refund(amount=200), at=START + 60),
        event("charge.dispute.created", objects.dispute(), at=START + 90),
    )
    for sent in stories:
        post_event(sent, secret=secret)
    rows = [ProviderEvent.objects.get(event_id=sent["id"]) for sent in stories]
    outcomes(*[lambda row=row: event_apply(row) for row in rows])


def _left() -> tuple[int, bool, int]:
    payment = Payment.objects.get()
    total = sum(LedgerEntry.objects.values_list("amount_minor", flat=True))
    return payment.refunded_minor, payment.disputed, total


def test_a_refund_and_a_dispute_at_once_are_both_in_the_books(running: str) -> None:
    _refund_and_dispute(running)
    assert _left() == (200, True, 499 - 200 - 499)


def test_two_simultaneous_refund_requests_make_one_refund(running: str, admin: User) -> None:
    payment = Payment.objects.get()
    ask = lambda: payment_refund(payment, amount_minor=None, reason="Asked") or "done"  # noqa: E731
    assert sorted(outcomes(ask, ask)) == ["done", "refund_under_way"]
    assert ProviderCommand.objects.filter(kind="REFUND").count() == 1


def test_without_the_locks_the_books_would_be_torn(
    running: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: a projection that was read too early overwrites the newer one."""
    monkeypatch.setattr(apply, "mirror_lock", lambda _key: None)
    together = Barrier(2)
    read = mirror.mirror_of

    def wait(customer_id: str) -> Any:
        found = read(customer_id)
        together.wait(timeout=60)
        return found

    monkeypatch.setattr(write_rows, "mirror_of", wait)
    _refund_and_dispute(running)
    assert _left() != (200, True, 499 - 200 - 499)


def test_a_disputed_payment_is_not_refunded(running: str) -> None:
    post_event(event("charge.dispute.created", objects.dispute(), at=START + 90), secret=running)
    event_apply(ProviderEvent.objects.latest("received_at"))
    payment = Payment.objects.get()
    (code,) = outcomes(lambda: payment_refund(payment, amount_minor=None, reason="Asked"))
    assert code == "disputed"
    assert not ProviderCommand.objects.filter(kind="REFUND").exists()


# ── A bill and the end of its subscription; a refund and the word which bill was paid ────


def _applied_at_once(secret: str, *stories: Any) -> None:
    for sent in stories:
        post_event(sent, secret=secret)
    rows = [ProviderEvent.objects.get(event_id=sent["id"]) for sent in stories]
    outcomes(*[lambda row=row: event_apply(row) for row in rows])


def _no_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let both read the mirror before either writes."""
    monkeypatch.setattr(apply, "mirror_lock", lambda _key: None)
    together = Barrier(2)
    read = mirror.mirror_of

    def wait(customer_id: str) -> Any:
        found = read(customer_id)
        together.wait(timeout=60)
        return found

    monkeypatch.setattr(write_rows, "mirror_of", wait)


def _end_and_bill(secret: str) -> list[tuple[str, str]]:
    gone = objects.subscription(status="canceled", ended_at=START + 60)
    bill = objects.invoice(id="in_2", status="open", created=START + 50)
    _applied_at_once(
        secret,
        event("customer.subscription.deleted", gone, at=START + 60),
        event("invoice.finalized", bill, at=START + 60),
    )
    return list(ProviderCommand.objects.values_list("kind", "object_id"))


def test_a_bill_that_comes_with_the_end_is_voided(running: str) -> None:
    assert _end_and_bill(running) == [("VOID", "in_2")]


def test_without_the_locks_the_bill_would_stay_open(
    running: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control."""
    _no_locks(monkeypatch)
    assert _end_and_bill(running) == []


def _upgrade_refunded(secret: str) -> list[tuple[str, str, str]]:
    """Refund the difference at the moment its bill becomes known."""
    bill = objects.invoice(
        id="in_2", billing_reason="subscription_update", total=200, created=START + 50
    )
    taken = objects.charge(
        id="ch_2", amount=200, created=START + 9_999, payment_intent="pi_2"
    )  # long after the bill: only the provider's link connects them
    link = objects.invoice_payment(
        id="inpay_2", invoice="in_2",
        payment={"type": "payment_intent", "payment_intent": "pi_2"},
    )  # fmt: skip
    for sent in (event("invoice.paid", bill, at=START + 50),
                 event("charge.succeeded", taken, at=START + 9_999)):  # fmt: skip
        post_event(sent, secret=secret)
        event_apply(ProviderEvent.objects.get(event_id=sent["id"]))
    back = {**taken, "amount_refunded": 200, "refunded": True}
    _applied_at_once(
        secret,
        event("invoice_payment.paid", link, at=START + 10_000),
        event("charge.refunded", back, at=START + 10_000),
    )
    return list(ProviderCommand.objects.values_list("kind", "object_id", "plan"))


def test_a_refund_of_the_difference_is_not_lost_to_the_word_on_its_bill(running: str) -> None:
    assert _upgrade_refunded(running) == [("SET_PLAN", "sub_1", "BASIC")]
    assert Subscription.objects.get().plan == "BASIC"


def test_without_the_locks_premium_would_stay_for_nothing(
    running: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control."""
    keep = mirror.mirror_lock

    def later(key: str) -> None:
        """Lock until the charge is known, so that both races start alike."""
        if not Payment.objects.filter(provider_payment_id="ch_2").exists():
            keep(key)

    together = Barrier(2)
    read = mirror.mirror_of

    def wait(customer_id: str) -> Any:
        found = read(customer_id)
        if (
            any(item["id"] == "ch_2" for item in found.charges)
            and Payment.objects.filter(provider_payment_id="ch_2").exists()
        ):
            together.wait(timeout=60)
        return found

    monkeypatch.setattr(apply, "mirror_lock", later)
    monkeypatch.setattr(write_rows, "mirror_of", wait)
    assert _upgrade_refunded(running) == []
    assert Subscription.objects.get().plan == "PREMIUM"
