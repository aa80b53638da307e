"""Ends of plans: unpaid, canceled with an open bill, paused, given up."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.auth.principal import held_plan
from accounts.models import Notification, User
from billing.mails.plans import cancellation
from billing.models import (
    CommandKind,
    CommandState,
    Discrepancy,
    DiscrepancyKind,
    LedgerEntry,
    Notice,
    Payment,
    ProviderCommand,
    Subscription,
)
from billing.providers import provider
from billing.selectors import users_with_plan
from billing.services.commands import command_create
from billing.tests import objects
from billing.tests.objects import MONTH, event
from billing.tests.steps import settle, time_passes
from billing.views.account import NOTES
from tests.messages import redirect_of
from tests.payments import FAILS_LATER, Sandbox, post_event

API = "/api/v1/subscriptions"
Buy = Callable[..., Any]
Run = Callable[[], int]
SiteAs = Callable[[User], Client]

pytestmark = pytest.mark.django_db


@pytest.fixture
def late(
    subscribed: Buy, viewer: User, payments: Sandbox, run_jobs: Run, time_machine: Any
) -> Subscription:
    """Return a Basic subscription whose renewal has failed."""
    phone = subscribed(viewer, plan="BASIC")
    payments.pay(phone.get(f"{API}/portal").json()["portalUrl"], FAILS_LATER)
    time_passes(payments, time_machine, days=32)
    settle(payments, run_jobs)
    row = Subscription.objects.get()
    assert (row.status, bool(row.pay_url)) == ("PAST_DUE", True)
    return row


def _open_bills(payments: Sandbox) -> list[str]:
    customer = Subscription.objects.get().provider_customer_id
    return [item["id"] for item in payments.of("invoices", customer) if item["status"] == "open"]


def test_after_the_last_retry_the_bill_is_withdrawn_and_the_person_notified(
    late: Subscription, viewer: User, payments: Sandbox, run_jobs: Run, time_machine: Any,
    mailoutbox: list[Any], api_as: Any,
) -> None:  # fmt: skip
    bill = late.pay_url
    mailoutbox.clear()
    time_passes(payments, time_machine, days=22)
    settle(payments, run_jobs)
    late.refresh_from_db()
    assert (late.status, late.pay_url) == ("CANCELED", "")
    assert api_as(viewer).get(f"{API}/status").json()["payUrl"] == ""
    assert _open_bills(payments) == []
    assert "withdrawn" in payments.pay(bill).text
    settle(payments, run_jobs)
    assert sum(LedgerEntry.objects.values_list("amount_minor", flat=True)) == 299
    (mail,) = mailoutbox
    assert mail.subject == "Your plan has ended"
    assert "could not collect" in mail.body
    newest = Notification.objects.filter(user=viewer).latest("created_at")
    assert newest.title == "Your plan has ended"


def test_an_old_bill_paid_after_the_end_is_refunded_and_listed(
    late: Subscription, viewer: User, payments: Sandbox, run_jobs: Run, time_machine: Any,
    mailoutbox: list[Any],
) -> None:  # fmt: skip
    """The person pays in the seconds before the bill is withdrawn."""
    bill = late.pay_url
    time_passes(payments, time_machine, days=22)
    payments.pay(bill)
    mailoutbox.clear()
    settle(payments, run_jobs)
    late.refresh_from_db()
    assert late.status == "CANCELED"
    assert Payment.objects.latest("paid_at").status == "REFUNDED"
    assert sum(LedgerEntry.objects.values_list("amount_minor", flat=True)) == 299
    assert Discrepancy.objects.get(kind="PAID_AFTER_END").resolved_at is None
    (mail,) = [mail for mail in mailoutbox if "refunded" in mail.subject]
    assert "for a plan that had ended" in mail.body


@pytest.mark.parametrize("by", ["api", "page"])
def test_canceled_with_an_open_bill_it_ends_now_on_every_page(
    late: Subscription, viewer: User, payments: Sandbox, run_jobs: Run, api_as: Any,
    site_as: SiteAs, mailoutbox: list[Any], by: str,
) -> None:  # fmt: skip
    phone = api_as(viewer)
    site = site_as(viewer)
    mailoutbox.clear()
    confirmation = site.get("/account/billing/cancel").content.decode()
    assert "ends immediately" in confirmation
    if by == "api":
        status = phone.post(f"{API}/cancel").json()
    else:
        answer = site.post("/account/billing/cancel")
        assert redirect_of(answer) == ("/account/billing", NOTES["ended"])
        status = phone.get(f"{API}/status").json()
    assert (status["status"], status["plan"], status["payUrl"]) == ("CANCELED", "FREE", "")
    page = site.get("/account/billing").content.decode()
    assert "plan has ended" in page
    for untrue in ("stay open", "Pay the open bill", "Canceled:"):
        assert untrue not in page
    settle(payments, run_jobs)
    assert _open_bills(payments) == []
    (there,) = payments.of("subscriptions", late.provider_customer_id)
    assert there["status"] == "canceled"
    (mail,) = mailoutbox
    assert mail.subject == "Your plan has ended"
    assert "You canceled your Basic plan" in mail.body
    assert phone.post(f"{API}/cancel").status_code == 409
    assert (
        phone.post(f"{API}/checkout", {"plan": "BASIC"})
        .json()["sessionUrl"]
        .startswith(f"{payments.url}/c/pay/")
    )


def test_closing_an_account_withdraws_an_open_bill(
    late: Subscription, viewer: User, payments: Sandbox, run_jobs: Run, api_as: Any, password: str
) -> None:
    answer = api_as(viewer).delete("/api/v1/users/account", {"password": password})
    assert answer.status_code == 202
    settle(payments, run_jobs)
    assert _open_bills(payments) == []
    late.refresh_from_db()
    assert late.status == "CANCELED"


# ── Signed events, without a provider that answers ───────────────────────────────────────


@pytest.fixture
def deliver(viewer: User, stripe_settings: Any, run_jobs: Run) -> Callable[..., Subscription]:
    """Return a function that posts events, runs the jobs and returns the row."""
    secret = stripe_settings.STRIPE_WEBHOOK_SECRET[0]
    Subscription.objects.create(user=viewer, provider="stripe", provider_customer_id="cus_1")

    def deliver_events(*events: Any) -> Subscription:
        for sent in events:
            assert post_event(sent, secret=secret).status_code == 200
            run_jobs()
        return Subscription.objects.get()

    return deliver_events


def _updated(at: int, **changes: Any) -> Any:
    data = objects.subscription(**changes)
    return event("customer.subscription.updated", data, at=at)


def _seconds(**ago: float) -> int:
    return int((timezone.now() - timedelta(**ago)).timestamp())


@pytest.mark.parametrize("swapped", [False, True])
def test_grace_is_given_once_for_a_debt_however_many_months_it_lasts(
    deliver: Any, viewer: User, swapped: bool
) -> None:
    """Stripe is configured to leave subscriptions past due, so the next month is unpaid as well."""
    first = _seconds(days=32)
    second = first + MONTH
    events = [
        _updated(first + 5, status="past_due", start=first),
        _updated(second + 5, status="past_due", start=second),
    ]
    row = deliver(*(reversed(events) if swapped else events))
    assert row.status == "PAST_DUE"
    assert held_plan(viewer.pk).plan == "FREE"
    (listed,) = users_with_plan(User.objects.filter(pk=viewer.pk), timezone.now())
    assert listed.plan_now == "FREE"  # type: ignore[attr-defined]


def test_a_new_debt_after_a_paid_month_has_its_own_grace(deliver: Any, viewer: User) -> None:
    first = _seconds(days=62)
    deliver(
        _updated(first + 5, status="past_due", start=first),
        _updated(first + 90, status="active", start=first),
        _updated(first + MONTH + 5, status="active", start=first + MONTH),
        _updated(first + 2 * MONTH + 5, status="past_due", start=first + 2 * MONTH),
    )
    assert held_plan(viewer.pk).plan == "PREMIUM"


def test_the_oldest_open_bill_determines_the_age_of_the_debt(deliver: Any, viewer: User) -> None:
    """Only the bill of the first month is known."""
    first = _seconds(days=32)
    bill = objects.invoice(status="open", created=first)
    deliver(
        event("invoice.payment_failed", bill, at=first + 5),
        _updated(first + MONTH + 5, status="past_due", start=first + MONTH),
    )
    assert held_plan(viewer.pk).plan == "FREE"


def test_a_draft_after_an_open_bill_does_not_hide_it(
    deliver: Any, viewer: User, site_as: SiteAs
) -> None:
    start = _seconds(days=1)
    row = deliver(
        _updated(start, status="unpaid", start=start),
        event("invoice.finalized", objects.invoice(status="open", created=start), at=start + 1),
        event("invoice.created", objects.invoice(id="in_2", status="draft", created=start + 9,
              hosted_invoice_url=None), at=start + 9),
        _updated(start + 10, status="unpaid", start=start, latest_invoice="in_2"),
    )  # fmt: skip
    assert (row.status, row.pay_url) == ("UNPAID", "https://invoice.stripe.com/i/x")
    page = site_as(viewer).get("/account/billing").content.decode()
    assert 'href="https://invoice.stripe.com/i/x"' in page


def test_without_an_open_bill_the_page_explains_the_next_step(
    deliver: Any, viewer: User, site_as: SiteAs
) -> None:
    start = _seconds(days=1)
    deliver(_updated(start, status="unpaid", start=start))
    page = site_as(viewer).get("/account/billing").content.decode()
    assert "You have no bill to pay right now" in page
    assert "Change my card" in page


def test_a_paused_plan_is_shown_as_paused_and_can_be_canceled(
    deliver: Any, viewer: User, site_as: SiteAs, api_as: Any
) -> None:
    start = _seconds(days=1)
    row = deliver(_updated(start, status="paused", start=start))
    assert row.status == "PAUSED"
    assert held_plan(viewer.pk).plan == "FREE"
    assert api_as(viewer).get(f"{API}/status").json()["status"] == "PAUSED"
    site = site_as(viewer)
    page = site.get("/account/billing").content.decode()
    assert "Your plan is paused" in page
    assert "payment failed" not in page
    site.post("/account/billing/cancel")
    row.refresh_from_db()
    assert row.status == "CANCELED"
    assert ProviderCommand.objects.get().kind == "END"


def test_a_bill_is_withdrawn_for_an_end_known_only_from_an_event(deliver: Any) -> None:
    start = _seconds(days=1)
    deliver(
        _updated(start, status="past_due", start=start),
        event("invoice.finalized", objects.invoice(status="open", created=start), at=start),
        event("customer.subscription.deleted", objects.subscription(
            status="canceled", start=start, ended_at=start + 60), at=start + 60),
    )  # fmt: skip
    assert list(ProviderCommand.objects.values_list("kind", "object_id")) == [("VOID", "in_1")]


def test_canceled_at_the_payment_service_while_a_bill_is_open_it_ends_as_well(
    late: Subscription, payments: Sandbox, run_jobs: Run, site_as: SiteAs, viewer: User,
    api_as: Any, time_machine: Any,
) -> None:  # fmt: skip
    """The portal cancels at the end of the period, which was never paid."""
    phone = api_as(viewer)
    browser = site_as(viewer)
    # Versions of one second are in doubt and fetched again later (`billing.sync.versions`).
    time_passes(payments, time_machine, seconds=5)
    portal = phone.get(f"{API}/portal").json()["portalUrl"]
    payments.pay(portal, "", do="cancel", subscription=late.provider_subscription_id)
    settle(payments, run_jobs)
    page = browser.get("/account/billing").content.decode()
    for untrue in ("stay open", "stays open", "Pay the open bill", "Keep my plan"):
        assert untrue not in page
    status = phone.get(f"{API}/status").json()
    assert (status["status"], status["plan"], status["payUrl"]) == ("CANCELED", "FREE", "")
    assert _open_bills(payments) == []


def test_a_subscription_that_has_already_ended_is_not_a_refusal(
    subscribed: Buy, viewer: User, payments: Sandbox, run_jobs: Run
) -> None:
    """Two commands, or a command and the portal, act at the same moment."""
    subscribed(viewer, plan="BASIC")
    row = Subscription.objects.get()
    provider().end(row.provider_subscription_id, key="first")
    command_create(CommandKind.END, user=viewer, object_id=row.provider_subscription_id)
    settle(payments, run_jobs)
    row.refresh_from_db()
    assert row.status == "CANCELED"
    assert ProviderCommand.objects.get(kind=CommandKind.END).state == CommandState.DONE
    assert not Discrepancy.objects.filter(kind=DiscrepancyKind.ORDER_REFUSED).exists()


def test_a_late_mail_about_a_plan_that_has_ended_is_not_sent(viewer: User) -> None:
    row = Subscription(user=viewer, plan="BASIC", cancel_at_period_end=True)
    notice = Notice(user=viewer, kind="cancellation")
    for status, is_sent in (("ACTIVE", True), ("CANCELED", False), ("PAST_DUE", False)):
        row.status = status
        assert bool(cancellation(viewer, row, notice)) is is_sent
