"""The projection written into our rows, and what follows from a change in them."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from billing.models import (
    Discrepancy,
    DiscrepancyKind,
    Order,
    OrderKind,
    OrderState,
    Subscription,
    SubscriptionStatus,
)
from billing.providers.stripe_client import prices_known
from billing.services.change_notices import Before, changes_tell
from billing.sync.announce import plan_announce
from billing.sync.customer_holder import Holder, holder_of_customer
from billing.sync.debts import debt_begin
from billing.sync.follow_up_commands import orders_follow
from billing.sync.mirror import mirror_of
from billing.sync.projection import Mirror, Projection, SubscriptionState, project
from billing.sync.projection.states import Problem
from billing.sync.projection.subscriptions import ALIVE, worth
from billing.sync.write_payments import payments_keep

# These come and go with the mirror; the others wait for somebody to look.
PASSING = (DiscrepancyKind.UNKNOWN_PRICE, DiscrepancyKind.CURRENCY)


@transaction.atomic
def customer_project(customer_id: str, *, provider: str, quiet: bool = False) -> None:
    """Make the rows of a customer what the mirror says. The caller holds `mirror_lock`.

    `quiet` sends no message: for the rebuild.
    """
    mirror = mirror_of(customer_id)
    holder = holder_of_customer(customer_id, mirror, provider=provider)
    if holder is None:
        _unknown(customer_id, mirror, provider=provider)
        return
    found = _found(mirror, customer_id=customer_id, provider=provider)
    user, before = holder.user, None
    if holder.is_current:
        row, _ = Subscription.objects.select_for_update().get_or_create(user=user)
        then = Before.of(row)
        is_changed = _write(row, found.subscription, provider=provider, customer_id=customer_id)
        before = then if is_changed else None
    payments_keep(user, found, provider=provider, quiet=quiet)
    _keep_problems(found.problems, customer_id=customer_id, provider=provider)
    if before is not None:
        changes_tell(user, before, found, quiet=quiet)
    orders_follow(user, found, running=_running(holder, mirror))


def _found(mirror: Mirror, *, customer_id: str, provider: str) -> Projection:
    doubled = _doubled(mirror, customer_id)
    found = project(
        mirror, prices=prices_known(), waiting=_waiting(mirror, doubled), doubled=doubled
    )
    state = found.subscription
    if state.status != SubscriptionStatus.PAST_DUE or state.past_due_since is None:
        return found
    # A debt is older than the period it is seen in, where the bill of its first period is unknown.
    first = debt_begin(state.provider_subscription_id, provider=provider)
    since = min(state.past_due_since, first) if first else state.past_due_since
    return replace(found, subscription=replace(state, past_due_since=since))


def _doubled(mirror: Mirror, customer_id: str) -> Collection[str]:
    """Return second subscriptions found before; no query for a customer with one."""
    if len(mirror.subscriptions) < 2:
        return ()
    rows = Discrepancy.objects.filter(
        customer_id=customer_id, kind=DiscrepancyKind.SECOND_SUBSCRIPTION
    )
    return set(rows.values_list("object_id", flat=True))


def _waiting(mirror: Mirror, doubled: Collection[str]) -> Mapping[OrderKind, str]:
    """What was asked about the subscription that counts and is not done, with its plan."""
    ranked = sorted(mirror.subscriptions, key=lambda item: worth(item, doubled))
    if not ranked or ranked[0].get("status") == "canceled":
        return {}
    orders = Order.objects.filter(object_id=ranked[0]["id"], state=OrderState.WAITING)
    return {OrderKind(kind): plan for kind, plan in orders.values_list("kind", "plan")}


def _running(holder: Holder, mirror: Mirror) -> list[str]:
    """Every subscription of a person who was erased: nothing of theirs is billed any more."""
    if holder.user.erased_at is None:
        return []
    return [item["id"] for item in mirror.subscriptions if item.get("status") in ALIVE]


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
    """Only while it pays: customers of erased people end, too, and belong to no account."""
    alive = any(item.get("status") in ALIVE for item in mirror.subscriptions)
    if mirror.customer_gone or not alive:
        return
    problem = Discrepancy(
        provider=provider,
        kind=DiscrepancyKind.UNKNOWN_CUSTOMER,
        customer_id=customer_id,
        object_id=customer_id,
        detail="Pays and has no account here. Find the account, or end the subscription.",
    )
    Discrepancy.objects.bulk_create([problem], ignore_conflicts=True)
