"""Cost of billing: CPU seconds of webhooks, of their jobs, and of an entitlement check.

    python bench/webhooks.py [--customers 100]

It starts a private stack. Sixteen signed events of each customer are posted to the endpoint through
Django's own handler, then processed by a worker's loop in this process. CPU is that of this process
and of the database.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psutil

from dev.stack import test_stacks

SHOP = {
    "ALLOWED_HOSTS": "testserver",
    "STRIPE_SECRET_KEY": "sk_test_bench",
    "STRIPE_WEBHOOK_SECRET": "whsec_bench",
    "STRIPE_PRICE_BASIC": "price_basic",
    "STRIPE_PRICE_PREMIUM": "price_premium",
}


OBJECT_IDS = (
    "sub_1", "ch_1", "in_1", "inpay_1", "pi_1", "ch_2", "in_2", "inpay_2", "pi_2", "cs_test_1",
    "evt_",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--customers", type=int, default=100)
    options = parser.parse_args()
    with test_stacks.environ_for_tests({}) as environ:
        os.environ.update(environ, **SHOP, DJANGO_SETTINGS_MODULE="kushfilms.settings")
        measure(options.customers)


def measure(customers: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    events = [event for number in range(customers) for event in life_of(number)]
    post = sender()
    with costs("webhooks verified, stored, answered", len(events)):
        for event in events:
            post(event)
    with costs("jobs: mirror, projection, ledger, e-mails", len(events)):
        work()
    check()


def life_of(number: int) -> Iterator[dict[str, Any]]:
    """Yield the events of a subscriber who renews and cancels, with unique ids."""
    from accounts.models import User
    from billing.models import Subscription
    from billing.tests.objects import life

    user = User.objects.create(email=f"p{number}@kush.test", name=f"P{number}")
    customer = f"cus_bench{number}"
    Subscription.objects.create(user=user, provider="stripe", provider_customer_id=customer)
    for event in life(["renew", "cancel"]).events:
        text = json.dumps(event).replace("cus_1", customer)
        for object_id in OBJECT_IDS:
            text = text.replace(f'"{object_id}', f'"{object_id}_{number}_')
        yield json.loads(text)


def sender() -> Callable[[dict[str, Any]], None]:
    """Return a function that posts an event with one client, because a new one loads middleware."""
    from django.test import Client

    from tests.payments import WEBHOOK, signed

    client = Client()

    def post(event: dict[str, Any]) -> None:
        body = json.dumps(event).encode()
        headers = {"Stripe-Signature": signed(body, secret=SHOP["STRIPE_WEBHOOK_SECRET"])}
        answer = client.post(WEBHOOK, body, content_type="application/json", headers=headers)
        assert answer.status_code == 200, answer.content

    return post


def work() -> None:
    from billing.models import ProviderEvent
    from kushfilms.core.jobs import job_run_next
    from kushfilms.core.models import JobLane

    while job_run_next(JobLane.QUICK):
        pass
    states = set(ProviderEvent.objects.values_list("state", flat=True))
    assert states == {"DONE"}, states


def check() -> None:
    """Measure the check of a person's plan, cold from the database and warm from the cache."""
    from django.core.cache import cache
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from accounts.auth.principal import principal_get
    from accounts.models import Session, SessionKind, User

    later = timezone.now() + timedelta(days=1)
    user = User.objects.get(email="p0@kush.test")
    session = Session.objects.create(user=user, kind=SessionKind.API, expires_at=later)
    cache.clear()
    for name in ("cold", "warm"):
        with CaptureQueriesContext(connection) as queries:
            principal = principal_get(session.pk)
        assert principal is not None
        assert principal.plan_at(timezone.now()) == "PREMIUM"
        print(f"entitlement check, {name}: {len(queries)} queries")
    with costs("entitlement check, warm", 1000):
        for _ in range(1000):
            principal_get(session.pk)


@contextmanager
def costs(what: str, calls: int) -> Iterator[None]:
    before = cpu()
    began = time.monotonic()
    yield
    spent = cpu() - before
    wall = time.monotonic() - began
    print(f"{what}: {calls} in {wall:.1f} s, {calls / spent:.0f} a CPU second")


def cpu() -> float:
    """Return the CPU seconds of this process and of the servers it started."""
    this_process = psutil.Process()
    every = [this_process, *this_process.children(recursive=True)]
    return sum(sum(process.cpu_times()[:2]) for process in every)


if __name__ == "__main__":
    main()
