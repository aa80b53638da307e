"""Steps shared by tests of billing."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

from django.test import Client
from django.utils import timezone

from billing.models import Payment
from tests.messages import redirect_of
from tests.payments import Sandbox

Run = Callable[[], int]
HIDDEN = re.compile(r'<input type="hidden"\s+name="(\w+)"\s+value="([^"]*)"')


def settle(payments: Sandbox, run_jobs: Run) -> None:
    """Deliver every event and run every job, until both sides are idle."""
    while run_jobs() + len(payments.deliver()):
        pass


def time_passes(payments: Sandbox, time_machine: Any, *, days: float = 0, seconds: int = 0) -> None:
    """Advance both clocks, the provider's and the site's."""
    payments.advance(days=days, seconds=seconds)
    time_machine.move_to(timezone.now() + timedelta(days=days, seconds=seconds))


def refund(staff_site: Client, payment: Payment, **form: str) -> str:
    """Request a refund in the admin area and confirm it; return the last page."""
    page = f"/admin/billing/payment/{payment.pk}/refund/"
    form = {"reason": "Asked", **form}
    confirmation = staff_site.post(page, form, follow=True).content.decode()
    confirm = re.search(r'name="confirm"\s+value="(\d+)"', confirmation)
    if confirm is None:
        return confirmation
    return staff_site.post(page, {**form, "confirm": confirm[1]}, follow=True).content.decode()


def confirm_change(site: Client, verb: str, **query: str) -> tuple[str, tuple[str, Any]]:
    """Open a confirmation and press its button; return the page, the redirect and its message."""
    url = f"/account/billing/{verb}"
    confirmation = site.get(url, query).content.decode()
    form = confirmation[confirmation.index(f'action="{url}"') :]
    fields = {name: unescape(value) for name, value in HIDDEN.findall(form)}
    fields.pop("csrfmiddlewaretoken", None)
    return confirmation, redirect_of(site.post(url, fields))
