"""Every state of the billing page, and every confirmation page, in both languages."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from billing.models import Payment, ProviderCommand, Subscription
from dev.stack import message_catalogs
from tests.test_nothing_english import left_in_english

STATES: list[dict[str, Any]] = [
    {"status": "ACTIVE"}, {"status": "ACTIVE", "next_plan": "BASIC"},
    {"status": "ACTIVE", "plan": "BASIC", "upgrade_plan": "PREMIUM", "pay_url": "https://x"},
    {"status": "ACTIVE", "cancel_at_period_end": True}, {"status": "TRIALING"},
    {"status": "PAST_DUE"}, {"status": "UNPAID", "pay_url": "https://x"}, {"status": "PAUSED"},
    {"status": "INCOMPLETE"}, {"status": "CANCELED"},
]  # fmt: skip
PAGES = ["", "/cancel", "/reactivate", "/change?plan=BASIC", "/change?plan=PREMIUM"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def priced(monkeypatch: pytest.MonkeyPatch, stripe_settings: Any) -> None:
    """Let the provider return a price without a request."""
    from billing.providers.stripe import StripeProvider

    price = (200, timezone.now())
    monkeypatch.setattr(StripeProvider, "plan_raise_price", lambda *_args, **_more: price)


@pytest.mark.usefixtures("priced")
@pytest.mark.parametrize("language", message_catalogs.LANGUAGES)
@pytest.mark.parametrize("state", STATES, ids=lambda state: "-".join(map(str, state.values())))
def test_no_state_is_left_in_english(
    viewer: User, site_as: Callable[[User], Client], language: str, state: dict[str, Any]
) -> None:
    now = timezone.now()
    row = {"plan": "PREMIUM", **state}
    Subscription.objects.create(
        user=viewer, provider="stripe", provider_subscription_id="sub_1",
        provider_customer_id="cus_1", current_period_start=now, trial_ends_at=now,
        current_period_end=now + timedelta(days=30), **row,
    )  # fmt: skip
    for number, status in enumerate(("SUCCEEDED", "FAILED", "PARTIALLY_REFUNDED", "PROCESSING")):
        Payment.objects.create(
            user=viewer, provider="stripe", provider_payment_id=f"ch_{number}", amount_minor=299,
            refunded_minor=100 if "REFUNDED" in status else 0, currency="USD", status=status,
            paid_at=now,
        )  # fmt: skip
    if row["plan"] == "PREMIUM" and state == {"status": "ACTIVE"}:
        Subscription.objects.update(plan="BASIC")
        ProviderCommand.objects.create(
            kind="CHANGE_PLAN", state="FAILED", provider="stripe", object_id="sub_1",
            plan="PREMIUM", user=viewer,
        )  # fmt: skip
    site = site_as(viewer)
    site.cookies["language"] = language
    for page in PAGES:
        answer = site.get(f"/account/billing{page}", follow=True)
        assert answer.status_code == 200, page
        assert left_in_english(answer.content.decode(), language) == [], page
    plans = site.get("/subscribe").content.decode()
    assert left_in_english(plans, language) == []
