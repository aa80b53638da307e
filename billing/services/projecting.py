"""The projection written into our rows, and what follows from a change in them."""

from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from billing.mirror import mirror_of
from billing.models import (
    Discrepancy,
    DiscrepancyKind,
    Order,
    OrderKind,
    OrderState,
    Plan,
    Subscription,
    SubscriptionStatus,
)
from billing.projection import Mirror, Projection, SubscriptionState, project
from billing.projection.states import Problem
from billing.projection.subscriptions import ALIVE, worth
from billing.providers.stripe_client import prices_known
from billing.services.announcing import plan_announce
from billing.services.bookkeeping import payments_keep
from billing.services.customers import user_of_customer
from billing.services.notices import tell
from billing.services.ordering import order_place

# These come and go with the mirror; the others wait for somebody to look.
PASSING = (DiscrepancyKind.UNKNOWN_PRICE, DiscrepancyKind.CURRENCY)


@transaction.atomic
def customer_project(customer_id: str, *, provider: str, quiet: bool = False) -> None:
    """Make the rows of a customer what the mirror says. The caller holds `mirror_lock`.

    `quiet` tells nobody anything: for the rebuild.
    """
    mirror = mirror_of(customer_id)
    user = user_of_customer(customer_id, mirror, provider=provider)
    if user is None:
        _unknown(customer_id, mirror, provider=provider)
        return
    found = project(mirror, prices=prices_known(), waiting=_waiting(mirror))
    row, _ = Subscription.objects.select_for_update().get_or_create(user=user)
    changed = _write(row, found.subscription, provider=provider, customer_id=customer_id)
    payments_keep(user, found, provider=provider, quiet=quiet)
    _keep_problems(found.problems, customer_id=customer_id, provider=provider)
    if changed:
        _tell(user, found.subscription, quiet=quiet)
    for subscription_id in _to_end(user, mirror, found):
        order_place(
            OrderKind.END, user=user, object_id=subscription_id, reason="paid back, or doubled"
        )


def _waiting(mirror: Mirror) -> list[OrderKind]:
    ids = [item["id"] for item in mirror.subscriptions]
    orders = Order.objects.filter(object_id__in=ids, state=OrderState.WAITING)
    extra = {item["id"] for item in mirror.subscriptions if item.get("status") == "canceled"}
    waiting = orders.exclude(object_id__in=extra).values_list("kind", "object_id")
    main = _main_id(mirror)
    return [OrderKind(kind) for kind, object_id in waiting if object_id == main]


def _main_id(mirror: Mirror) -> str:
    ranked = sorted(mirror.subscriptions, key=worth)
    return str(ranked[0]["id"]) if ranked else ""


def _write(row: Subscription, state: SubscriptionState, *, provider: str, customer_id: str) -> bool:
    """Whether anything was another before."""
    new: dict[str, Any] = {**asdict(state), "provider": provider}
    new["provider_customer_id"] = customer_id
    new["trial_used_at"] = row.trial_used_at or state.trial_used_at
    if all(getattr(row, name) == value for name, value in new.items()):
        return False
    for name, value in new.items():
        setattr(row, name, value)
    row.save(update_fields=[*new, "updated_at"])
    plan_announce(row.user)
    return True


def _keep_problems(problems: tuple[Problem, ...], *, customer_id: str, provider: str) -> None:
    open_ = Discrepancy.objects.filter(customer_id=customer_id, resolved_at=None)
    if not problems and not open_.filter(kind__in=PASSING).exists():
        return
    rows = [
        Discrepancy(provider=provider, customer_id=customer_id, **asdict(problem))
        for problem in problems
    ]
    Discrepancy.objects.bulk_create(rows, ignore_conflicts=True)
    stays = [problem.object_id for problem in problems]
    gone = Discrepancy.objects.filter(customer_id=customer_id, kind__in=PASSING, resolved_at=None)
    gone.exclude(object_id__in=stays).update(resolved_at=timezone.now())


def _unknown(customer_id: str, mirror: Mirror, *, provider: str) -> None:
    """Only while it pays: those of the erased tell us of their end, and are nobody's."""
    if not any(item.get("status") in ALIVE for item in mirror.subscriptions):
        return
    problem = Discrepancy(
        provider=provider,
        kind=DiscrepancyKind.UNKNOWN_CUSTOMER,
        customer_id=customer_id,
        object_id=customer_id,
        detail="Pays, and is nobody's account here. Find out whose it is, or end it.",
    )
    Discrepancy.objects.bulk_create([problem], ignore_conflicts=True)


def _tell(user: User, state: SubscriptionState, *, quiet: bool) -> None:
    about, end = state.provider_subscription_id, state.current_period_end
    if not about or state.plan == Plan.FREE:
        return
    if state.status in {SubscriptionStatus.ACTIVE, SubscriptionStatus.TRIALING}:
        tell(user, "welcome", about=about, quiet=quiet)
        if state.cancel_at_period_end and end:
            tell(user, "cancellation", about=f"{about} {end:%Y-%m-%d}", quiet=quiet)
    if state.status == SubscriptionStatus.PAST_DUE and state.current_period_start:
        period = f"{about} {state.current_period_start:%Y-%m-%d}"
        tell(user, "payment_failed", about=period, quiet=quiet)


def _to_end(user: User, mirror: Mirror, found: Projection) -> list[str]:
    """Also everything of who is not here any more: nobody who left is billed."""
    if user.erased_at is None:
        return list(found.to_end)
    return [item["id"] for item in mirror.subscriptions if item.get("status") in ALIVE]
