"""Prices in shillings, from the plans page to the refund: shown, stored and sent to Stripe."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from billing.models import Discrepancy, LedgerEntry, Payment, ProviderCommand
from billing.providers.stripe import StripeProvider
from billing.sync.reconcile import reconcile_all
from billing.tests.steps import confirm_change, refund, settle
from dev.stack import keys, ports, sandbox, test_stacks, wait
from dev.stack.child import Child
from dev.stack.environment import Site
from tests.payments import Sandbox

API = "/api/v1"
Run = Callable[[], int]
SiteAs = Callable[[User], Client]

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def shilling_process() -> Iterator[str]:
    """Start a separate sandbox, because its environment determines its currency."""
    environ = sandbox.variables(port=ports.pick(), site=Site(), keys=keys.for_tests(), given={})
    environ |= {
        "SANDBOX_WEBHOOK_URL": "", "PLAN_CURRENCY": "UGX", "PLAN_PRICE_BASIC": "11000",
        "PLAN_PRICE_PREMIUM": "18000",
    }  # fmt: skip
    with test_stacks.scratch_home() as home:
        child = Child(sandbox.command(environ), home=home)
        child.start()
        try:
            url = environ["STRIPE_API_HOST"]
            wait.until(lambda: _answers(url), child=child)
            yield url
        finally:
            child.stop()


def _answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/healthz", timeout=1).ok
    except requests.ConnectionError:
        return False


@pytest.fixture
def payments(shilling_process: str, stripe_settings: Any) -> Sandbox:
    stripe_settings.STRIPE_API_HOST = shilling_process
    stripe_settings.PLAN_CURRENCY = "UGX"
    stripe_settings.PLAN_PRICES = {"BASIC": 11000, "PREMIUM": 18000}
    return Sandbox(shilling_process, secret=stripe_settings.STRIPE_WEBHOOK_SECRET[0])


def test_from_the_plans_to_the_refund(
    payments: Sandbox, subscribed: Any, viewer: User, admin: User, site_as: SiteAs, run_jobs: Run,
    mailoutbox: list[Any],
) -> None:  # fmt: skip
    plans = site_as(viewer).get("/subscribe").content.decode()
    assert "<strong>11,000</strong>" in plans
    offer = Client().get(f"{API}/subscriptions/plans").json()["results"][1]
    assert (offer["amountMinor"], offer["amount"]) == (11000, "UGX 11,000")

    phone = subscribed(viewer, plan="BASIC")
    payment = Payment.objects.get()
    assert payment.amount_minor == LedgerEntry.objects.get().amount_minor == 11000
    (charge,) = payments.of("charges", phone and _customer(viewer))
    assert charge["amount"] == 1_100_000
    assert "Your receipt: UGX 11,000" in [mail.subject for mail in mailoutbox]
    (row,) = phone.get(f"{API}/payments/history").json()["results"]
    assert (row["amountMinor"], row["amount"], row["refunded"]) == (11000, "UGX 11,000", "UGX 0")
    site = site_as(viewer)
    staff_site = site_as(admin)
    assert "UGX 11,000" in site.get("/account/billing").content.decode()
    assert "<strong>UGX 11,000</strong> a month" in staff_site.get("/admin/").content.decode()
    listed = staff_site.get("/admin/billing/payment/").content.decode()
    assert "UGX 11,000" in listed
    assert "1100000" not in listed

    assert "Refund requested" in refund(staff_site, payment, amount="5,000")
    settle(payments, run_jobs)
    (charge,) = payments.of("charges", _customer(viewer))
    assert charge["amount_refunded"] == 500_000
    payment.refresh_from_db()
    assert (payment.refunded_minor, payment.status) == (5000, "PARTIALLY_REFUNDED")
    assert LedgerEntry.objects.get(kind="REFUND").amount_minor == -5000
    assert "We refunded UGX 5,000" in [mail.subject for mail in mailoutbox]
    for page in (site.get("/account/billing"), staff_site.get("/admin/billing/ledgerentry/")):
        text = page.content.decode()
        assert "5,000" in text
        assert "000.00" not in text


def _customer(user: User) -> str:
    from billing.models import Subscription

    return Subscription.objects.get(user=user).provider_customer_id


def test_the_difference_of_an_upgrade_is_in_whole_shillings(
    payments: Sandbox, subscribed: Any, viewer: User, site_as: SiteAs, run_jobs: Run
) -> None:
    subscribed(viewer, plan="BASIC")
    confirmation, _ = confirm_change(site_as(viewer), "change", plan="PREMIUM")
    settle(payments, run_jobs)
    paid = Payment.objects.get(purpose="UPGRADE")
    assert f"Pay {paid.amount_text} and change" in confirmation
    assert 6990 <= paid.amount_minor <= 7000


@pytest.mark.parametrize("amount", ["5000.50", "5.000", "11,001", "5,00"])
def test_a_part_of_a_shilling_and_too_many_move_nothing(
    payments: Sandbox, subscribed: Any, viewer: User, admin: User, site_as: SiteAs, amount: str
) -> None:
    subscribed(viewer, plan="BASIC")
    assert "Refund requested" not in refund(site_as(admin), Payment.objects.get(), amount=amount)
    assert not ProviderCommand.objects.exists()


def test_the_night_is_content_with_hundredths_and_lists_whole_shillings(
    payments: Sandbox, run_jobs: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If Stripe ever counted UGX in whole shillings, its price would be 11000."""
    reconcile_all()
    run_jobs()
    assert not Discrepancy.objects.exists()
    price = StripeProvider._price
    monkeypatch.setattr(
        StripeProvider, "_price",
        lambda self, price_id: {**(found := price(self, price_id)),
                                "unit_amount": found["unit_amount"] // 100},
    )  # fmt: skip
    reconcile_all()
    run_jobs()
    details = Discrepancy.objects.filter(kind="CURRENCY").values_list("detail", flat=True)
    assert any("11000 UGX" in expected and "1100000 UGX" in expected for expected in details)


def test_rows_from_before_are_brought_to_whole_shillings_once(viewer: User) -> None:
    """Migration 0008 runs over rows of the old code."""
    from importlib import import_module

    old: dict[str, Any] = {"user": viewer, "provider": "stripe", "paid_at": timezone.now()}
    for number, (currency, amount) in enumerate([("UGX", 1_100_000), ("ISK", 200_000),
                                                 ("USD", 299), ("RWF", 5000)]):  # fmt: skip
        payment = Payment.objects.create(
            **old, provider_payment_id=f"ch_{number}", amount_minor=amount, currency=currency,
            refunded_minor=amount // 2, status="PARTIALLY_REFUNDED",
        )  # fmt: skip
        LedgerEntry.objects.create(
            payment=payment, kind="CHARGE", provider="stripe", amount_minor=amount,
            provider_object_id=f"ch_{number}", currency=currency, occurred_at=timezone.now(),
        )  # fmt: skip
        ProviderCommand.objects.create(
            kind="REFUND", provider="stripe", object_id=f"ch_{number}", amount_minor=amount // 2
        )
    migration = import_module("billing.migrations.0008_amounts_in_iso_minor_units").Migration
    (change,) = migration.operations

    def run(sql: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(sql)

    def amounts(model: Any) -> list[int]:
        return list(model.objects.order_by("currency").values_list("amount_minor", flat=True))

    run(change.sql)
    assert amounts(Payment) == amounts(LedgerEntry) == [2000, 5000, 11000, 299]
    assert set(ProviderCommand.objects.values_list("amount_minor", flat=True)) == {
        149,
        1000,
        2500,
        5500,
    }
    run(change.reverse_sql)
    assert amounts(Payment) == amounts(LedgerEntry) == [200_000, 5000, 1_100_000, 299]
