"""From a provider's objects to our rows: a pure function of the mirror.

No clock, no database, no order of arrival: the same mirror always gives the same subscription,
payments and ledger, which is why all of them can be thrown away and made again.
"""

from collections.abc import Collection, Mapping, Sequence

from billing.models import DiscrepancyKind, OrderKind, Plan
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
    Problem,
    Projection,
    SubscriptionState,
    by_time,
)
from billing.sync.projection.subscriptions import (
    ALIVE,
    alive_ids,
    bills_to_void,
    changed,
    ended,
    is_given_up,
    problems_of,
    subscription_of,
    wished,
    worth,
)
from billing.sync.versions import Object

__all__ = ["Mirror", "Prices", "Projection", "SubscriptionState", "project"]

Changes = tuple[tuple[str, Plan], ...]


def project(
    mirror: Mirror,
    *,
    prices: Prices,
    waiting: Mapping[OrderKind, str] | None = None,
    doubled: Collection[str] = (),
) -> Projection:
    """Return what a customer's rows are to be, and what the provider must do.

    `waiting` is what was asked of the provider and it has not done yet, with the plan asked for.
    `doubled` are subscriptions that were found to be charged beside another one.
    """
    ranked = sorted(mirror.subscriptions, key=lambda item: worth(item, doubled))
    problems = list(problems_of(ranked, prices))
    doubled = {*doubled, *_doubles(problems)}
    bills = bills_of(mirror)
    payments = tuple(
        payment_of(item, mirror, bills[item["id"]]) for item in by_time(mirror.charges)
    )
    money = Money(mirror=mirror, payments=payments, bills=bills)
    state, to_end, to_set = _main(ranked, money, prices)
    to_refund = tuple(unearned(money, doubled))
    return Projection(
        subscription=wished(state, waiting or {}),
        end_cause=end_cause(ranked[0], money) if ranked else EndCause.OTHER,
        payments=payments,
        entries=tuple(entries_of(mirror)),
        problems=(*problems, *late_problems(to_refund)),
        to_end=alive_ids(to_end, mirror),
        to_void=tuple(bills_to_void(mirror)),
        to_set=to_set,
        to_refund=to_refund,
    )


def _doubles(problems: Sequence[Problem]) -> set[str]:
    second = DiscrepancyKind.SECOND_SUBSCRIPTION
    return {item.object_id for item in problems if item.kind == second}


def _main(
    ranked: Sequence[Object], money: Money, prices: Prices
) -> tuple[SubscriptionState, Sequence[Object], Changes]:
    """Return the state of the subscription that counts, what must end, and plans to set."""
    if not ranked:
        return SubscriptionState(), (), ()
    main, state = ranked[0], subscription_of(ranked[0], money.mirror, prices)
    if is_taken_back(main, money) or is_given_up(main):
        return ended(state), ranked, ()
    left = plan_left(main, state.plan, money, prices)
    if left == state.plan or main.get("status") not in ALIVE:
        return state, ranked[1:], ()
    return changed(state, plan=left, next_plan=""), ranked[1:], ((main["id"], left),)
