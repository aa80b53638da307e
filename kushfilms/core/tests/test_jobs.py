"""Job ledger: jobs run once, again after a crash, and are given up in the end."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from kushfilms.core import jobs
from kushfilms.core.jobs import GiveUp, Running, job_cancel, job_enqueue, job_run_next
from kushfilms.core.leases import LeaseLost
from kushfilms.core.models import Job, JobLane, JobState

QUICK = JobLane.QUICK
Handlers = Callable[..., None]


@pytest.fixture
def kind() -> Iterator[Handlers]:
    names: list[str] = []

    def register(name: str, handler: jobs.Handler, **options: Any) -> None:
        names.append(name)
        jobs.job_kind(name, **options)(handler)

    yield register
    for name in names:
        jobs._kinds.pop(name)


def only() -> Job:
    return Job.objects.get()


@pytest.mark.django_db
def test_a_job_is_done_once_with_its_payload(kind: Handlers) -> None:
    seen: list[Any] = []
    kind("note", lambda job: seen.append(job.payload))
    job_enqueue("note", {"film": 1})
    assert [job_run_next(QUICK), job_run_next(QUICK)] == [True, False]
    assert seen == [{"film": 1}]
    assert only().state == JobState.DONE


@pytest.mark.django_db
def test_a_rolled_back_transaction_leaves_no_job(kind: Handlers) -> None:
    kind("note", lambda job: None)
    with transaction.atomic():
        job_enqueue("note", {})
        transaction.set_rollback(True)
    assert not Job.objects.exists()


def test_an_unknown_kind_is_refused_at_once() -> None:
    with pytest.raises(LookupError):
        job_enqueue("no such", {})


@pytest.mark.django_db
def test_of_two_waiting_jobs_with_one_key_there_is_one(kind: Handlers) -> None:
    kind("note", lambda job: None)
    for key in ("a", "a", "b", "", ""):
        job_enqueue("note", {}, key=key)
    assert Job.objects.count() == 4
    job_cancel("note", key="a")
    assert Job.objects.count() == 3


@pytest.mark.django_db
def test_a_fault_is_kept_and_tried_again_later_and_later(kind: Handlers, time_machine: Any) -> None:
    def fail(job: Running) -> None:
        raise ConnectionRefusedError("mail server away")

    kind("note", fail)
    job_enqueue("note", {})
    for attempt, pause in enumerate((5, 30, 120, 300, 600, 600), start=1):
        now = timezone.now()
        time_machine.move_to(now, tick=False)
        assert job_run_next(QUICK)
        row = only()
        assert (row.state, row.attempts) == (JobState.WAITING, attempt)
        assert row.last_error == "ConnectionRefusedError: mail server away"
        assert row.not_before - now == timedelta(seconds=pause)
        assert not job_run_next(QUICK)
        time_machine.move_to(row.not_before, tick=False)


@pytest.mark.django_db
def test_a_job_is_given_up_in_the_end_with_its_callback(kind: Handlers, time_machine: Any) -> None:
    told: list[Any] = []

    def fail(job: Running) -> None:
        raise ConnectionRefusedError

    kind("note", fail, given_up=told.append)
    job_enqueue("note", {"export": 7})
    time_machine.move_to(timezone.now() + jobs.PATIENCE + timedelta(seconds=1))
    job_run_next(QUICK)
    assert only().state == JobState.FAILED
    assert told == [{"export": 7}]


@pytest.mark.django_db
def test_a_hopeless_job_is_not_tried_again(kind: Handlers) -> None:
    def fail(job: Running) -> None:
        raise GiveUp("no such address")

    kind("note", fail)
    job_enqueue("note", {})
    job_run_next(QUICK)
    assert (only().state, only().last_error) == (JobState.FAILED, "GiveUp: no such address")


@pytest.mark.django_db
def test_a_dead_workers_job_goes_on_from_its_checkpoint(kind: Handlers, time_machine: Any) -> None:
    seen: list[int] = []

    def count(job: Running) -> None:
        seen.append(job.payload["at"])
        if job.payload["at"] == 0:
            job.checkpoint(at=500)
            raise SystemExit  # what a killed process leaves: no word in the row

    kind("count", count)
    job_enqueue("count", {"at": 0})
    with pytest.raises(SystemExit):
        job_run_next(QUICK)
    assert not job_run_next(QUICK)  # its lease still runs
    time_machine.move_to(timezone.now() + jobs.LEASE + timedelta(seconds=1))
    assert job_run_next(QUICK)
    assert seen == [0, 500]
    assert only().state == JobState.DONE


@pytest.mark.django_db
def test_a_worker_without_its_lease_writes_nothing(kind: Handlers) -> None:
    def lose(job: Running) -> None:
        Job.objects.filter(pk=job.row.pk).update(lease_owner="another")
        with pytest.raises(LeaseLost):
            job.checkpoint(at=1)
        job.checkpoint(at=2)

    kind("note", lose)
    job_enqueue("note", {})
    job_run_next(QUICK)
    row = only()
    assert (row.state, row.lease_owner, row.payload) == (JobState.RUNNING, "another", {})


@pytest.mark.django_db
def test_lanes_do_not_wait_for_each_other(kind: Handlers) -> None:
    kind("export", lambda job: None, lane=JobLane.LONG)
    job_enqueue("export", {})
    assert not job_run_next(QUICK)
    assert job_run_next(JobLane.LONG)


@pytest.mark.django_db
def test_old_jobs_are_deleted(kind: Handlers, time_machine: Any) -> None:
    kind("note", lambda job: None)
    job_enqueue("note", {})
    job_run_next(QUICK)
    jobs.jobs_sweep(now=timezone.now() + jobs.KEPT_WHEN_OVER - timedelta(hours=1))
    assert Job.objects.count() == 1
    jobs.jobs_sweep(now=timezone.now() + jobs.KEPT_WHEN_OVER + timedelta(hours=1))
    assert not Job.objects.exists()
