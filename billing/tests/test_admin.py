"""Admin area of billing: figures, complimentary plans, refunds, differences, the rebuild."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.auth.principal import held_plan
from accounts.models import AuditLog, User
from billing.models import (
    Discrepancy,
    LedgerEntry,
    Payment,
    ProviderCommand,
    ProviderEvent,
    Subscription,
)
from billing.sync.mirror import MODELS
from billing.sync.reconcile import reconcile_all
from billing.tests.steps import refund
from tests.factories import UserFactory
from tests.payments import Sandbox

Buy = Callable[..., Any]
Run = Callable[[], int]
SiteAs = Callable[[User], Client]

pytestmark = pytest.mark.django_db


def test_a_partial_refund_keeps_the_plan_and_a_full_one_ends_it(
    subscribed: Buy, viewer: User, admin: User, site_as: SiteAs, run_jobs: Run, payments: Sandbox
) -> None:
    phone = subscribed(viewer)
    staff_site = site_as(admin)
    payment = Payment.objects.get()
    for amount, status, plan in (
        ("2.00", "PARTIALLY_REFUNDED", "PREMIUM"),
        ("", "REFUNDED", "FREE"),
    ):
        assert "Refund requested" in refund(staff_site, payment, amount=amount, reason="Asked")
        run_jobs()
        payments.deliver()
        run_jobs()
        payment.refresh_from_db()
        assert payment.status == status
        assert held_plan(viewer.pk).plan == plan
    amounts = LedgerEntry.objects.order_by("created_at").values_list("amount_minor", flat=True)
    assert list(amounts) == [499, -200, -299]
    (there,) = payments.of("subscriptions", Subscription.objects.get().provider_customer_id)
    assert there["status"] == "canceled"  # and is not billed again
    assert AuditLog.objects.filter(action="payment.refund").count() == 2
    shown = phone.get("/api/v1/payments/history").json()["results"][0]
    assert (shown["status"], shown["refundedMinor"]) == ("REFUNDED", 499)


@pytest.mark.parametrize(
    "form", [{"amount": "5.00", "reason": "x"}, {"amount": "-1", "reason": "x"}, {"amount": "0.001",
     "reason": "x"}, {"amount": "x", "reason": "x"}, {"amount": "1.00", "reason": " "}],
)  # fmt: skip
def test_an_invalid_refund_moves_no_money(
    subscribed: Buy, viewer: User, admin: User, site_as: SiteAs, form: dict[str, str]
) -> None:
    subscribed(viewer)
    assert "Refund requested" not in refund(site_as(admin), Payment.objects.get(), **form)
    assert not ProviderCommand.objects.exists()
    assert not AuditLog.objects.filter(action="payment.refund").exists()


def test_the_ledger_equals_the_providers_balance(
    subscribed: Buy, viewer: User, admin: User, site_as: SiteAs, run_jobs: Run, payments: Sandbox
) -> None:
    before = _balance(payments)
    subscribed(viewer, plan="BASIC")
    refund(site_as(admin), Payment.objects.get(), amount="1.00", reason="Asked")
    run_jobs()
    stranger = UserFactory.create()
    subscribed(stranger)
    charge = Payment.objects.get(user=stranger).provider_payment_id
    payments.config("dispute", charge=charge)
    payments.config("dispute", charge=charge, close="won")
    payments.deliver()
    run_jobs()
    entries = LedgerEntry.objects.values_list("amount_minor", flat=True)
    assert sum(entries) == _balance(payments) - before == 299 - 100 + 499 - 499 + 499
    assert len(entries) == 5


def _balance(payments: Sandbox) -> int:
    import requests

    url = f"{payments.url}/_config/balance"
    return int(requests.get(url, timeout=10).json()["total"])


def test_the_ledger_refuses_to_be_changed(subscribed: Buy, viewer: User) -> None:
    subscribed(viewer)
    for change in (
        lambda: LedgerEntry.objects.update(amount_minor=1),
        lambda: LedgerEntry.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
    assert LedgerEntry.objects.get().amount_minor == 499


def test_a_lost_dispute_ends_the_plan(
    subscribed: Buy, viewer: User, run_jobs: Run, payments: Sandbox
) -> None:
    subscribed(viewer)
    charge = Payment.objects.get().provider_payment_id
    for form, plan in (({}, "PREMIUM"), ({"close": "lost"}, "FREE")):
        payments.config("dispute", charge=charge, **form)
        payments.deliver()
        run_jobs()
        assert held_plan(viewer.pk).plan == plan
    assert Payment.objects.get().disputed


def test_a_complimentary_plan_has_an_end_and_a_reason_beside_the_paid_plan(
    subscribed: Buy, viewer: User, admin: User, site_as: SiteAs
) -> None:
    subscribed(viewer, plan="BASIC")
    staff_site = site_as(admin)
    page = f"/admin/accounts/user/{viewer.pk}"
    staff_site.post(f"{page}/give/", {"plan": "PREMIUM", "days": "3"})  # no reason
    assert held_plan(viewer.pk).plan == "BASIC"
    staff_site.post(f"{page}/give/", {"plan": "PREMIUM", "days": "3", "reason": "Festival"})
    held = held_plan(viewer.pk)
    assert held.plan == "PREMIUM"
    assert held.until is not None
    assert abs(held.until - timezone.now() - timedelta(days=3)) < timedelta(minutes=1)
    assert "End the complimentary plan" in staff_site.get(f"{page}/change/").content.decode()
    staff_site.post(f"{page}/take-back/", {"reason": "Over"})
    assert held_plan(viewer.pk).plan == "BASIC"
    log = AuditLog.objects.filter(action__startswith="subscription.").order_by("created_at")
    assert list(log.values_list("action", "reason")) == [
        ("subscription.grant", "Festival"),
        ("subscription.revoke", "Over"),
    ]


def test_the_first_screen_has_constant_queries_for_its_figures(
    admin: User, moderator: User, site_as: SiteAs
) -> None:
    def subscribe(number: int) -> None:
        now = timezone.now()
        for index in range(number):
            user = UserFactory.create()
            Subscription.objects.create(
                user=user, plan="PREMIUM" if index % 2 else "BASIC", status="ACTIVE",
                provider="stripe", provider_subscription_id=f"sub_{user.pk}",
                current_period_start=now, current_period_end=now + timedelta(days=30),
            )  # fmt: skip

    staff_site = site_as(admin)
    counts = []
    for number, monthly in ((2, "7.98"), (18, "79.80")):
        subscribe(number)
        staff_site.get("/admin/")  # who asks is known by then
        with CaptureQueriesContext(connection) as queries:
            page = staff_site.get("/admin/").content.decode()
        counts.append(len(queries))
        assert f"<strong>USD {monthly}</strong>" in page
    assert counts[0] == counts[1]
    assert "(MRR)" not in site_as(moderator).get("/admin/").content.decode()


def test_a_missed_change_is_found_listed_and_stored_at_night(
    subscribed: Buy, viewer: User, payments: Sandbox, run_jobs: Run, admin: User, site_as: SiteAs
) -> None:
    phone = subscribed(viewer)
    portal = phone.get("/api/v1/subscriptions/portal").json()["portalUrl"]
    there = Subscription.objects.get().provider_subscription_id
    payments.pay(portal, do="cancel", subscription=there)
    payments.news()  # lost on the way
    assert not Subscription.objects.get().cancel_at_period_end
    reconcile_all()
    run_jobs()
    assert Subscription.objects.get().cancel_at_period_end
    found = Discrepancy.objects.get(kind="MISSED", object_id=there)
    staff_site = site_as(admin)
    page = "/admin/billing/discrepancy/"
    assert there in staff_site.get(page).content.decode()
    staff_site.post(page, {"action": "repair", "_selected_action": [str(found.pk)]})
    run_jobs()
    found.refresh_from_db()
    assert found.resolved_at is not None
    reconcile_all()
    run_jobs()
    assert Discrepancy.objects.count() == 1


def _rows() -> list[Any]:
    return [
        list(model.objects.order_by("pk").values_list(*fields))
        for model, fields in (
            (Subscription, ("plan", "status", "current_period_end", "provider_customer_id")),
            (LedgerEntry, ("provider_object_id", "kind", "amount_minor")),
        )
    ]


def test_the_rebuild_from_the_inbox_gives_the_same_rows_and_no_mails(
    subscribed: Buy, viewer: User, run_jobs: Run, mailoutbox: list[Any]
) -> None:
    subscribed(viewer)
    before = _rows()
    mails = len(mailoutbox)
    for model in reversed(list(MODELS.values())):
        model.objects.all().delete()
    Subscription.objects.update(plan="FREE", status="CANCELED", current_period_end=None)
    for _ in range(2):
        out = StringIO()
        call_command("rebuild_billing", stdout=out)
        assert "1 customers" in out.getvalue()
        run_jobs()
        assert _rows() == before
    assert len(mailoutbox) == mails
    assert Payment.objects.count() == 1


def test_an_erased_person_is_deleted_at_the_provider_and_not_billed(
    subscribed: Buy, viewer: User, payments: Sandbox, run_jobs: Run, password: str,
    time_machine: Any,
) -> None:  # fmt: skip
    phone = subscribed(viewer)
    customer = Subscription.objects.get().provider_customer_id
    assert phone.delete("/api/v1/users/account", {"password": password}).status_code == 202
    run_jobs()
    (there,) = payments.of("subscriptions", customer)
    assert there["cancel_at_period_end"] is True
    time_machine.move_to(timezone.now() + timedelta(days=15))
    run_jobs()
    viewer.refresh_from_db()
    assert viewer.erased_at is not None
    (there,) = payments.of("subscriptions", customer)
    assert there["status"] == "canceled"
    assert not MODELS["customer"].objects.exists()
    assert not ProviderEvent.objects.filter(customer_id=customer).exists()
    assert Payment.objects.get().receipt_url == ""
    assert LedgerEntry.objects.count() == 1
    payments.deliver()
    run_jobs()
    assert "aisha" not in str(list(ProviderEvent.objects.values_list("payload", flat=True))).lower()
    assert Subscription.objects.get().provider_customer_id == ""
