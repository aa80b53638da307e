"""Two checkouts lead to one charge, or to an automatic refund, for any order of webhooks."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from accounts.auth.principal import held_plan
from accounts.models import User
from billing.models import Checkout, Payment, Plan, Subscription
from billing.providers.base import CheckoutRequest, Page, PageState
from billing.providers.stripe import StripeProvider
from billing.services import checkouts
from billing.tests.steps import settle, time_passes
from tests.payments import Sandbox

CHECKOUT = "/api/v1/subscriptions/checkout"
Run = Callable[[], int]

pytestmark = pytest.mark.django_db(transaction=True)


def _page(phone: Any, plan: str) -> str:
    url: str = phone.post(CHECKOUT, {"plan": plan}).json()["sessionUrl"]
    return url


def _charged(payments: Sandbox) -> list[int]:
    customer = Subscription.objects.get().provider_customer_id
    charges = payments.of("charges", customer)
    return [item["amount"] - item["amount_refunded"] for item in charges if item["paid"]]


@pytest.mark.parametrize("days", [0, 0.5, 3])
def test_another_plan_before_the_webhook_leads_to_the_paid_checkout(
    payments: Sandbox, viewer: User, api_as: Any, site_as: Any, run_jobs: Run, time_machine: Any,
    days: float,
) -> None:  # fmt: skip
    payments.pay(_page(api_as(viewer), "PREMIUM"))
    time_passes(payments, time_machine, days=days)
    answer = site_as(viewer).post("/subscribe", {"plan": "BASIC"})
    session = Checkout.objects.order_by("created_at").first().provider_session_id  # type: ignore[union-attr]
    assert answer.headers["Location"].endswith(f"/subscribe/done?session={session}")
    run_jobs()  # no event at all
    assert _charged(payments) == [499]
    assert held_plan(viewer.pk).plan == "PREMIUM"
    assert "Your films are open" in site_as(viewer).get(
        f"/subscribe/done?session={session}").content.decode()  # fmt: skip


def test_an_unknown_subscription_prevents_a_second_one(
    payments: Sandbox, viewer: User, api_as: Any, run_jobs: Run
) -> None:
    """The session's event has arrived, the subscription's has not."""
    phone = api_as(viewer)
    payments.pay(_page(phone, "BASIC"))
    Checkout.objects.update(state="DONE")
    assert _page(phone, "PREMIUM").startswith(f"{payments.url}/p/session/")
    assert held_plan(viewer.pk).plan == "BASIC"
    assert _charged(payments) == [299]


@pytest.fixture
def all_open_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every request open its page before any of them saves it."""
    together = Barrier(8)
    remember = checkouts._remember

    def wait(checkout: Checkout, page: Page) -> bool:
        together.wait(timeout=60)
        return remember(checkout, page)

    monkeypatch.setattr(checkouts, "_remember", wait)


def _eight(phone: Any) -> list[str]:
    """Return the addresses for eight simultaneous requests with alternating plans."""

    def ask(plan: str) -> str:
        try:
            return str(phone.post(CHECKOUT, {"plan": plan}).json().get("sessionUrl", ""))
        finally:
            connection.close()

    plans = list(islice(cycle(["PREMIUM", "BASIC"]), 8))
    with ThreadPoolExecutor(8) as pool:
        return [page for page in pool.map(ask, plans) if page]


@pytest.fixture
def each_has_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let eight claims happen one after the other, before any page opens."""
    together = Barrier(8)
    claim = checkouts._claim

    def wait(user: User, **more: Any) -> tuple[Checkout, str]:
        claimed = claim(user, **more)
        together.wait(timeout=60)
        return claimed

    monkeypatch.setattr(checkouts, "_claim", wait)


def _payable(payments: Sandbox, pages: list[str]) -> int:
    """Return how many of the pages accept a payment."""
    answers = [payments.pay(page) for page in dict.fromkeys(pages)]
    return sum(answer.status_code == 303 for answer in answers)


def test_of_eight_at_once_one_page_can_be_paid(
    payments: Sandbox, viewer: User, api_as: Any, run_jobs: Run, each_has_its_own: None,
    all_open_at_once: None,
) -> None:  # fmt: skip
    pages = _eight(api_as(viewer))
    assert Checkout.objects.filter(state="OPEN").count() == 1
    assert _payable(payments, pages) == 1
    settle(payments, run_jobs)
    assert len(_charged(payments)) == 1


def test_without_the_check_of_the_row_several_are_paid_and_refunded(
    payments: Sandbox, viewer: User, api_as: Any, run_jobs: Run, each_has_its_own: None,
    all_open_at_once: None, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Control: the row is not checked again. The refund is the second safeguard."""
    remember = checkouts._remember
    monkeypatch.setattr(
        checkouts, "_remember", lambda checkout, page: remember(checkout, page) or True
    )
    pages = _eight(api_as(viewer))
    assert _payable(payments, pages) > 1
    settle(payments, run_jobs)
    charged = [amount for amount in _charged(payments) if amount]
    assert len(charged) == 1
    assert Payment.objects.filter(status="SUCCEEDED").count() == 1
    statuses = [item["status"] for item in payments.of(
        "subscriptions", Subscription.objects.get().provider_customer_id)]  # fmt: skip
    assert statuses.count("active") == 1


def test_a_page_paid_while_it_is_closed_counts_as_paid(
    payments: Sandbox, viewer: User, api_as: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The person pays between the check of a page and its closing."""
    page = _page(api_as(viewer), "BASIC")
    session = Checkout.objects.get().provider_session_id
    from stripe.checkout._session_service import SessionService

    expire = SessionService.expire

    def paid_first(self: Any, *args: Any, **more: Any) -> Any:
        payments.pay(page)
        return expire(self, *args, **more)

    monkeypatch.setattr(SessionService, "expire", paid_first)
    assert StripeProvider().checkout_close(session) == PageState.COMPLETE


def test_a_double_charge_found_by_two_events_is_refunded_once(
    payments: Sandbox, subscribed: Any, viewer: User, run_jobs: Run
) -> None:
    from kushfilms.core.jobs import job_run_next
    from kushfilms.core.models import JobLane

    subscribed(viewer, plan="BASIC")
    row = Subscription.objects.get()
    checkout_request = CheckoutRequest(
        key=f"two-{viewer.pk}", customer_id=row.provider_customer_id, user_id=str(viewer.pk),
        plan=Plan.PREMIUM, trial_days=0, expires_at=2**31, success_url="http://x",
        cancel_url="http://x",
    )  # fmt: skip
    payments.advance(seconds=1)
    payments.pay(StripeProvider().checkout_open(checkout_request).url)
    payments.deliver()
    start = Barrier(4)

    def work(_number: int) -> None:
        start.wait(timeout=60)
        while job_run_next(JobLane.QUICK):
            pass
        connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    settle(payments, run_jobs)
    assert sorted(_charged(payments)) == [0, 299]
    assert Payment.objects.get(status="REFUNDED").refunded_minor == 499
