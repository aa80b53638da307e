"""From "I want this plan" to a page of the provider's on which it is paid.

A person has one open checkout; its id is the key under which the provider makes the page, so two
clicks, two tabs and a retry all lead to the same page, and there is no transaction while we wait.
"""

import time
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts.models import User
from billing.models import Checkout, CheckoutState, Plan, Subscription
from billing.models.orders import CHECKOUT_LIFETIME
from billing.providers import provider
from billing.providers.base import CheckoutWish, Page
from billing.services.applying import checkout_note
from billing.services.inbox import object_fetch, object_keep
from billing.standing import LIVE
from kushfilms.core.errors import InvalidInput, NotFound, WrongState
from kushfilms.core.jobs import Running, job_enqueue, job_kind


def checkout_start(user: User, *, plan: Plan, now: datetime) -> Page:
    """The page to pay on; for who has a subscription, the page to change it on.

    Raises:
        InvalidInput: the free plan.
        Unavailable: the provider is away; nothing is half done.
    """
    if plan == Plan.FREE:
        fault = "The free plan is yours already."
        raise InvalidInput("Choose a plan.", fields={"plan": [fault]})
    if is_subscribed(user):
        return portal_start(user)
    checkout, stale = _claim(user, plan=plan, now=now)
    if stale:
        provider().checkout_close(stale)
    if not checkout.url:
        _open_page(checkout, user)
    return Page(session_id=checkout.provider_session_id, url=checkout.url)


def is_subscribed(user: User) -> bool:
    """Whether there is something running at the provider, paid for or not."""
    mine = Subscription.objects.filter(user=user, status__in=LIVE)
    return mine.exclude(provider_subscription_id="").exists()


def portal_start(user: User) -> Page:
    """Raises WrongState (`no_customer`) for who has never paid, Unavailable."""
    row = Subscription.objects.filter(user=user).exclude(provider_customer_id="").first()
    if row is None:
        raise WrongState("There is nothing to manage yet. Choose a plan first.", code="no_customer")
    back = f"{settings.FRONTEND_URL}/account/billing"
    return provider().portal_open(row.provider_customer_id, return_url=back)


@transaction.atomic
def _claim(user: User, *, plan: Plan, now: datetime) -> tuple[Checkout, str]:
    """The one open checkout, and the page of another that must be shut first, or empty."""
    row, _ = Subscription.objects.select_for_update().get_or_create(user=user)
    held = Checkout.objects.filter(user=user, state=CheckoutState.OPEN).first()
    if held is not None and held.plan == plan and held.expires_at > now:
        return held, ""
    stale = ""
    if held is not None:
        Checkout.objects.filter(pk=held.pk).update(state=CheckoutState.GONE)
        stale = held.provider_session_id if held.expires_at > now else ""
    fresh = Checkout.objects.create(
        user=user,
        plan=plan,
        with_trial=_may_try(row),
        created_at=now,
        expires_at=now + CHECKOUT_LIFETIME,
    )
    return fresh, stale


def _may_try(row: Subscription) -> bool:
    """A free beginning is for who never had one, nor ever paid."""
    new = row.trial_used_at is None and not row.provider_subscription_id
    return settings.BILLING_TRIAL_DAYS > 0 and new


def _open_page(checkout: Checkout, user: User) -> None:
    """No transaction here: the provider is asked in between."""
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
    _remember(checkout, page)


@transaction.atomic
def _remember(checkout: Checkout, page: Page) -> None:
    checkout.provider_session_id, checkout.url = page.session_id, page.url
    checkout.save(update_fields=["provider_session_id", "url"])
    # Should no webhook ever come, we ask when the page is gone: who paid has their films.
    payload = {"checkout": str(checkout.pk)}
    key = f"late:{checkout.pk}"
    job_enqueue("billing_checkout", payload, key=key, not_before=checkout.expires_at)


def _customer(user: User) -> str:
    """The person's customer at the provider, made once: the key is the person."""
    row = Subscription.objects.get(user=user)
    if not row.provider_customer_id:
        source = provider()
        at = time.time()
        made = source.customer_create(user_id=str(user.pk), email=user.email, name=user.name)
        row.provider, row.provider_customer_id = source.name, made["id"]
        row.save(update_fields=["provider", "provider_customer_id", "updated_at"])
        object_keep(source.name, made, at=at)
    return row.provider_customer_id


def checkout_get(user_id: UUID, session_id: str) -> Checkout:
    """Raises NotFound, also for somebody else's."""
    mine = Checkout.objects.filter(user_id=user_id, provider_session_id=session_id)
    found = mine.first() if session_id else None
    if found is None:
        raise NotFound("There is no such checkout.")
    return found


def checkout_check(checkout: Checkout) -> None:
    """ "I have paid": have the provider asked, now. Many clicks are one question."""
    job_enqueue("billing_checkout", {"checkout": str(checkout.pk)}, key=f"now:{checkout.pk}")


@job_kind("billing_checkout")
def checkout_look(job: Running) -> None:
    """Ask what became of a checkout; if it was paid, bring in all that came of it."""
    checkout = Checkout.objects.filter(pk=job.payload["checkout"]).first()
    if checkout is None or not checkout.provider_session_id:
        return
    source = provider()
    session = source.fetch("checkout.session", checkout.provider_session_id)
    if session.get("status") == "complete" and session.get("subscription"):
        object_fetch(source.name, kind="subscription", object_id=str(session["subscription"]))
        at = time.time()
        for data in source.everything_of(str(session["customer"])):
            object_keep(source.name, data, at=at)
    checkout_note(session)
