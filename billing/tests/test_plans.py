"""Page of the plans, and the plan that a person holds."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from billing.models import Plan
from billing.services.complimentary import subscription_end, subscription_grant

ME = "/api/v1/auth/me"


@pytest.mark.django_db
def test_the_page_names_prices_and_sells_nothing_yet(client: Client, settings: Any) -> None:
    settings.PLAN_PRICES = {"BASIC": 299, "PREMIUM": 1450}
    page = client.get("/subscribe").content.decode()
    assert "<strong>2.99</strong>" in page
    assert "<strong>14.50</strong>" in page
    assert page.count("Coming soon") == 2
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]


@pytest.mark.django_db
def test_it_marks_the_persons_plan(premium_viewer: User, site_as: Callable[[User], Client]) -> None:
    page = site_as(premium_viewer).get("/subscribe").content.decode()
    assert page.count("Your plan") == 1
    assert page.count("Coming soon") == 1


@pytest.mark.django_db(transaction=True)
def test_a_plan_counts_on_the_next_request(
    viewer: User, stranger: User, api_as: Callable[[User], APIClient]
) -> None:
    own_client = api_as(viewer)
    strangers_client = api_as(stranger)

    def plans() -> list[str]:
        return [
            client.get(ME).json()["subscription"]["plan"]
            for client in (own_client, strangers_client)
        ]

    assert plans() == ["FREE", "FREE"]
    subscription_grant(viewer, plan=Plan.BASIC, until=timezone.now() + timedelta(days=1))
    assert plans() == ["BASIC", "FREE"]
    subscription_end(viewer)
    assert plans() == ["FREE", "FREE"]


@pytest.mark.django_db
def test_a_plan_ends_by_itself_also_in_the_cache(
    viewer: User, api_as: Callable[[User], APIClient], time_machine: Any
) -> None:
    subscription_grant(viewer, plan=Plan.BASIC, until=timezone.now() + timedelta(seconds=30))
    phone = api_as(viewer)
    assert phone.get(ME).json()["subscription"]["plan"] == "BASIC"
    time_machine.move_to(timezone.now() + timedelta(seconds=31))
    assert phone.get(ME).json()["subscription"] == {"plan": "FREE", "until": None}
