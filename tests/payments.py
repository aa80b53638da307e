"""Payment sandbox in tests: its process, clock, cards and events."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from django.test import Client

from accounts.models import User
from dev.stack import keys, ports, sandbox, test_stacks, wait
from dev.stack.child import Child
from dev.stack.environment import Site

WEBHOOK = "/api/webhooks/stripe"
PAYS, DECLINED, ASKS = "4242424242424242", "4000000000000002", "4000000000003220"
FAILS_LATER = "4000000000000341"
DAY = 86_400


def signed(payload: bytes, *, secret: str, at: int | None = None) -> str:
    at = int(time.time()) if at is None else at
    digest = hmac.new(secret.encode(), b"%d.%s" % (at, payload), hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def post_event(event: Any, *, secret: str, at: int | None = None) -> Any:
    """Return an event as Stripe sends it."""
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    headers = {"Stripe-Signature": signed(body, secret=secret, at=at)}
    return Client().post(WEBHOOK, body, content_type="application/json", headers=headers)


class Sandbox:
    """The payment service in a test."""

    def __init__(self, url: str, *, secret: str) -> None:
        self.url, self.secret = url, secret
        self.ahead = 0  # of its clock before ours, in seconds
        self._seen = len(self.events(0))

    def config(self, name: str, **data: Any) -> Any:
        answer = requests.post(f"{self.url}/_config/{name}", json=data, timeout=10)
        assert answer.ok, answer.text
        return answer.json()

    def advance(self, *, days: float = 0, seconds: int = 0) -> None:
        """Advance the sandbox's clock; the test's own moves with `time_machine`."""
        seconds += int(days * DAY)
        self.ahead += seconds
        self.config("advance", seconds=seconds)

    def pay(self, page: str, card: str = PAYS, **more: str) -> requests.Response:
        """Do what a person does on a page of the service."""
        form = {"card": card, **more}
        return requests.post(page, data=form, timeout=10, allow_redirects=False)

    def forget(self) -> None:
        """Empty the sandbox, as plans of other tests would renew when its clock advances."""
        auth = (sandbox.SECRET_KEY, "")
        answer = requests.delete(f"{self.url}/_config/data", auth=auth, timeout=10)
        assert answer.ok, answer.text

    def events(self, after: int) -> list[Any]:
        found = requests.get(f"{self.url}/_config/events?after={after}", timeout=10)
        events: list[Any] = found.json()["events"]
        return events

    def news(self) -> list[Any]:
        """Return the events since the last call."""
        found = self.events(self._seen)
        self._seen += len(found)
        return found

    def deliver(self) -> list[Any]:
        """Send these events to our webhook."""
        found = self.news()
        for event in found:
            assert post_event(event, secret=self.secret).status_code == 200
        return found

    def of(self, kind: str, customer: str = "") -> list[Any]:
        """Return objects of a sort, as the API describes them."""
        query = f"?customer={customer}&status=all" if customer else "?status=all"
        auth = (sandbox.SECRET_KEY, "")
        found = requests.get(f"{self.url}/v1/{kind}{query}", auth=auth, timeout=10)
        data: list[Any] = found.json()["data"]
        return data


@pytest.fixture(scope="session")
def sandbox_process() -> Iterator[dict[str, str]]:
    """Run one sandbox for all tests, in which customers are as separate as people."""
    secrets = keys.for_tests()
    environ = sandbox.variables(port=ports.pick(), site=Site(), keys=secrets, given={})
    environ["SANDBOX_WEBHOOK_URL"] = ""  # tests fetch the events, or name a target
    with test_stacks.scratch_home() as home:
        child = Child(sandbox.command(environ), home=home)
        child.start()
        try:
            wait.until(lambda: _answers(environ["STRIPE_API_HOST"]), child=child)
            yield environ
        finally:
            child.stop()


def _answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/healthz", timeout=1).ok
    except requests.ConnectionError:
        return False


@pytest.fixture
def stripe_settings(settings: Any) -> Any:
    """Set keys and prices without a service."""
    settings.STRIPE_SECRET_KEY = sandbox.SECRET_KEY
    settings.STRIPE_WEBHOOK_SECRET = [keys.for_tests()["STRIPE_WEBHOOK_SECRET"]]
    settings.STRIPE_PRICE_BASIC = ["price_basic"]
    settings.STRIPE_PRICE_PREMIUM = ["price_premium"]
    settings.STRIPE_API_HOST = "http://127.0.0.1:9"  # the discard port: nobody listens
    return settings


@pytest.fixture
def payments(sandbox_process: dict[str, str], stripe_settings: Any) -> Iterator[Sandbox]:
    """Return the sandbox, and reset its clock afterwards, as all tests share the process."""
    stripe_settings.STRIPE_API_HOST = sandbox_process["STRIPE_API_HOST"]
    secret = sandbox_process["STRIPE_WEBHOOK_SECRET"]
    service = Sandbox(sandbox_process["STRIPE_API_HOST"], secret=secret)
    yield service
    service.advance(seconds=-service.ahead)
    service.forget()


@pytest.fixture
def subscribed(
    payments: Sandbox, api_as: Callable[[User], Any], run_jobs: Callable[[], int]
) -> Callable[..., Any]:
    """Return a function that buys a plan and returns the client, with all events processed."""

    def buy(user: User, *, plan: str = "PREMIUM", card: str = PAYS, **more: str) -> Any:
        client = api_as(user)
        page = client.post("/api/v1/subscriptions/checkout", {"plan": plan}).json()["sessionUrl"]
        payments.pay(page, card, **more)
        payments.deliver()
        run_jobs()
        return client

    return buy
