"""Sandbox after its clock was moved, and its lifetime of pages."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from accounts.auth.principal import held_plan
from accounts.models import User
from billing.models import Checkout, Subscription
from tests.payments import Sandbox

CHECKOUT = "/api/v1/subscriptions/checkout"
Run = Callable[[], int]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("days", [1, 32])
def test_after_its_clock_went_on_one_can_still_buy(
    payments: Sandbox, viewer: User, api_as: Any, run_jobs: Run, days: int
) -> None:
    payments.advance(days=days)  # ours stays
    page = api_as(viewer).post(CHECKOUT, {"plan": "BASIC"}).json()["sessionUrl"]
    assert payments.pay(page).status_code == 303
    payments.deliver()
    run_jobs()
    assert held_plan(viewer.pk).plan == "BASIC"
    assert Subscription.objects.get().status == "ACTIVE"


def test_a_page_runs_out_by_its_clock(payments: Sandbox, viewer: User, api_as: Any) -> None:
    page = api_as(viewer).post(CHECKOUT, {"plan": "BASIC"}).json()["sessionUrl"]
    payments.advance(seconds=32 * 60)
    assert "expired" in payments.pay(page).text
    assert Checkout.objects.get().state == "OPEN"


def test_both_clocks_moved_together_leave_a_page_its_half_hour(
    payments: Sandbox, viewer: User, api_as: Any, time_machine: Any
) -> None:
    from django.utils import timezone

    payments.advance(days=40)
    time_machine.move_to(timezone.now() + timedelta(days=40))
    page = api_as(viewer).post(CHECKOUT, {"plan": "BASIC"}).json()["sessionUrl"]
    payments.advance(seconds=1740)
    assert payments.pay(page).status_code == 303
