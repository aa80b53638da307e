"""A refund ends the plan of its own payment, and the person and staff are notified."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.auth.principal import held_plan
from accounts.models import AuditLog, Notification, User
from billing.models import (
    Discrepancy,
    LedgerEntry,
    Payment,
    PaymentPurpose,
    Plan,
    ProviderCommand,
    Subscription,
)
from billing.providers.base import CheckoutRequest
from billing.providers.stripe import StripeProvider
from billing.tests.steps import confirm_change, refund, settle
from tests.payments import Sandbox

Buy = Callable[..., Any]
Run = Callable[[], int]
SiteAs = Callable[[User], Client]

pytestmark = pytest.mark.django_db


def _second(payments: Sandbox, user: User, plan: Plan = Plan.BASIC, key: str = "second") -> None:
    """Buy a second subscription of the same customer, on a page that was never closed."""
    row = Subscription.objects.get(user=user)
    checkout_request = CheckoutRequest(
        key=f"{key}-{user.pk}", customer_id=row.provider_customer_id, user_id=str(user.pk),
        plan=plan, trial_days=0, expires_at=2**31, success_url="http://x", cancel_url="http://x",
    )  # fmt: skip
    payments.advance(seconds=1)
    payments.pay(StripeProvider().checkout_open(checkout_request).url)


@pytest.fixture
def upgraded(
    subscribed: Buy, viewer: User, site_as: SiteAs, payments: Sandbox, run_jobs: Run
) -> Subscription:
    """Return a subscription that changed from Basic to Premium within one month."""
    subscribed(viewer, plan="BASIC")
    payments.advance(seconds=1)
    confirm_change(site_as(viewer), "change", plan="PREMIUM")
    settle(payments, run_jobs)
    row = Subscription.objects.get()
    assert (row.plan, row.status) == ("PREMIUM", "ACTIVE")
    return row


def _payment(purpose: PaymentPurpose) -> Payment:
    return Payment.objects.get(purpose=purpose, status="SUCCEEDED")


def test_the_difference_refunded_leaves_the_plan_it_was_added_to(
    upgraded: Subscription, viewer: User, admin: User, site_as: SiteAs, payments: Sandbox,
    run_jobs: Run,
) -> None:  # fmt: skip
    assert "Refund requested" in refund(site_as(admin), _payment(PaymentPurpose.UPGRADE))
    settle(payments, run_jobs)
    upgraded.refresh_from_db()
    assert (upgraded.plan, upgraded.status) == ("BASIC", "ACTIVE")
    assert held_plan(viewer.pk).plan == "BASIC"
    (there,) = payments.of("subscriptions", upgraded.provider_customer_id)
    assert there["status"] == "active"
    assert there["items"]["data"][0]["price"]["id"] == "price_basic"  # and renews as Basic
    assert _payment(PaymentPurpose.FIRST).amount_minor == 299


def test_the_first_payment_refunded_leaves_no_premium_for_the_difference(
    upgraded: Subscription, viewer: User, admin: User, site_as: SiteAs, payments: Sandbox,
    run_jobs: Run,
) -> None:  # fmt: skip
    refund(site_as(admin), _payment(PaymentPurpose.FIRST))
    settle(payments, run_jobs)
    upgraded.refresh_from_db()
    assert upgraded.status == "CANCELED"
    assert held_plan(viewer.pk).plan == "FREE"
    (there,) = payments.of("subscriptions", upgraded.provider_customer_id)
    assert there["status"] == "canceled"


def test_a_part_of_the_difference_refunded_changes_no_plan(
    upgraded: Subscription, viewer: User, admin: User, site_as: SiteAs, payments: Sandbox,
    run_jobs: Run,
) -> None:  # fmt: skip
    refund(site_as(admin), _payment(PaymentPurpose.UPGRADE), amount="0.50")
    settle(payments, run_jobs)
    assert held_plan(viewer.pk).plan == "PREMIUM"
    assert not ProviderCommand.objects.filter(kind__in=["END", "SET_PLAN"]).exists()


@pytest.mark.parametrize("plan", [Plan.BASIC, Plan.PREMIUM])
def test_a_second_subscription_is_refunded_without_staff_and_the_first_stays(
    subscribed: Buy, viewer: User, payments: Sandbox, run_jobs: Run, mailoutbox: list[Any],
    plan: Plan,
) -> None:  # fmt: skip
    subscribed(viewer, plan="BASIC")
    first = Subscription.objects.get().provider_subscription_id
    mailoutbox.clear()
    _second(payments, viewer, plan)
    settle(payments, run_jobs)
    row = Subscription.objects.get()
    assert (row.provider_subscription_id, row.plan, row.status) == (first, "BASIC", "ACTIVE")
    paid = Payment.objects.order_by("paid_at", "created_at")
    assert list(paid.values_list("status", flat=True)) == ["SUCCEEDED", "REFUNDED"]
    states = {item["id"]: item["status"] for item in payments.of(
        "subscriptions", row.provider_customer_id)}  # fmt: skip
    assert states.pop(first) == "active"
    assert list(states.values()) == ["canceled"]
    found = Discrepancy.objects.get(customer_id=row.provider_customer_id, resolved_at=None)
    assert found.kind == "SECOND_SUBSCRIPTION"
    (mail,) = [mail for mail in mailoutbox if "refunded" in mail.subject]
    assert "You were charged twice" in mail.body
    assert "Your Basic plan continues" in mail.body
    assert Notification.objects.filter(user=viewer, title="We refunded a payment").count() == 1
    # Once, however often the customer is looked at again.
    from billing.management.commands.rebuild_billing import Command

    Command().handle(customer=row.provider_customer_id, fetch=True)
    settle(payments, run_jobs)
    assert ProviderCommand.objects.filter(kind="REFUND").count() == 1


def test_a_refund_of_the_second_payment_by_staff_leaves_the_first_plan(
    subscribed: Buy, viewer: User, admin: User, site_as: SiteAs, payments: Sandbox, run_jobs: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The automatic refund is switched off."""
    from billing.sync import follow_up_commands

    monkeypatch.setattr(follow_up_commands, "_refund_once", lambda *_args, **_more: None)
    subscribed(viewer, plan="BASIC")
    _second(payments, viewer)
    settle(payments, run_jobs)
    second = Payment.objects.latest("paid_at")
    refund(site_as(admin), second)
    settle(payments, run_jobs)
    second.refresh_from_db()
    assert second.status == "REFUNDED"
    assert held_plan(viewer.pk).plan == "BASIC"
    assert Subscription.objects.get().status == "ACTIVE"


