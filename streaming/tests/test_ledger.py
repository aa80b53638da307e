"""Leases: one holder at a time, nothing lost with a dead worker, an end to every failure."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Notification, User
from kushfilms.core.leases import LeaseLost
from streaming.models import AssetStatus, Encode, EncodeState, Tier, WorkItem, WorkKind, WorkState
from streaming.services import ledger
from streaming.services.encodes import encode_advance, encode_give_up
from streaming.services.ledger import WorkFailure

MakeEncode = Callable[..., Encode]
NOW = timezone.now
CRASH = WorkFailure("tool_killed", "The encoder was interrupted.")


def claim(now: object = None) -> WorkItem:
    item = ledger.work_claim(now=now or NOW())  # type: ignore[arg-type]
    assert item is not None
    return item


def complete(item: WorkItem) -> None:
    ledger.work_complete(
        item, output={"done": True}, cpu_seconds=1.5, now=NOW(), then=encode_advance
    )


def fail(item: WorkItem, failure: WorkFailure = CRASH) -> None:
    ledger.work_fail(item, failure=failure, now=NOW(), give_up=encode_give_up)


def test_the_most_urgent_piece_of_all_films_goes_first(planned_encode: MakeEncode) -> None:
    first = planned_encode(chunks=1)
    second = planned_encode(chunks=1)
    order = []
    for _ in range(6):
        item = claim()
        order.append((item.encode_id, item.kind, item.tier))
    assert order == [
        (first.pk, WorkKind.AUDIO, Tier.LOW),
        (second.pk, WorkKind.AUDIO, Tier.LOW),
        (first.pk, WorkKind.VIDEO, Tier.LOW),
        (second.pk, WorkKind.VIDEO, Tier.LOW),
        (first.pk, WorkKind.VIDEO, Tier.HIGH),
        (second.pk, WorkKind.VIDEO, Tier.HIGH),
    ]
    assert ledger.work_claim(now=NOW()) is None


def test_a_dead_workers_piece_is_taken_over_when_its_lease_runs_out(
    planned_encode: MakeEncode,
) -> None:
    planned_encode(chunks=1, high=False)
    dead = claim()
    other = claim()
    assert other.pk != dead.pk
    later = NOW() + ledger.lease_length() + timedelta(seconds=1)
    heir = claim(later)
    assert (heir.pk, heir.attempts) == (dead.pk, 2)


def test_a_worker_that_lost_its_lease_writes_nothing(planned_encode: MakeEncode) -> None:
    planned_encode(chunks=1, high=False)
    slow = claim()
    heir = claim(NOW() + ledger.lease_length() * 2)
    while heir.pk != slow.pk:
        heir = claim(NOW() + ledger.lease_length() * 2)
    for act in (complete, fail, lambda i: ledger.work_renew(i, progress=0.5, now=NOW())):
        with pytest.raises(LeaseLost):
            act(slow)
    row = WorkItem.objects.get(pk=slow.pk)
    assert (row.state, row.lease_owner, row.output) == (WorkState.RUNNING, heir.lease_owner, {})
    complete(heir)
    row.refresh_from_db()
    assert (row.state, row.output, row.cpu_seconds) == (WorkState.DONE, {"done": True}, 1.5)


def test_a_piece_of_an_ended_encode_cannot_be_completed(planned_encode: MakeEncode) -> None:
    encode = planned_encode()
    item = claim()
    Encode.objects.filter(pk=encode.pk).update(state=EncodeState.FAILED)
    with pytest.raises(LeaseLost):
        complete(item)
    assert WorkItem.objects.get(pk=item.pk).state == WorkState.RUNNING


def test_a_failure_waits_longer_each_time_and_then_ends_the_encode(
    planned_encode: MakeEncode, admin: User, settings: object
) -> None:
    settings.ENCODE_MAX_ATTEMPTS = 3  # type: ignore[attr-defined]
    encode = planned_encode(chunks=1, uploaded_by=admin)
    item = claim()
    waits = []
    for _ in range(2):
        fail(item)
        row = WorkItem.objects.get(pk=item.pk)
        waits.append(round((row.not_before - NOW()).total_seconds()))
        assert (row.state, row.last_error) == (WorkState.READY, CRASH.message)
        assert ledger.work_claim(now=NOW()) != item  # not before its time
        WorkItem.objects.exclude(pk=item.pk).update(state=WorkState.DONE)
        item = claim(row.not_before)
    assert waits == [2, 10]
    fail(item)
    encode.refresh_from_db()
    encode.asset.refresh_from_db()
    assert encode.state == EncodeState.FAILED
    assert (encode.asset.status, encode.asset.error_message) == (AssetStatus.FAILED, CRASH.message)
    note = Notification.objects.get(user=admin)
    assert CRASH.message in note.message
    assert ledger.work_claim(now=NOW() + timedelta(days=1)) is None


def test_a_fault_of_the_film_ends_it_at_once(planned_encode: MakeEncode) -> None:
    encode = planned_encode()
    fail(claim(), WorkFailure("damaged", "The file is damaged.", retryable=False))
    encode.refresh_from_db()
    assert (encode.state, encode.error_code) == (EncodeState.FAILED, "damaged")


def test_an_outage_uses_up_no_attempts_but_ends_after_a_day(planned_encode: MakeEncode) -> None:
    encode = planned_encode(chunks=1)
    outage = WorkFailure("storage_unavailable", "Storage is away.", outage=True)
    item = claim()
    for _ in range(12):
        fail(item, outage)
        row = WorkItem.objects.get(pk=item.pk)
        assert (row.state, row.attempts) == (WorkState.READY, 0)
        item = claim(row.not_before)
        while item.pk != row.pk:
            item = claim(row.not_before)
    Encode.objects.filter(pk=encode.pk).update(started_at=NOW() - timedelta(hours=25))
    fail(item, outage)
    encode.refresh_from_db()
    assert encode.state == EncodeState.FAILED


@pytest.mark.django_db(transaction=True)
def test_many_workers_never_hold_one_piece_twice(planned_encode: MakeEncode) -> None:
    planned_encode(chunks=20)
    held: list[object] = []
    gate = threading.Barrier(8)

    def worker() -> None:
        gate.wait()
        while (item := ledger.work_claim(now=NOW())) is not None:
            held.append(item.pk)
        connection.close()

    threads = [threading.Thread(target=worker) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(held) == 41
    assert len(set(held)) == 41


@pytest.mark.django_db(transaction=True)
def test_the_race_above_is_real(planned_encode: MakeEncode) -> None:
    """Show as a control that read, then write, hands one piece to several workers."""
    planned_encode(chunks=1, high=False)
    held: list[object] = []
    gate = threading.Barrier(4)

    def careless() -> None:
        item = WorkItem.objects.filter(ledger.work_claimable(NOW())).order_by("priority").first()
        gate.wait()
        assert item is not None
        held.append(item.pk)
        connection.close()

    threads = [threading.Thread(target=careless) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(held) == 4
    assert len(set(held)) == 1
