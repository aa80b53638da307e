"""Changes of plan: upgrades at once for the amount shown, downgrades at the next renewal."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from accounts.auth.principal import held_plan
from accounts.models import Notification, User
from billing.models import Payment, ProviderCommand, Subscription
from billing.tests.steps import confirm_change, settle, time_passes
from billing.views.account import NOTES
from kushfilms.core.mail import KAMPALA
from tests.messages import redirect_of
from tests.payments import ASKS, FAILS_LATER, Sandbox

API = "/api/v1/subscriptions"
BILLING = "/account/billing"
Buy = Callable[..., Any]
Run = Callable[[], int]
SiteAs = Callable[[User], Client]

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(site_as: SiteAs, viewer: User) -> Client:
    return site_as(viewer)


def _text(site: Client, url: str = BILLING) -> str:
    return " ".join(site.get(url).content.decode().split())


def test_an_upgrade_costs_the_amount_shown_even_later(
    subscribed: Buy, viewer: User, site: Client, payments: Sandbox, run_jobs: Run,
    time_machine: Any,
) -> None:  # fmt: skip
    subscribed(viewer, plan="BASIC")
    time_passes(payments, time_machine, days=15)
    confirmation = site.get(f"{BILLING}/change?plan=PREMIUM").content.decode()
    time_passes(payments, time_machine, seconds=1500)  # the page is left open
    assert not ProviderCommand.objects.exists()
    form = confirmation[confirmation.index(f'action="{BILLING}/change"') :]
    token = form.partition('name="quote"')[2].partition('value="')[2].partition('"')[0]
    answer = site.post(f"{BILLING}/change", {"plan": "PREMIUM", "quote": token})
    assert redirect_of(answer) == (BILLING, NOTES["change"])
    settle(payments, run_jobs)
    paid = Payment.objects.get(purpose="UPGRADE")
    assert 90 < paid.amount_minor < 110  # half a month of two dollars
    assert f"Pay {paid.amount_text} and change to Premium" in confirmation
    assert "costs USD 4.99 a month" in confirmation
    assert held_plan(viewer.pk).plan == "PREMIUM"
    assert Notification.objects.filter(user=viewer, title="Your new plan is active").exists()


@pytest.mark.parametrize("token", ["", "made up", "of another"])
def test_without_a_quote_of_ones_own_nothing_is_charged(
    subscribed: Buy, viewer: User, stranger: User, site: Client, payments: Sandbox, run_jobs: Run,
    token: str,
) -> None:  # fmt: skip
    from billing.models import Plan
    from billing.services.quotes import quote_make

    subscribed(viewer, plan="BASIC")
    quote = quote_make(viewer, plan=Plan.PREMIUM, now=timezone.now())
    given = quote.token(stranger) if token == "of another" else token
    answer = site.post(f"{BILLING}/change", {"plan": "PREMIUM", "quote": given})
    assert (
        answer.headers["Location"] == f"{BILLING}/change?plan=PREMIUM"
    )  # the confirmation page again
    settle(payments, run_jobs)
    assert not ProviderCommand.objects.exists()
    assert Payment.objects.count() == 1


def test_an_old_quote_is_asked_again(
    subscribed: Buy, viewer: User, site: Client, payments: Sandbox, time_machine: Any
) -> None:
    from billing.models import Plan
    from billing.services.quotes import LASTS_SECONDS, quote_make

    subscribed(viewer, plan="BASIC")
    token = quote_make(viewer, plan=Plan.PREMIUM, now=timezone.now()).token(viewer)
    time_passes(payments, time_machine, seconds=LASTS_SECONDS + 5)
    answer = site.post(f"{BILLING}/change", {"plan": "PREMIUM", "quote": token})
    assert answer.headers["Location"] == f"{BILLING}/change?plan=PREMIUM"
    assert not ProviderCommand.objects.exists()


def test_a_quote_of_a_month_that_is_over_charges_nothing(
    subscribed: Buy, viewer: User, site: Client, payments: Sandbox, run_jobs: Run,
    time_machine: Any, mailoutbox: list[Any],
) -> None:  # fmt: skip
    """The quote is from ten minutes before the renewal, the click from ten minutes after it."""
    subscribed(viewer, plan="BASIC")
    end = Subscription.objects.get().current_period_end
    assert end is not None
    time_passes(payments, time_machine, seconds=int((end - timezone.now()).total_seconds()) - 600)
    from billing.models import Plan
    from billing.services.quotes import quote_make
    from billing.services.subscriptions import subscription_raise

    quote = quote_make(viewer, plan=Plan.PREMIUM, now=timezone.now())
    assert quote.amount_minor < 5
    time_passes(payments, time_machine, seconds=1200)
    mailoutbox.clear()
    subscription_raise(
        viewer, plan=Plan.PREMIUM, priced_at=quote.priced_at, amount_minor=quote.amount_minor
    )
    settle(payments, run_jobs)
    assert held_plan(viewer.pk).plan == "BASIC"
    assert list(Payment.objects.values_list("amount_minor", flat=True)) == [299, 299]
    assert "Your plan was not changed" in [mail.subject for mail in mailoutbox]


def test_an_old_tab_of_the_plans_page_leads_to_the_confirmation(
    subscribed: Buy, viewer: User, site: Client, payments: Sandbox
) -> None:
    subscribed(viewer, plan="BASIC")
    answer = site.post("/subscribe", {"plan": "PREMIUM"})
    assert answer.headers["Location"] == f"{BILLING}/change?plan=PREMIUM"


def test_a_cheaper_plan_begins_when_the_month_is_over(
    subscribed: Buy, viewer: User, site: Client, payments: Sandbox, run_jobs: Run,
    time_machine: Any, mailoutbox: list[Any],
) -> None:  # fmt: skip
    phone = subscribed(viewer)
    mailoutbox.clear()
    confirmation, led = confirm_change(site, "change", plan="BASIC")
    end = Subscription.objects.get().current_period_end
    assert end is not None
    day = date_format(timezone.localtime(end, KAMPALA), "j F Y")
    assert f"You have paid for Premium until {day}" in confirmation
    assert "for USD 2.99 a month" in confirmation
    assert led == (BILLING, NOTES["later"])
    status = phone.get(f"{API}/status").json()  # before the provider was asked
    assert (status["plan"], status["nextPlan"]) == ("PREMIUM", "BASIC")
    settle(payments, run_jobs)
    assert held_plan(viewer.pk).plan == "PREMIUM"
    page = _text(site)
    assert f"Premium until <strong>{day}</strong>, then Basic for USD 2.99 a month" in page
    assert "Your plan changes to Basic" in mailoutbox[0].subject
    assert Payment.objects.count() == 1

    time_passes(payments, time_machine, days=(end - timezone.now()) / timedelta(days=1) + 0.1)
    settle(payments, run_jobs)
    row = Subscription.objects.get()
    assert (row.plan, row.next_plan, row.status) == ("BASIC", "", "ACTIVE")
    assert list(Payment.objects.order_by("paid_at").values_list("amount_minor", flat=True)) == [
        499, 299,
    ]  # fmt: skip


def test_a_change_to_a_cheaper_plan_is_taken_back(
    subscribed: Buy, viewer: User, site: Client, payments: Sandbox, run_jobs: Run,
    time_machine: Any,
) -> None:  # fmt: skip
    subscribed(viewer)
    confirm_change(site, "change", plan="BASIC")
    settle(payments, run_jobs)
    assert "Keep Premium" in _text(site)
    confirmation, led = confirm_change(site, "change", plan="PREMIUM")
    assert "The next payment is USD 4.99" in confirmation
    assert led == (BILLING, NOTES["stay"])
    settle(payments, run_jobs)
    assert Subscription.objects.get().next_plan == ""
    time_passes(payments, time_machine, days=32)
    settle(payments, run_jobs)
    assert held_plan(viewer.pk).plan == "PREMIUM"
    assert list(Payment.objects.values_list("amount_minor", flat=True)) == [499, 499]


def test_two_clicks_on_the_cheaper_plan_are_one_command(
    subscribed: Buy, viewer: User, site: Client, run_jobs: Run
) -> None:
    subscribed(viewer)
    for _ in range(2):
        answer = site.post(f"{BILLING}/change", {"plan": "BASIC"})
        assert redirect_of(answer) == (BILLING, NOTES["later"])
    assert ProviderCommand.objects.count() == 1


@pytest.mark.parametrize("card", [FAILS_LATER, ASKS])
def test_an_upgrade_that_is_not_paid_waits_and_says_so(
    subscribed: Buy, viewer: User, site: Client, payments: Sandbox, run_jobs: Run,
    mailoutbox: list[Any], time_machine: Any, card: str,
) -> None:  # fmt: skip
    phone = subscribed(viewer, plan="BASIC")
    payments.pay(phone.get(f"{API}/portal").json()["portalUrl"], card)
    mailoutbox.clear()
    time_passes(payments, time_machine, seconds=1)
    confirm_change(site, "change", plan="PREMIUM")
    settle(payments, run_jobs)
    status = phone.get(f"{API}/status").json()
    assert (status["plan"], status["status"]) == ("BASIC", "ACTIVE")
    assert status["upgradePlan"] == "PREMIUM"
    page = _text(site)
    assert "Your change to Premium is waiting for payment" in page
    assert f'href="{status["payUrl"]}"' in page
    assert "Change to Premium," not in page  # not offered again
    (mail,) = mailoutbox
    assert mail.subject == "Your change to Premium is waiting for payment"
    assert status["payUrl"] in mail.body
    assert redirect_of(site.get(f"{BILLING}/change?plan=PREMIUM")) == (BILLING, NOTES["stale"])

    time_passes(payments, time_machine, seconds=1)
    payments.pay(status["payUrl"])
    settle(payments, run_jobs)
    status = phone.get(f"{API}/status").json()
    assert (status["plan"], status["upgradePlan"], status["payUrl"]) == ("PREMIUM", "", "")


def test_an_upgrade_that_is_never_paid_leaves_the_plan_and_says_so(
    subscribed: Buy, viewer: User, site: Client, payments: Sandbox, run_jobs: Run,
    mailoutbox: list[Any], time_machine: Any, api_as: Any,
) -> None:  # fmt: skip
    phone = subscribed(viewer, plan="BASIC")
    payments.pay(phone.get(f"{API}/portal").json()["portalUrl"], FAILS_LATER)
    confirm_change(site, "change", plan="PREMIUM")
    settle(payments, run_jobs)
    mailoutbox.clear()
    time_passes(payments, time_machine, days=1)
    settle(payments, run_jobs)
    status = api_as(viewer).get(f"{API}/status").json()
    assert (status["plan"], status["upgradePlan"], status["payUrl"]) == ("BASIC", "", "")
    assert [mail.subject for mail in mailoutbox] == ["Your plan was not changed"]
    assert "Change to Premium," in _text(site)
    assert not Payment.objects.filter(purpose="UPGRADE", status="SUCCEEDED").exists()


def test_a_change_the_provider_refuses_is_notified(
    subscribed: Buy, viewer: User, site: Client, payments: Sandbox, run_jobs: Run,
    mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    from billing.providers.base import ProviderRefused
    from billing.providers.stripe import StripeProvider

    def refuse(*_args: Any, **_more: Any) -> Any:
        raise ProviderRefused("Your card was declined.")

    subscribed(viewer, plan="BASIC")
    monkeypatch.setattr(StripeProvider, "plan_raise", refuse)
    mailoutbox.clear()
    confirm_change(site, "change", plan="PREMIUM")
    settle(payments, run_jobs)
    page = _text(site)
    assert "Your change to Premium failed" in page
    assert "you keep Basic" in page
    assert [mail.subject for mail in mailoutbox] == ["Your plan was not changed"]
    assert held_plan(viewer.pk).plan == "BASIC"


def test_cancel_and_keep_are_confirmed_with_day_and_amount_and_notified(
    subscribed: Buy, viewer: User, site: Client, payments: Sandbox, run_jobs: Run,
    mailoutbox: list[Any],
) -> None:  # fmt: skip
    subscribed(viewer)
    mailoutbox.clear()
    end = Subscription.objects.get().current_period_end
    assert end is not None
    day = date_format(timezone.localtime(end, KAMPALA), "j F Y")
    assert f"Renews on {day} for USD 4.99" in _text(site)
    for verb, expected in (
        ("cancel", f"Premium stays open until {day}"),
        ("reactivate", f"The next payment is USD 4.99 on {day}"),
        ("cancel", f"Premium stays open until {day}"),
    ):
        confirmation, led = confirm_change(site, verb)
        assert expected in confirmation
        assert led == (BILLING, NOTES[verb])
        settle(payments, run_jobs)
    assert [mail.subject for mail in mailoutbox] == [
        "Your plan is canceled", "Your plan continues", "Your plan is canceled",
    ]  # fmt: skip
    newest = Notification.objects.filter(user=viewer).latest("created_at")
    assert newest.title == "Your plan is canceled"


def test_asking_changes_nothing(
    subscribed: Buy, viewer: User, site: Client, payments: Sandbox, run_jobs: Run
) -> None:
    subscribed(viewer)
    for verb in ("cancel", "change?plan=BASIC", "change?plan=FREE"):
        page = site.get(f"{BILLING}/{verb}")
        assert page.status_code == 200
        assert "Go back" in page.content.decode()
        assert "no-store" in page.headers["Cache-Control"]
    assert redirect_of(site.get(f"{BILLING}/reactivate")) == (BILLING, NOTES["stale"])
    assert not ProviderCommand.objects.exists()
    assert payments.news() == []


def test_a_canceled_plan_must_be_kept_before_a_change(
    subscribed: Buy, viewer: User, site: Client, run_jobs: Run
) -> None:
    subscribed(viewer)
    site.post(f"{BILLING}/cancel")
    answer = site.post(f"{BILLING}/change", {"plan": "BASIC"})
    assert redirect_of(answer) == (BILLING, NOTES["stale"])
    assert list(ProviderCommand.objects.values_list("kind", flat=True)) == ["CANCEL"]
    assert "Change to Basic" not in _text(site)
