"""Webhook: accepted signatures, stored events, and their effects."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from djstripe.settings import djstripe_settings

from accounts.models import User
from billing.models import (
    Discrepancy,
    LedgerEntry,
    Payment,
    ProviderEvent,
    Subscription,
)
from billing.sync import apply
from billing.sync.apply import event_apply
from billing.sync.mirror import MODELS
from billing.tests import objects
from billing.tests.objects import START, VERSION, event
from dev.stripe_sandbox.store import API_VERSION
from kushfilms.core.models import Job
from tests.payments import WEBHOOK, post_event, signed

Run = Callable[[], int]
YEAR = 31_536_000

pytestmark = pytest.mark.django_db


@pytest.fixture
def secret(stripe_settings: Any) -> str:
    secret: str = stripe_settings.STRIPE_WEBHOOK_SECRET[0]
    return secret


@pytest.fixture
def paying(viewer: User) -> Subscription:
    """Return a subscription with a customer without any events."""
    return Subscription.objects.create(user=viewer, provider="stripe", provider_customer_id="cus_1")


def _post(body: bytes, signature: str | None) -> Any:
    headers = {"Stripe-Signature": signature} if signature is not None else {}
    return Client().post(WEBHOOK, body, content_type="application/json", headers=headers)


BODY = json.dumps(event("charge.succeeded", objects.charge())).encode()


def test_wrong_missing_and_old_signatures_keep_nothing(secret: str) -> None:
    old = int(time.time()) - 301
    made = [
        signed(BODY, secret="whsec_other"),
        signed(BODY, secret=secret, at=old),
        signed(BODY + b" ", secret=secret),
    ]
    for signature in (None, "", "t=1,v1=00", "x" * 5000, *made):
        answer = _post(BODY, signature)
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_signature")
    assert not ProviderEvent.objects.exists()
    assert not Job.objects.exists()


def test_two_secrets_hold_while_one_is_rotated(stripe_settings: Any) -> None:
    stripe_settings.STRIPE_WEBHOOK_SECRET = ["whsec_new", "whsec_old"]
    for secret, status in (("whsec_old", 200), ("whsec_new", 200), ("whsec_gone", 400)):
        assert _post(BODY, signed(BODY, secret=secret)).status_code == status
    assert ProviderEvent.objects.count() == 1


def test_too_long_a_body_is_not_even_read(secret: str) -> None:
    body = b'{"pad": "' + b"x" * 600_000 + b'"}'
    answer = _post(body, signed(body, secret=secret))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert not ProviderEvent.objects.exists()


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b"null", b"\xff\xfe", b'{"id": "e", "type": "x", "created": 1e400}',
     b'{"id": 5, "type": "x", "created": 1, "data": {"object": {}}}',
     b'{"id": "e", "type": "x", "created": 99999999999999999999, "data": {"object": {}}}',
     b'{"id": "e", "type": "x", "created": 1, "data": {"object": []}}'],
)  # fmt: skip
def test_a_body_that_is_not_an_event_is_rejected(secret: str, body: bytes) -> None:
    assert _post(body, signed(body, secret=secret)).status_code == 400
    assert not ProviderEvent.objects.exists()


def test_an_event_of_an_unknown_kind_is_stored_and_done(secret: str, run_jobs: Run) -> None:
    strange = event("tax.settings.updated", {"id": "x\u0000y", "object": "tax.settings"})
    assert post_event(strange, secret=secret).status_code == 200
    run_jobs()
    assert ProviderEvent.objects.get().state == "DONE"


def test_a_replay_is_one_event(
    secret: str, paying: Subscription, run_jobs: Run, mailoutbox: list[Any]
) -> None:
    for _ in range(3):
        assert post_event(BODY, secret=secret).status_code == 200
        run_jobs()
    assert ProviderEvent.objects.count() == Payment.objects.count() == 1
    assert LedgerEntry.objects.count() == len(mailoutbox) == 1


def test_a_year_old_event_changes_nothing(secret: str, paying: Subscription, run_jobs: Run) -> None:
    now = objects.subscription()
    then = objects.subscription(status="past_due", start=START - YEAR)
    for data, at in ((now, START), (then, START - YEAR)):
        post_event(event("customer.subscription.updated", data, at=at), secret=secret)
        run_jobs()
    paying.refresh_from_db()
    assert paying.status == "ACTIVE"


def test_a_crash_between_keeping_and_reading_is_made_up_for(
    secret: str, paying: Subscription, run_jobs: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(_event: ProviderEvent) -> None:
        raise OSError("the power is gone")

    monkeypatch.setattr(apply, "event_apply", die)
    assert post_event(BODY, secret=secret).status_code == 200
    run_jobs()
    assert not Payment.objects.exists()
    monkeypatch.setattr(apply, "event_apply", event_apply)
    Job.objects.update(not_before=Job.objects.get().created_at)
    run_jobs()
    assert Payment.objects.count() == 1


def test_events_of_a_stranger_wait_until_we_know_them(
    secret: str, viewer: User, run_jobs: Run
) -> None:
    data = objects.subscription(metadata={})
    post_event(event("customer.subscription.created", data), secret=secret)
    post_event(BODY, secret=secret)
    run_jobs()
    assert not Payment.objects.exists()
    assert Discrepancy.objects.get().kind == "UNKNOWN_CUSTOMER"
    known = objects.subscription(metadata={"user": str(viewer.pk)})
    post_event(event("customer.subscription.updated", known, at=START + 5), secret=secret)
    run_jobs()
    assert Subscription.objects.get(user=viewer).plan == "PREMIUM"
    assert Payment.objects.get().user == viewer


def test_an_unknown_price_opens_nothing_and_is_listed(
    secret: str, paying: Subscription, run_jobs: Run
) -> None:
    odd = objects.subscription(price="price_of_another_shop", currency="eur")
    post_event(event("customer.subscription.created", odd), secret=secret)
    run_jobs()
    paying.refresh_from_db()
    assert paying.plan == "FREE"
    assert set(Discrepancy.objects.values_list("kind", flat=True)) == {"UNKNOWN_PRICE", "CURRENCY"}
    right = objects.subscription()
    post_event(event("customer.subscription.updated", right, at=START + 5), secret=secret)
    run_jobs()
    assert not Discrepancy.objects.filter(resolved_at=None).exists()


def test_an_unreadable_event_fails_and_can_be_retried(
    secret: str, paying: Subscription, run_jobs: Run, admin: User, site_as: Any
) -> None:
    broken = objects.charge()
    del broken["amount"]
    post_event(event("charge.succeeded", broken), secret=secret)
    run_jobs()
    failed = ProviderEvent.objects.get()
    assert (failed.state, "amount" in failed.last_error) == ("FAILED", True)
    staff_site = site_as(admin)
    page = "/admin/billing/providerevent/"
    assert "KeyError" in staff_site.get(page).content.decode()
    staff_site.post(page, {"action": "retry", "_selected_action": [str(failed.pk)]})
    failed.refresh_from_db()
    assert failed.state == "RECEIVED"
    run_jobs()
    failed.refresh_from_db()
    assert failed.state == "FAILED"


KINDS: dict[str, tuple[Callable[..., Any], str]] = {
    "customer": (objects.customer, "created updated deleted"),
    "customer.subscription": (
        objects.subscription,
        "created updated deleted paused resumed trial_will_end pending_update_applied "
        "pending_update_expired",
    ),
    "invoice": (
        objects.invoice,
        "created finalized paid payment_succeeded payment_failed payment_action_required updated "
        "voided marked_uncollectible",
    ),
    "invoice_payment": (objects.invoice_payment, "paid"),
    "charge": (objects.charge, "succeeded failed pending updated refunded captured expired"),
    "refund": (objects.refund, "created updated failed"),
    "charge.refund": (objects.refund, "updated"),
    "charge.dispute": (
        objects.dispute,
        "created updated closed funds_withdrawn funds_reinstated",
    ),
    "checkout.session": (
        objects.session,
        "completed expired async_payment_succeeded async_payment_failed",
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_handled_type_in_the_declared_version_reaches_the_mirror(
    secret: str, paying: Subscription, run_jobs: Run, kind: str
) -> None:
    make, verbs = KINDS[kind]
    for number, verb in enumerate(verbs.split()):
        data = make(metadata={"verb": verb})
        sent = event(f"{kind}.{verb}", data, at=START + number)
        assert sent["api_version"] == VERSION
        assert post_event(sent, secret=secret).status_code == 200
        run_jobs()
        row = MODELS[data["object"]].objects.get(id=data["id"])
        if sent["type"] == "customer.deleted":  # nothing of who was forgotten
            data = {"id": data["id"], "object": "customer", "deleted": True}
        assert row.stripe_data == data
    assert set(ProviderEvent.objects.values_list("state", flat=True)) == {"DONE"}


def test_the_sandbox_speaks_the_version_we_declare() -> None:
    assert API_VERSION == VERSION == djstripe_settings.DEFAULT_STRIPE_API_VERSION