def test_a_refund_is_notified_by_mail_and_in_the_list(
    subscribed: Buy, viewer: User, admin: User, site_as: SiteAs, payments: Sandbox, run_jobs: Run,
    mailoutbox: list[Any],
) -> None:  # fmt: skip
    subscribed(viewer)
    mailoutbox.clear()
    refund(site_as(admin), Payment.objects.get())
    settle(payments, run_jobs)
    (mail,) = mailoutbox
    assert mail.subject == "We refunded USD 4.99"
    assert "Your paid plan has ended" in mail.body
    assert Notification.objects.filter(user=viewer).latest("created_at").title == \
        "We refunded a payment"  # fmt: skip


def test_a_refund_that_fails_at_the_bank_is_notified_to_both_sides(
    subscribed: Buy, viewer: User, admin: User, site_as: SiteAs, payments: Sandbox, run_jobs: Run,
    mailoutbox: list[Any],
) -> None:  # fmt: skip
    subscribed(viewer)
    refund(site_as(admin), Payment.objects.get())
    settle(payments, run_jobs)
    mailoutbox.clear()
    entry = LedgerEntry.objects.get(kind="REFUND")
    payments.advance(seconds=1)
    payments.config("refund_failed", refund=entry.provider_object_id)
    settle(payments, run_jobs)
    assert Payment.objects.get().status == "SUCCEEDED"
    assert sum(LedgerEntry.objects.values_list("amount_minor", flat=True)) == 499
    found = Discrepancy.objects.get(kind="REFUND_FAILED", resolved_at=None)
    assert "USD 4.99" in found.detail
    (mail,) = mailoutbox
    assert mail.subject == "Your refund of USD 4.99 did not arrive"
    assert Notification.objects.filter(user=viewer, title="Your refund did not arrive").exists()


