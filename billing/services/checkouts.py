"""From "I want this plan" to a page of the provider's on which it is paid.

A person has one open checkout; its id is the key under which the provider makes the page, so two
clicks, two tabs and a retry all lead to the same page, and no transaction is open while we wait.

A webhook can be late by days, so before a page is opened the provider is asked what it has: a page
that was replaced may have been paid, and a customer may have a subscription we do not know yet.
"""

import time
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.http import urlencode

from accounts.models import User
from billing.models import Checkout, CheckoutState, Payment, PaymentStatus, Plan, Subscription
from billing.models.commands import CHECKOUT_LIFETIME
from billing.plan_access import LIVE
from billing.providers import provider
from billing.providers.base import CheckoutWish, CustomerGone, Page, PageState
from billing.services.checkout_results import checkout_check
from billing.sync.apply import object_keep
from billing.sync.customers import customer_make, customer_replace
from kushfilms.core.errors import InvalidInput, WrongState
from kushfilms.core.jobs import job_enqueue

REPLACED = "Another plan was chosen at the same moment. Choose again."


def checkout_start(user: User, *, plan: Plan, now: datetime) -> Page:
    """Return the page to pay on; for a subscriber, the page to change the plan on.

    Where an earlier page was paid and we have not heard of it yet, the page that waits for it.

    Raises:
        InvalidInput: the free plan.
        WrongState: `checkout_replaced` by another one at the same time.
        Unavailable: the provider is away; nothing is half done.
    """
    if plan == Plan.FREE:
        fault = "The free plan is yours already."
        raise InvalidInput("Choose a plan.", fields={"plan": [fault]})
    try:
        return _start(user, plan=plan, now=now)
    except CustomerGone:
        row = Subscription.objects.get(user=user)
        customer_replace(user, row.provider_customer_id)
        # What was to be paid there is gone with the customer, and so is its key.
        Checkout.objects.filter(user=user, state=CheckoutState.OPEN).update(
            state=CheckoutState.GONE
        )
        return _start(user, plan=plan, now=now)


def _start(user: User, *, plan: Plan, now: datetime) -> Page:
    if is_subscribed(user):
        return portal_start(user)
    checkout, replaced = _claim(user, plan=plan, now=now)
    if replaced and provider().checkout_close(replaced) == PageState.COMPLETE:
        _release(checkout)
        return _paid_page(user, replaced)
    if not checkout.url:
        if _has_unknown_subscription(user):
            _release(checkout)
            return portal_start(user)
        _open_page(checkout, user)
    return Page(session_id=checkout.provider_session_id, url=checkout.url)


def is_subscribed(user: User) -> bool:
    """Whether there is something running at the provider, paid for or not."""
    mine = Subscription.objects.filter(user=user, status__in=LIVE)
    return mine.exclude(provider_subscription_id="").exists()


def portal_start(user: User) -> Page:
    """Raises WrongState (`no_customer`) for a person who never paid, CustomerGone, Unavailable."""
    row = Subscription.objects.filter(user=user).exclude(provider_customer_id="").first()
    if row is None:
        raise WrongState("There is nothing to manage yet. Choose a plan first.", code="no_customer")
    back = f"{settings.FRONTEND_URL}/account/billing"
    return provider().portal_open(row.provider_customer_id, return_url=back)


def _paid_page(user: User, session_id: str) -> Page:
    """The page that waits for the payment, which is looked up now."""
    paid = Checkout.objects.filter(user=user, provider_session_id=session_id)
    paid.update(state=CheckoutState.DONE)
    checkout_check(paid.get())
    query = urlencode({"session": session_id})
    return Page(session_id=session_id, url=f"{settings.FRONTEND_URL}/subscribe/done?{query}")


def _has_unknown_subscription(user: User) -> bool:
    """Ask the provider, and take over what it has; only of those who are its customer already."""
    row = Subscription.objects.get(user=user)
    if not row.provider_customer_id:
        return False
    source, at = provider(), time.time()
    for data in source.subscriptions_of(row.provider_customer_id):
        object_keep(source.name, data, at=at)
    return is_subscribed(user)


@transaction.atomic
def _claim(user: User, *, plan: Plan, now: datetime) -> tuple[Checkout, str]:
    """Return the one open checkout, and the page of another that must be closed first, or empty."""
    row, _ = Subscription.objects.select_for_update().get_or_create(user=user)
    held = Checkout.objects.filter(user=user, state=CheckoutState.OPEN).first()
    if held is not None and held.plan == plan and held.expires_at > now:
        return held, ""
    if held is not None:
        Checkout.objects.filter(pk=held.pk).update(state=CheckoutState.GONE)
    fresh = Checkout.objects.create(
        user=user,
        plan=plan,
        with_trial=_may_try(row),
        created_at=now,
        expires_at=now + CHECKOUT_LIFETIME,
    )
    return fresh, held.provider_session_id if held is not None else ""


def _release(checkout: Checkout) -> None:
    rows = Checkout.objects.filter(pk=checkout.pk, state=CheckoutState.OPEN)
    rows.update(state=CheckoutState.GONE)


def _may_try(row: Subscription) -> bool:
    """A free beginning is for people who never had one, nor ever paid."""
    if not settings.BILLING_TRIAL_DAYS or row.trial_used_at or row.provider_subscription_id:
        return False
    return not Payment.objects.filter(user=row.user).exclude(status=PaymentStatus.FAILED).exists()


def _open_page(checkout: Checkout, user: User) -> None:
    """No transaction here: the provider is asked in between.

    Raises WrongState (`checkout_replaced`): another choice took its place, so the page is closed.
    """
    back = f"{settings.FRONTEND_URL}/subscribe"
    wish = CheckoutWish(
        key=str(checkout.pk),
        customer_id=_customer(user),
        user_id=str(user.pk),
        plan=Plan(checkout.plan),
        trial_days=settings.BILLING_TRIAL_DAYS if checkout.with_trial else 0,
        expires_at=int(checkout.expires_at.timestamp()),
        success_url=f"{back}/done?session={{CHECKOUT_SESSION_ID}}",
        cancel_url=f"{back}/canceled",
    )
    page = provider().checkout_open(wish)
    if not _remember(checkout, page):
        provider().checkout_close(page.session_id)
        raise WrongState(REPLACED, code="checkout_replaced")


@transaction.atomic
def _remember(checkout: Checkout, page: Page) -> bool:
    """Keep the page's address; return whether the checkout is still the one that counts."""
    checkout.provider_session_id, checkout.url = page.session_id, page.url
    row = Checkout.objects.select_for_update().get(pk=checkout.pk)
    checkout.save(update_fields=["provider_session_id", "url"])
    # Should no webhook ever come, we ask when the page is gone: payment opens films all the same.
    payload = {"checkout": str(checkout.pk)}
    key = f"late:{checkout.pk}"
    job_enqueue("billing_checkout", payload, key=key, not_before=checkout.expires_at)
    return row.state != CheckoutState.GONE


def _customer(user: User) -> str:
    """The person's customer at the provider, made once."""
    row = Subscription.objects.get(user=user)
    return row.provider_customer_id or customer_make(user)
