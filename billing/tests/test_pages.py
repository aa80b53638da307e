"""Billing pages without JavaScript: stale tabs, double clicks, an unavailable provider."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Notification, User
from billing.models import Checkout, Payment, ProviderCommand, Subscription
from billing.services.reminders import reminders_send
from billing.views.account import NOTES
from kushfilms.core.models import Job
from tests.messages import redirect_of
from tests.payments import Sandbox

SiteAs = Callable[[User], Client]
Run = Callable[[], int]
API = "/api/v1/subscriptions"

pytestmark = pytest.mark.django_db


def test_another_person_sees_no_payment(
    viewer: User, stranger: User, site_as: SiteAs, api_as: Any
) -> None:
    paid = Payment.objects.create(
        user=viewer, provider="stripe", provider_payment_id="ch_1", amount_minor=299,
        currency="USD", status="SUCCEEDED", paid_at=timezone.now(),
    )  # fmt: skip
    later = timezone.now() + timedelta(minutes=9)
    Checkout.objects.create(user=viewer, plan="BASIC", provider_session_id="cs_1", expires_at=later)
    page = site_as(stranger)
    phone = api_as(stranger)
    assert phone.get(f"/api/v1/payments/{paid.pk}").status_code == 404
    assert phone.get("/api/v1/payments/history").json()["results"] == []
    assert page.get("/subscribe/done?session=cs_1").status_code == 404
    assert page.post("/subscribe/done", {"session": "cs_1"}).status_code == 404
    assert not Job.objects.filter(kind="billing_checkout").exists()
    assert "USD 2.99" not in page.get("/account/billing").content.decode()


def test_an_unavailable_provider_is_503_and_a_retry_succeeds(
    stripe_settings: Any, viewer: User, api_as: Any, payments: Sandbox, run_jobs: Run
) -> None:
    there = stripe_settings.STRIPE_API_HOST
    phone = api_as(viewer)
    stripe_settings.STRIPE_API_HOST = "http://127.0.0.1:9"
    answer = phone.post(f"{API}/checkout", {"plan": "BASIC"})
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer.headers["Retry-After"] == "60"
    assert not Payment.objects.exists()
    assert Subscription.objects.get().provider_customer_id == ""
    stripe_settings.STRIPE_API_HOST = there
    assert phone.post(f"{API}/checkout", {"plan": "BASIC"}).status_code == 200
    assert Checkout.objects.count() == 1


@pytest.mark.parametrize("plan", ["FREE", "GOLD", "", None, 7])
def test_an_unknown_plan_cannot_be_bought(
    stripe_settings: Any, viewer: User, api_as: Any, plan: Any
) -> None:
    answer = api_as(viewer).post(f"{API}/checkout", {"plan": plan}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, "validation_error")
    assert not Checkout.objects.exists()


def test_a_tv_buys_under_its_older_address(payments: Sandbox, viewer: User, api_as: Any) -> None:
    answer = api_as(viewer).post("/api/subscription/checkout", {"plan": "BASIC"})
    assert answer.json()["sessionUrl"].startswith(f"{payments.url}/c/pay/")


def test_a_subscriber_is_sent_to_change_the_plan(
    subscribed: Any, viewer: User, payments: Sandbox
) -> None:
    phone = subscribed(viewer, plan="BASIC")
    answer = phone.post(f"{API}/checkout", {"plan": "PREMIUM"})
    assert answer.json()["sessionUrl"].startswith(f"{payments.url}/p/session/")
    assert Checkout.objects.count() == 1


def test_choosing_another_plan_closes_the_first_page(
    payments: Sandbox, viewer: User, api_as: Any
) -> None:
    phone = api_as(viewer)
    pages = [
        phone.post(f"{API}/checkout", {"plan": plan}).json()["sessionUrl"]
        for plan in ("BASIC", "BASIC", "PREMIUM")
    ]
    assert pages[0] == pages[1] != pages[2]
    assert "expired" in payments.pay(pages[0]).text
    assert list(Checkout.objects.order_by("created_at").values_list("state", flat=True)) == [
        "GONE", "OPEN",
    ]  # fmt: skip


def test_buttons_of_a_stale_page_do_nothing(
    stripe_settings: Any, viewer: User, site_as: SiteAs
) -> None:
    site = site_as(viewer)
    for verb in ("cancel", "reactivate", "change", "portal"):
        answer = site.post(f"/account/billing/{verb}", {"plan": "BASIC"})
        assert redirect_of(answer) == ("/account/billing", NOTES["stale"])
    assert not ProviderCommand.objects.exists()
    assert "Your plan has already been updated" in site.get("/account/billing").content.decode()


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"status": "PAST_DUE", "pay_url": "https://invoice.stripe.com/i/x"}, "Pay the open bill"),
        ({"status": "UNPAID"}, "Your films are closed until the bill is paid"),
        ({"status": "INCOMPLETE"}, "was not completed"),
        ({"status": "TRIALING", "trial_ends_at": timezone.now()}, "Free until"),
        ({"status": "ACTIVE"}, "Renews on"),
        ({"status": "ACTIVE", "cancel_at_period_end": True}, "Keep my plan"),
        ({"status": "CANCELED"}, "plan has ended"),
    ],
)
def test_the_billing_page_shows_the_state_and_the_next_step(
    stripe_settings: Any, viewer: User, site_as: SiteAs, fields: dict[str, Any], expected: str
) -> None:
    now = timezone.now()
    Subscription.objects.create(
        user=viewer, plan="BASIC", provider="stripe", provider_subscription_id="sub_1",
        provider_customer_id="cus_1", current_period_start=now,
        current_period_end=now + timedelta(days=30), **fields,
    )  # fmt: skip
    page = site_as(viewer).get("/account/billing")
    assert expected in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]


def test_a_plan_that_renews_or_ends_soon_is_notified_once(
    viewer: User, stranger: User, mailoutbox: list[Any], run_jobs: Run
) -> None:
    now = timezone.now()
    for user, ends, days in ((viewer, False, 2), (stranger, True, 0.5)):
        Subscription.objects.create(
            user=user, plan="PREMIUM", provider="stripe", provider_subscription_id=f"s{user.pk}",
            current_period_start=now - timedelta(days=28), cancel_at_period_end=ends,
            current_period_end=now + timedelta(days=days),
        )  # fmt: skip
    assert [reminders_send(now=now) for _ in range(2)] == [2, 0]
    run_jobs()
    subjects = sorted(mail.subject.partition(" on ")[0] for mail in mailoutbox)
    assert subjects == ["Your Premium plan ends", "Your plan renews"]
    assert set(Notification.objects.values_list("type", flat=True)) == {
        "SUBSCRIPTION_RENEWAL", "SUBSCRIPTION_CANCELED",
    }  # fmt: skip


def test_a_change_is_effective_at_once_on_every_node(
    subscribed: Any, viewer: User, django_capture_on_commit_callbacks: Any, api_as: Any,
    payments: Sandbox, run_jobs: Run,
) -> None:  # fmt: skip
    """A warm check costs no query."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    phone = api_as(viewer)
    assert phone.get("/api/v1/auth/me").json()["subscription"]["plan"] == "FREE"
    with django_capture_on_commit_callbacks(execute=True):
        subscribed(viewer)
    assert phone.get("/api/v1/auth/me").json()["subscription"]["plan"] == "PREMIUM"
    from django.core.cache import cache

    cache.delete_pattern("*")  # type: ignore[attr-defined]  # the barrier of the change
    phone.get("/api/v1/auth/me")
    with CaptureQueriesContext(connection) as queries:
        assert phone.get("/api/v1/auth/me").json()["subscription"]["plan"] == "PREMIUM"
    assert len(queries) == 0
