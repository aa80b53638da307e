"""A subscription's whole life in a browser: the wall, paying, watching, leaving, the wall."""

import threading
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.auth.principal import held_plan
from accounts.models import User
from billing.models import Payment, Subscription
from catalog.models import Movie
from kushfilms.core.jobs import job_run_next
from kushfilms.core.models import JobLane
from tests.browser.conftest import Viewer
from tests.browser.test_controls import axe
from tests.payments import ASKS, DECLINED, PAYS, WEBHOOK, Sandbox

PHONE = 360


@pytest.fixture
def worker(transactional_db: None) -> Iterator[None]:
    """Run background jobs as they come, like the site's worker."""
    over = threading.Event()

    def work() -> None:
        while not over.is_set():
            if not any(job_run_next(lane) for lane in JobLane):
                over.wait(0.03)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    over.set()
    thread.join(30)


@pytest.fixture
def shop(payments: Sandbox, live_server: Any, settings: Any, worker: None) -> Iterator[Sandbox]:
    """Return the sandbox, with its webhooks sent to the site under test."""
    settings.FRONTEND_URL = live_server.url
    policy = deepcopy(settings.CONTENT_SECURITY_POLICY)
    policy["DIRECTIVES"]["form-action"] += [payments.url]
    settings.CONTENT_SECURITY_POLICY = policy
    payments.config("target", url=f"{live_server.url}{WEBHOOK}")
    yield payments
    payments.config("target", url="")


def _pay(page: Page, card: str) -> None:
    """Pay on the payment service's page."""
    page.check(f"input[value='{card}']")
    page.get_by_role("button", name="Pay").click()


def _fits(viewer: Viewer) -> None:
    assert axe(viewer.page) == []
    assert viewer.page.evaluate("document.documentElement.scrollWidth") <= PHONE


def test_the_whole_story(
    film: Movie, person: Callable[..., User], at_browser: Callable[..., Viewer], shop: Sandbox,
    time_machine: Any, tmp_path: Path,
) -> None:  # fmt: skip
    Movie.objects.update(access_level="PREMIUM")
    user = person()
    viewer = at_browser(user)
    page = viewer.page

    def picture(name: str) -> None:
        page.screenshot(path=tmp_path / f"{name}.png", full_page=True)

    # A free viewer meets the wall, and finds the plans behind it.
    viewer.watch(film)
    expect(page.locator("main")).to_contain_text("needs a Premium plan")
    picture("1-wall")
    page.get_by_role("link", name="See the plans").click()
    _fits(viewer)
    picture("2-plans")
    page.get_by_role("button", name="Get Premium").click()

    # A card that is declined, then one that asks the bank, which says yes.
    picture("3-checkout")
    _pay(page, DECLINED)
    expect(page.get_by_role("alert")).to_contain_text("declined")
    shop.advance(seconds=1)  # the service counts in seconds: two charges of one have no order
    _pay(page, ASKS)
    viewer.complaints.clear()  # the wall's own 403
    paid_at = timezone.now()
    page.get_by_role("button", name="Yes, it is me").click(no_wait_after=True)
    page.wait_for_url("**/subscribe/done?**")
    _until(lambda: held_plan(user.pk).plan == "PREMIUM")
    viewer.watch(film)
    viewer.wait_past(0.1)
    print(f"\npaid to playing: {(timezone.now() - paid_at).total_seconds():.2f} s")  # noqa: T201
    picture("4-watching")
    page.goto(f"{viewer.base_url}/account/billing")
    expect(page.locator(".receipt")).to_contain_text(["USD 4.99", "Failed"])
    _fits(viewer)
    picture("5-billing")

    # Canceled, and still watching.
    page.get_by_role("link", name="Cancel my plan").click()
    expect(page.locator("main")).to_contain_text("Premium stays open until")
    _fits(viewer)
    picture("6-cancel")
    page.get_by_role("button", name="Cancel my plan").click()
    expect(page.locator(".toast")).to_contain_text("Your plan is canceled")
    _fits(viewer)
    picture("7-canceled")
    viewer.watch(film)
    viewer.wait_past(1)
    page.goto(f"{viewer.base_url}/account/billing")  # nothing plays while the clock moves
    _until(lambda: shop.of("subscriptions", _customer(user))[0]["cancel_at_period_end"])
    assert viewer.complaints == []

    # The clock moves past the period, and the wall is back.
    end = Subscription.objects.get(user=user).current_period_end
    assert end is not None
    ahead = end + timedelta(minutes=1) - timezone.now()
    time_machine.move_to(end + timedelta(minutes=1))
    shop.advance(seconds=int(ahead.total_seconds()))
    later = at_browser(user)
    later.watch(film)
    expect(later.page.locator("main")).to_contain_text("needs a Premium plan")
    _until(lambda: Subscription.objects.get(user=user).status == "CANCELED")
    later.page.goto(f"{later.base_url}/account/billing")
    expect(later.page.locator("main")).to_contain_text("Your Premium plan has ended")
    statuses = Payment.objects.order_by("paid_at").values_list("status", flat=True)
    assert sorted(statuses) == ["FAILED", "SUCCEEDED"]


def _customer(user: User) -> str:
    return Subscription.objects.get(user=user).provider_customer_id


def _until(true: Callable[[], Any], *, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.05)


def test_returning_before_the_webhook(
    person: Callable[..., User], at_browser: Callable[..., Viewer], shop: Sandbox
) -> None:
    """Return without webhook and JavaScript: the page shows it, and checks on request."""
    shop.config("target", url="")
    user = person()
    viewer = at_browser(None, java_script_enabled=False)
    viewer.sign_in(user)
    page = viewer.page
    page.goto(f"{viewer.base_url}/subscribe")
    page.get_by_role("button", name="Get Basic").click()
    _pay(page, PAYS)
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirming your payment")
    assert not Payment.objects.exists()
    page.get_by_role("button", name="I've paid, check again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Karibu! Your films are open")
    _until(Payment.objects.exists)  # the page opens with the subscription, the receipt follows
    assert Payment.objects.get().amount_minor == 299


def test_paying_while_the_service_is_away(
    person: Callable[..., User], at_browser: Callable[..., Viewer], stripe_settings: Any
) -> None:
    viewer = at_browser(person())
    page = viewer.page
    page.goto(f"{viewer.base_url}/subscribe")
    with page.expect_response("**/subscribe") as answered:
        page.get_by_role("button", name="Get Basic").click()
    assert answered.value.status == 503
    assert answered.value.headers["retry-after"] == "60"
    expect(page.locator("main")).to_contain_text("You were not charged")
