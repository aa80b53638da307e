"""Subscription rows, written from the projection, and the effects of a change in them."""

from dataclasses import asdict, replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from billing.models import (
    CommandKind,
    CommandState,
    Discrepancy,
    DiscrepancyKind,
    ProviderCommand,
    Subscription,
    SubscriptionStatus,
)
from billing.providers.stripe_client import prices_configured
from billing.services.change_notices import SubscriptionSnapshot, changes_notify
from billing.sync.announce import plan_announce
from billing.sync.customer_holder import holder_of_customer
from billing.sync.debts import debt_started_at
from billing.sync.follow_up_commands import commands_follow_up
from billing.sync.mirror import mirror_of
from billing.sync.projection import Mirror, Projection, SubscriptionState, project
from billing.sync.projection.states import Problem
from billing.sync.projection.subscriptions import ALIVE, priority_key
from billing.sync.write_payments import payments_write

# Differences that the mirror itself resolves. The others wait for staff.
SELF_RESOLVING = (DiscrepancyKind.UNKNOWN_PRICE, DiscrepancyKind.CURRENCY)


@transaction.atomic
def customer_project(customer_id: str, *, provider: str, quiet: bool = False) -> None:
    """Write the rows of a customer from the mirror. The caller holds `mirror_lock`.

    `quiet` sends no messages, for the rebuild.
    """
    mirror = mirror_of(customer_id)
    holder = holder_of_customer(customer_id, mirror, provider=provider)
    if holder is None:
        _note_unknown(customer_id, mirror, provider=provider)
        return
    found = _projection(mirror, customer_id=customer_id, provider=provider)
    user = holder.user
    before = None
    if holder.is_current:
        row, _ = Subscription.objects.select_for_update().get_or_create(user=user)
        snapshot = SubscriptionSnapshot.of(row)
        is_changed = _write_subscription(
            row, found.subscription, provider=provider, customer_id=customer_id
        )
        before = snapshot if is_changed else None
    payments_write(user, found, provider=provider, quiet=quiet)
    _write_problems(found.problems, customer_id=customer_id, provider=provider)
    if before is not None:
        changes_notify(user, before, found, quiet=quiet)
    running = []
    if user.erased_at is not None:  # an erased person must not be billed any more
        running = [item["id"] for item in mirror.subscriptions if item.get("status") in ALIVE]
    commands_follow_up(user, found, running=running)


def _projection(mirror: Mirror, *, customer_id: str, provider: str) -> Projection:
    doubled: set[str] = set()
    if len(mirror.subscriptions) > 1:  # a single subscription costs no query
        rows = Discrepancy.objects.filter(
            customer_id=customer_id, kind=DiscrepancyKind.SECOND_SUBSCRIPTION
        )
        doubled = set(rows.values_list("object_id", flat=True))
    # Commands that the provider has not carried out yet, on the subscription that counts.
    ranked = sorted(mirror.subscriptions, key=lambda item: priority_key(item, doubled))
    waiting: dict[CommandKind, str] = {}
    if ranked and ranked[0].get("status") != "canceled":
        commands = ProviderCommand.objects.filter(
            object_id=ranked[0]["id"], state=CommandState.WAITING
        )
        waiting = {CommandKind(kind): plan for kind, plan in commands.values_list("kind", "plan")}
    found = project(mirror, prices=prices_configured(), waiting=waiting, doubled=doubled)
    state = found.subscription
    if state.status != SubscriptionStatus.PAST_DUE or state.past_due_since is None:
        return found
    # The bill of the first unpaid period may be unknown, so earlier versions are read as well.
    first = debt_started_at(state.provider_subscription_id, provider=provider)
    since = min(state.past_due_since, first) if first else state.past_due_since
    return replace(found, subscription=replace(state, past_due_since=since))


def _write_subscription(
    row: Subscription, state: SubscriptionState, *, provider: str, customer_id: str
) -> bool:
    """Update the subscription row; return True if a field changed."""
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


def _write_problems(problems: tuple[Problem, ...], *, customer_id: str, provider: str) -> None:
    open_rows = Discrepancy.objects.filter(customer_id=customer_id, resolved_at=None)
    resolvable = open_rows.filter(kind__in=SELF_RESOLVING)
    if not problems and not resolvable.exists():
        return
    rows = [
        Discrepancy(provider=provider, customer_id=customer_id, **asdict(problem))
        for problem in problems
    ]
    Discrepancy.objects.bulk_create(rows, ignore_conflicts=True)
    still_open = [problem.object_id for problem in problems]
    resolvable.exclude(object_id__in=still_open).update(resolved_at=timezone.now())


def _note_unknown(customer_id: str, mirror: Mirror, *, provider: str) -> None:
    """Record a paying customer without an account.

    A customer that no longer pays is ignored: those of erased people end like this.
    """
    alive = any(item.get("status") in ALIVE for item in mirror.subscriptions)
    if mirror.customer_gone or not alive:
        return
    problem = Discrepancy(
        provider=provider,
        kind=DiscrepancyKind.UNKNOWN_CUSTOMER,
        customer_id=customer_id,
        object_id=customer_id,
        detail="This customer pays and has no account here. Find the account or end the plan.",
    )
    Discrepancy.objects.bulk_create([problem], ignore_conflicts=True)
