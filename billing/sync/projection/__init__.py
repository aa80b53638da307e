"""Projection of a provider's objects onto our rows: a pure function of the mirror.

It uses no clock, no database and no order of arrival. The same mirror always gives the same
subscription, payments and ledger, so all of them can be deleted and rebuilt.
"""

from collections.abc import Collection, Mapping, Sequence

from billing.models import CommandKind, DiscrepancyKind, Plan
from billing.sync.projection.attribution import bills_of
from billing.sync.projection.payments import entries_of, payment_of
from billing.sync.projection.refunds import (
    Money,
    end_cause,
    is_taken_back,
    late_problems,
    plan_left,
    unearned,
)
from billing.sync.projection.states import (
    EndCause,
    Mirror,
    Prices,
    Projection,
    SubscriptionState,
    by_time,
)
from billing.sync.projection.subscriptions import (
    ALIVE,
    alive_ids,
    as_ended,
    bills_to_void,
    is_given_up,
    priority_key,
    problems_of,
    subscription_state,
    with_changes,
    with_waiting_commands,
)
from billing.sync.versions import Object

__all__ = ["Mirror", "Prices", "Projection", "SubscriptionState", "project"]

Changes = tuple[tuple[str, Plan], ...]


def project(
    mirror: Mirror,
    *,
    prices: Prices,
    waiting: Mapping[CommandKind, str] | None = None,
    doubled: Collection[str] = (),
) -> Projection:
    """Return the intended rows of a customer, and the changes the provider must make.

    `waiting` are commands that the provider has not carried out yet, with the plan of each.
    `doubled` are ids of subscriptions that were charged in addition to another one.
    """
    ranked = sorted(mirror.subscriptions, key=lambda item: priority_key(item, doubled))
    problems = list(problems_of(ranked, prices))
    second = DiscrepancyKind.SECOND_SUBSCRIPTION
    doubled = {*doubled, *(item.object_id for item in problems if item.kind == second)}
    bills = bills_of(mirror)
    payments = tuple(
        payment_of(item, mirror, bills[item["id"]]) for item in by_time(mirror.charges)
    )
    money = Money(mirror=mirror, payments=payments, bills=bills)
    state, to_end, to_set = _main(ranked, money, prices)
    to_refund = tuple(unearned(money, doubled))
    return Projection(
        subscription=with_waiting_commands(state, waiting or {}),
        end_cause=end_cause(ranked[0], money) if ranked else EndCause.OTHER,
        payments=payments,
        entries=tuple(entries_of(mirror)),
        problems=(*problems, *late_problems(to_refund)),
        to_end=alive_ids(to_end, mirror),
        to_void=tuple(bills_to_void(mirror)),
        to_set=to_set,
        to_refund=to_refund,
    )


def _main(
    ranked: Sequence[Object], money: Money, prices: Prices
) -> tuple[SubscriptionState, Sequence[Object], Changes]:
    """Return the state of the subscription that counts, those that must end, and plans to set."""
    if not ranked:
        return SubscriptionState(), (), ()
    main = ranked[0]
    state = subscription_state(ranked[0], money.mirror, prices)
    if is_taken_back(main, money) or is_given_up(main):
        return as_ended(state), ranked, ()
    left = plan_left(main, state.plan, money, prices)
    if left == state.plan or main.get("status") not in ALIVE:
        return state, ranked[1:], ()
    return with_changes(state, plan=left, next_plan=""), ranked[1:], ((main["id"], left),)
