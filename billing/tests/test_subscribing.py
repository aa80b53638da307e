"""Purchase, use and end of a paid plan, through the API and the sandbox."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.auth.principal import held_plan
from accounts.models import Notification, User
from billing.models import (
    Checkout,
    CommandKind,
    LedgerEntry,
    Payment,
    ProviderCommand,
    Subscription,
)
from billing.services.commands import command_create
from tests.payments import ASKS, DECLINED, FAILS_LATER, Sandbox

API = "/api/v1/subscriptions"
ME = "/api/v1/auth/me"
Buy = Callable[..., APIClient]
Run = Callable[[], int]

pytestmark = pytest.mark.django_db(transaction=True)


def _status(client: APIClient) -> dict[str, Any]:
    body: dict[str, Any] = client.get(f"{API}/status").json()
    return body


def test_a_purchase_gives_the_plan_a_receipt_and_a_ledger_row(
    subscribed: Buy, viewer: User, mailoutbox: list[Any], payments: Sandbox
) -> None:
    phone = subscribed(viewer, plan="PREMIUM")
    status = _status(phone)
    assert (status["plan"], status["status"]) == ("PREMIUM", "ACTIVE")
    assert phone.get(ME).json()["subscription"]["plan"] == "PREMIUM"
    (paid,) = phone.get("/api/v1/payments/history").json()["results"]
    assert (paid["amountMinor"], paid["currency"], paid["status"]) == (499, "USD", "SUCCEEDED")
    assert phone.get(f"/api/v1/payments/{paid['id']}").json() == paid
    assert LedgerEntry.objects.get().amount_minor == 499
    assert sorted(mail.subject for mail in mailoutbox) == [
        "Karibu to Premium",
        "Your receipt: USD 4.99",
    ]
    assert Notification.objects.get(user=viewer).title == "Your plan is active"


def test_the_claim_of_the_next_token_names_the_plan(
    subscribed: Buy, viewer: User, password: str
) -> None:
    phone = APIClient()
    pair = phone.post("/api/v1/auth/login", {"email": viewer.email, "password": password}).json()
    assert _claims(pair)["subscription"] == "FREE"
    subscribed(viewer, plan="BASIC")
    again = phone.post("/api/v1/auth/refresh", {"refreshToken": pair["refreshToken"]}).json()
    assert _claims(again)["subscription"] == "BASIC"


def _claims(pair: dict[str, str]) -> dict[str, Any]:
    body = pair["accessToken"].split(".")[1]
    claims: dict[str, Any] = json.loads(urlsafe_b64decode(body + "=="))
    return claims


@pytest.mark.parametrize(("card", "more"), [(DECLINED, {}), (ASKS, {"bank": "no"})])
def test_a_card_that_is_refused_buys_nothing(
    subscribed: Buy, viewer: User, card: str, more: dict[str, str], mailoutbox: list[Any]
) -> None:
    phone = subscribed(viewer, card=card, **more)
    status = _status(phone)
    assert status["plan"] == "FREE"
    assert {row["status"] for row in phone.get("/api/v1/payments/history").json()["results"]} <= {
        "FAILED"
    }
    assert not LedgerEntry.objects.exists()
    assert mailoutbox == []


def test_a_card_that_asks_the_bank_buys_once_the_bank_says_yes(
    subscribed: Buy, viewer: User
) -> None:
    assert _status(subscribed(viewer, card=ASKS, bank="yes"))["plan"] == "PREMIUM"


def test_canceled_it_stays_open_to_the_end_and_then_is_over(
    subscribed: Buy, viewer: User, payments: Sandbox, run_jobs: Run, time_machine: Any
) -> None:
    phone = subscribed(viewer)
    for _ in range(2):  # a double click
        canceled = phone.post(f"{API}/cancel")
        assert canceled.status_code == 200
        assert canceled.json()["cancelAtPeriodEnd"] is True
    assert ProviderCommand.objects.count() == 1
    run_jobs()
    payments.deliver()
    run_jobs()
    status = _status(phone)
    assert (status["plan"], status["cancelAtPeriodEnd"]) == ("PREMIUM", True)
    assert status["until"] == status["currentPeriodEnd"]

    end = Subscription.objects.get().current_period_end
    assert end is not None
    time_machine.move_to(end + timedelta(seconds=1))
    # Before any event arrives.
    assert Subscription.objects.get().status == "ACTIVE"
    assert held_plan(viewer.pk).plan == "FREE"


def test_a_cancellation_is_taken_back(
    subscribed: Buy, viewer: User, payments: Sandbox, run_jobs: Run
) -> None:
    phone = subscribed(viewer)
    phone.post(f"{API}/cancel")
    run_jobs()
    assert phone.post(f"{API}/reactivate").json()["cancelAtPeriodEnd"] is False
    run_jobs()
    payments.deliver()
    run_jobs()
    (there,) = payments.of("subscriptions", Subscription.objects.get().provider_customer_id)
    assert there["cancel_at_period_end"] is False
    assert _status(phone)["cancelAtPeriodEnd"] is False


@pytest.mark.parametrize("do", ["cancel", "reactivate"])
def test_without_a_paid_plan_there_is_nothing_to_change(
    stripe_settings: Any, viewer: User, api_as: Callable[[User], APIClient], do: str
) -> None:
    answer = api_as(viewer).post(f"{API}/{do}")
    assert answer.status_code == 409
    assert answer.json()["code"] == "not_subscribed"
    assert not ProviderCommand.objects.exists()


def test_a_renewal_that_fails_leaves_the_days_of_grace(
    subscribed: Buy, viewer: User, payments: Sandbox, run_jobs: Run, time_machine: Any,
    mailoutbox: list[Any],
) -> None:  # fmt: skip
    phone = subscribed(viewer)
    customer = Subscription.objects.get().provider_customer_id
    portal = phone.get(f"{API}/portal").json()["portalUrl"]
    payments.pay(portal, FAILS_LATER)
    ahead = timedelta(days=32)
    payments.advance(days=32)
    time_machine.move_to(timezone.now() + ahead)
    payments.deliver()
    mailoutbox.clear()
    run_jobs()
    row = Subscription.objects.get(provider_customer_id=customer)
    assert row.status == "PAST_DUE"
    assert row.pay_url.startswith(payments.url)
    held = held_plan(viewer.pk)
    assert held.plan == "PREMIUM"
    assert row.current_period_start is not None
    assert held.until == row.current_period_start + timedelta(days=7)
    assert "Your payment failed" in [mail.subject for mail in mailoutbox]
    assert row.pay_url in mailoutbox[0].body
    # Paid from the link in the mail, everything goes on. Later than the charge that failed: events
    # count in seconds, and of two versions of one second the newer is known only by asking.
    payments.advance(seconds=1)
    payments.pay(row.pay_url)
    payments.deliver()
    run_jobs()
    row.refresh_from_db()
    assert (row.status, row.pay_url) == ("ACTIVE", "")
    assert [payment.status for payment in Payment.objects.order_by("paid_at", "created_at")] \
        == ["SUCCEEDED", "FAILED", "SUCCEEDED"]  # fmt: skip


def test_a_promotion_code_makes_it_cheaper(subscribed: Buy, viewer: User) -> None:
    subscribed(viewer, code="karibu50")
    assert Payment.objects.get().amount_minor == 249


def test_a_free_trial_is_given_once(
    subscribed: Buy, viewer: User, payments: Sandbox, run_jobs: Run, settings: Any
) -> None:
    settings.BILLING_TRIAL_DAYS = 7
    phone = subscribed(viewer)
    assert _status(phone)["status"] == "TRIALING"
    assert not Payment.objects.exists()
    row = Subscription.objects.get()
    command_create(CommandKind.END, user=viewer, object_id=row.provider_subscription_id)
    run_jobs()
    assert _status(phone)["plan"] == "FREE"
    again = subscribed(viewer)
    assert _status(again)["status"] == "ACTIVE"
    assert Payment.objects.get().amount_minor == 499
    assert list(Checkout.objects.order_by("created_at").values_list("with_trial", flat=True)) == [
        True, False,
    ]  # fmt: skip
