"""Checkouts: from the choice of a plan to the provider's payment page.

A person has one open checkout. Its id is the idempotency key of the provider's page, so two clicks,
two tabs and a retry all lead to the same page. No transaction is open during calls to the provider.

A webhook can be days late. So before a page opens, the provider is queried: a page that was
replaced may have been paid, and a customer may have a subscription that we do not know yet.
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
from billing.providers.base import CheckoutRequest, CustomerGone, Page, PageState
from billing.services.checkout_results import checkout_check
from billing.sync.apply import object_store
from billing.sync.customers import customer_make, customer_replace
from kushfilms.core.errors import InvalidInput, WrongState
from kushfilms.core.jobs import job_enqueue

REPLACED = "Another plan was chosen at the same moment. Choose again."


def checkout_start(user: User, *, plan: Plan, now: datetime) -> Page:
    """Return the payment page; for a subscriber, the provider's portal.

    If an earlier page was paid and its event has not arrived yet, return the page that waits for
    that payment.

    Raises:
        InvalidInput: the free plan.
        WrongState: `checkout_replaced` by another choice at the same time.
        Unavailable: the provider does not answer; a retry continues with the same checkout.
    """
    if plan == Plan.FREE:
        fault = "You already have the free plan."
        raise InvalidInput("Choose a plan.", fields={"plan": [fault]})
    try:
        return _start(user, plan=plan, now=now)
    except CustomerGone:
        row = Subscription.objects.get(user=user)
        customer_replace(user, row.provider_customer_id)
        # The open checkout belonged to the deleted customer, so its key must not be used again.
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
        # The replaced page was paid: show the page that waits for the payment, and enqueue a
        # query for it.
        paid_checkouts = Checkout.objects.filter(user=user, provider_session_id=replaced)
        paid_checkouts.update(state=CheckoutState.DONE)
        checkout_check(paid_checkouts.get())
        query = urlencode({"session": replaced})
        return Page(session_id=replaced, url=f"{settings.FRONTEND_URL}/subscribe/done?{query}")
    if not checkout.url:
        row = Subscription.objects.get(user=user)
        if row.provider_customer_id:
            # The provider may have a live subscription of this customer that is unknown here.
            source = provider()
            at = time.time()
            for data in source.subscriptions_of(row.provider_customer_id):
                object_store(source.name, data, at=at)
            if is_subscribed(user):
                _release(checkout)
                return portal_start(user)
        _open_page(checkout, user)
    return Page(session_id=checkout.provider_session_id, url=checkout.url)


def is_subscribed(user: User) -> bool:
    """Return whether the person has a live subscription at the provider, paid for or not."""
    own_subscriptions = Subscription.objects.filter(user=user, status__in=LIVE)
    return own_subscriptions.exclude(provider_subscription_id="").exists()


def portal_start(user: User) -> Page:
    """Return the provider's page for card and bills.

    Raises:
        WrongState: `no_customer` for a person who never paid.
        CustomerGone: the provider has deleted the customer.
        Unavailable: the provider does not answer.
    """
    row = Subscription.objects.filter(user=user).exclude(provider_customer_id="").first()
    if row is None:
        raise WrongState("You have no payments to manage. Choose a plan first.", code="no_customer")
    back = f"{settings.FRONTEND_URL}/account/billing"
    return provider().portal_open(row.provider_customer_id, return_url=back)


@transaction.atomic
def _claim(user: User, *, plan: Plan, now: datetime) -> tuple[Checkout, str]:
    """Return the open checkout, and the session of a replaced one to close first, or empty."""
    row, _ = Subscription.objects.select_for_update().get_or_create(user=user)
    held = Checkout.objects.filter(user=user, state=CheckoutState.OPEN).first()
    if held is not None and held.plan == plan and held.expires_at > now:
        return held, ""
    if held is not None:
        Checkout.objects.filter(pk=held.pk).update(state=CheckoutState.GONE)
    # A free trial is offered to people who never had a trial and never paid.
    with_trial = False
    if settings.BILLING_TRIAL_DAYS and not (row.trial_used_at or row.provider_subscription_id):
        charged = Payment.objects.filter(user=user).exclude(status=PaymentStatus.FAILED)
        with_trial = not charged.exists()
    fresh = Checkout.objects.create(
        user=user,
        plan=plan,
        with_trial=with_trial,
        created_at=now,
        expires_at=now + CHECKOUT_LIFETIME,
    )
    return fresh, held.provider_session_id if held is not None else ""


def _release(checkout: Checkout) -> None:
    rows = Checkout.objects.filter(pk=checkout.pk, state=CheckoutState.OPEN)
    rows.update(state=CheckoutState.GONE)


def _open_page(checkout: Checkout, user: User) -> None:
    """Open the provider's page for a checkout, outside any transaction.

    Raises:
        WrongState: `checkout_replaced` by another choice; the page is closed again.
    """
    back = f"{settings.FRONTEND_URL}/subscribe"
    row = Subscription.objects.get(user=user)
    checkout_request = CheckoutRequest(
        key=str(checkout.pk),
        customer_id=row.provider_customer_id or customer_make(user),
        user_id=str(user.pk),
        plan=Plan(checkout.plan),
        trial_days=settings.BILLING_TRIAL_DAYS if checkout.with_trial else 0,
        expires_at=int(checkout.expires_at.timestamp()),
        success_url=f"{back}/done?session={{CHECKOUT_SESSION_ID}}",
        cancel_url=f"{back}/canceled",
    )
    page = provider().checkout_open(checkout_request)
    if not _remember(checkout, page):
        provider().checkout_close(page.session_id)
        raise WrongState(REPLACED, code="checkout_replaced")


@transaction.atomic
def _remember(checkout: Checkout, page: Page) -> bool:
    """Save the page's address; return whether the checkout has not been replaced."""
    checkout.provider_session_id = page.session_id
    checkout.url = page.url
    row = Checkout.objects.select_for_update().get(pk=checkout.pk)
    checkout.save(update_fields=["provider_session_id", "url"])
    # If no webhook ever arrives, this job queries the provider when the page has expired, so that
    # a payment opens films all the same.
    payload = {"checkout": str(checkout.pk)}
    key = f"late:{checkout.pk}"
    job_enqueue("billing_checkout", payload, key=key, not_before=checkout.expires_at)
    return row.state != CheckoutState.GONE