def test_a_refund_the_provider_refuses_is_listed_for_staff(
    subscribed: Buy, viewer: User, admin: User, payments: Sandbox, run_jobs: Run
) -> None:
    from billing.services.refunds import payment_refund

    subscribed(viewer)
    payment = Payment.objects.get()
    payment_refund(payment, amount_minor=None, reason="Asked")
    payments.config("dispute", charge=payment.provider_payment_id)  # before the job gets to it
    run_jobs()
    assert ProviderCommand.objects.get(kind="REFUND").state == "FAILED"
    found = Discrepancy.objects.get(kind="ORDER_REFUSED")
    assert found.object_id == payment.provider_payment_id
    assert held_plan(viewer.pk).plan == "PREMIUM"


def test_a_dispute_that_was_won_can_be_refunded_and_a_lost_one_cannot(
    subscribed: Buy, viewer: User, admin: User, site_as: SiteAs, payments: Sandbox, run_jobs: Run
) -> None:
    subscribed(viewer)
    payment = Payment.objects.get()
    staff_site = site_as(admin)
    page = f"/admin/billing/payment/{payment.pk}/change/"
    for form, disputed in (({}, True), ({"close": "won"}, False)):
        payments.advance(seconds=1)
        payments.config("dispute", charge=payment.provider_payment_id, **form)
        settle(payments, run_jobs)
        payment.refresh_from_db()
        assert payment.disputed is disputed
        assert ("Refund…" in staff_site.get(page).content.decode()) is not disputed
    assert "Refund requested" in refund(staff_site, payment)
    settle(payments, run_jobs)
    payment.refresh_from_db()
    assert payment.status == "REFUNDED"
    assert sum(LedgerEntry.objects.values_list("amount_minor", flat=True)) == 0


def test_the_admin_shows_the_effect_of_a_refund_before_it(
    upgraded: Subscription, admin: User, site_as: SiteAs
) -> None:
    staff_site = site_as(admin)
    for purpose, amount, expected in (
        (PaymentPurpose.FIRST, "", "Premium ends immediately"),
        (PaymentPurpose.UPGRADE, "", "Premium goes back to the plan before the upgrade"),
        (PaymentPurpose.FIRST, "1.00", "The plan stays as it is"),
    ):
        payment = _payment(purpose)
        url = f"/admin/billing/payment/{payment.pk}/refund/"
        page = staff_site.post(url, {"amount": amount, "reason": "Asked & sure"}).content.decode()
        assert expected in page
        assert (f"USD {amount}" if amount else payment.amount_text) in page
        assert "Asked &amp; sure" in page
    assert not ProviderCommand.objects.filter(kind="REFUND").exists()
    assert not AuditLog.objects.filter(action="payment.refund").exists()


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"amount": "5,00", "reason": "Typed"}, "Enter an amount such as"),
        ({"amount": "9.99", "reason": "Typed"}, "no more than"),
        ({"amount": "0", "reason": "Typed"}, "above zero"),
        ({"amount": "1.25", "reason": ""}, "Enter a reason"),
    ],
)
def test_amount_and_reason_survive_an_error(
    subscribed: Buy, viewer: User, admin: User, site_as: SiteAs, form: dict[str, str], expected: str
) -> None:
    subscribed(viewer)
    payment = Payment.objects.get()
    url = f"/admin/billing/payment/{payment.pk}/refund/"
    page = site_as(admin).post(url, {**form, "confirm": "125"}).content.decode()
    assert expected in page
    for value in filter(None, form.values()):
        assert f'value="{value}"' in page
    assert not ProviderCommand.objects.exists()


def test_a_confirmation_of_another_amount_is_asked_again(
    subscribed: Buy, viewer: User, admin: User, site_as: SiteAs
) -> None:
    subscribed(viewer)
    payment = Payment.objects.get()
    url = f"/admin/billing/payment/{payment.pk}/refund/"
    page = site_as(admin).post(url, {"amount": "2.00", "reason": "x", "confirm": "100"})
    assert "Refund USD 2.00" in page.content.decode()
    assert not ProviderCommand.objects.exists()


def test_a_persons_page_lists_their_payments(
    subscribed: Buy, viewer: User, admin: User, site_as: SiteAs
) -> None:
    subscribed(viewer)
    page = site_as(admin).get(f"/admin/accounts/user/{viewer.pk}/change/").content.decode()
    assert "USD 4.99, succeeded" in page
    assert f"/admin/billing/payment/{Payment.objects.get().pk}/change/" in page
