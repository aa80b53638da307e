"""Customers at the provider: deleted, unknown, and with a changed e-mail address."""

from collections.abc import Callable
from typing import Any

import pytest
import requests
from django.test import Client

from accounts.auth.principal import held_plan
from accounts.models import User
from billing.models import Discrepancy, LedgerEntry, Payment, Subscription
from billing.sync.reconcile import reconcile_all
from billing.tests.steps import refund, settle
from billing.views.account import NOTES
from dev.stack.sandbox import SECRET_KEY
from tests.messages import redirect_of
from tests.payments import Sandbox

API = "/api/v1/subscriptions"
Buy = Callable[..., Any]
Run = Callable[[], int]
SiteAs = Callable[[User], Client]

pytestmark = pytest.mark.django_db


def _ask(payments: Sandbox, method: str, path: str) -> Any:
    answer = requests.request(
        method, f"{payments.url}/v1/{path}", auth=(SECRET_KEY, ""), timeout=10
    )
    return answer.json()


@pytest.fixture
def deleted(subscribed: Buy, viewer: User, payments: Sandbox, run_jobs: Run) -> str:
    """Return the customer id of a subscriber whom staff deleted on the provider's own pages."""
    subscribed(viewer, plan="BASIC")
    customer = Subscription.objects.get().provider_customer_id
    payments.advance(seconds=1)
    _ask(payments, "DELETE", f"customers/{customer}")
    return customer


@pytest.mark.parametrize("event_arrives", [True, False])
def test_a_deleted_customer_buys_again(
    deleted: str,
    subscribed: Buy,
    viewer: User,
    payments: Sandbox,
    run_jobs: Run,
    event_arrives: bool,
) -> None:
    if event_arrives:
        settle(payments, run_jobs)
        assert held_plan(viewer.pk).plan == "FREE"
    else:
        payments.news()  # lost on the way
    phone = subscribed(viewer, plan="PREMIUM")
    settle(payments, run_jobs)
    assert phone.get(f"{API}/status").json()["plan"] == "PREMIUM"
    row = Subscription.objects.get()
    assert row.provider_customer_id != deleted
    assert sorted(Payment.objects.values_list("amount_minor", flat=True)) == [299, 499]
    assert Discrepancy.objects.filter(kind="CUSTOMER_GONE", object_id=deleted).count() == 1


def test_after_the_provider_lost_its_data_a_person_can_buy_again(
    viewer: User, subscribed: Buy, payments: Sandbox, run_jobs: Run
) -> None:
    """The row names objects that do not exist, as after the sandbox's file was deleted."""
    from django.utils import timezone

    Subscription.objects.create(
        user=viewer, plan="BASIC", status="ACTIVE", provider="stripe",
        provider_customer_id="cus_nowhere", provider_subscription_id="sub_nowhere",
        current_period_start=timezone.now(),
    )  # fmt: skip
    phone = subscribed(viewer, plan="BASIC")
    assert phone.get(f"{API}/status").json()["plan"] == "BASIC"
    assert Subscription.objects.get().provider_customer_id != "cus_nowhere"


def test_the_portal_of_a_deleted_customer_is_a_message(
    deleted: str, viewer: User, site_as: SiteAs, api_as: Any
) -> None:
    answer = api_as(viewer).get(f"{API}/portal")
    assert (answer.status_code, answer.json()["code"]) == (409, "customer_gone")
    answer = site_as(viewer).post("/account/billing/portal")
    assert redirect_of(answer) == ("/account/billing", NOTES["stale"])


def test_an_old_payment_is_refunded_and_booked_after_the_customer_was_replaced(
    deleted: str, subscribed: Buy, viewer: User, admin: User, site_as: SiteAs, payments: Sandbox,
    run_jobs: Run,
) -> None:  # fmt: skip
    settle(payments, run_jobs)
    subscribed(viewer, plan="PREMIUM")
    settle(payments, run_jobs)
    old = Payment.objects.get(amount_minor=299)
    refund(site_as(admin), old)
    settle(payments, run_jobs)
    old.refresh_from_db()
    assert old.status == "REFUNDED"
    assert LedgerEntry.objects.get(kind="REFUND").amount_minor == -299
    assert held_plan(viewer.pk).plan == "PREMIUM"


def test_a_deleted_customer_does_not_stop_the_reconciliation(
    viewer: User, stranger: User, subscribed: Buy, payments: Sandbox, run_jobs: Run
) -> None:
    Subscription.objects.create(
        user=stranger, provider="stripe", provider_customer_id="cus_0_nowhere"
    )
    phone = subscribed(viewer)
    portal = phone.get(f"{API}/portal").json()["portalUrl"]
    row = Subscription.objects.get(user=viewer)
    payments.pay(portal, do="cancel", subscription=row.provider_subscription_id)
    payments.news()
    reconcile_all()
    run_jobs()
    row.refresh_from_db()
    assert row.cancel_at_period_end
    assert Discrepancy.objects.get(kind="CUSTOMER_GONE").object_id == "cus_0_nowhere"


def _moves(phone: Any, user: User, password: str) -> None:
    from accounts.services.staff import user_edit
    from tests.factories import UserFactory

    boss = UserFactory.create(role="SUPER_ADMIN")
    user_edit(user, by=boss, changes={"email": "new.address@example.ug"})


def test_a_changed_address_reaches_the_provider(
    subscribed: Buy, viewer: User, stranger: User, payments: Sandbox, run_jobs: Run, password: str
) -> None:
    phone = subscribed(viewer)
    customer = Subscription.objects.get(user=viewer).provider_customer_id
    before = _ask(payments, "GET", f"customers/{customer}")
    assert before["email"] == viewer.email
    _moves(phone, viewer, password)
    run_jobs()
    assert _ask(payments, "GET", f"customers/{customer}")["email"] == "new.address@example.ug"


def test_a_changed_address_of_a_person_who_never_paid_makes_no_call(
    stripe_settings: Any, viewer: User, password: str, api_as: Any
) -> None:
    from kushfilms.core.models import Job

    _moves(api_as(viewer), viewer, password)
    assert not Job.objects.filter(kind="billing_contact").exists()
