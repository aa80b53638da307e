"""Fan-out of notifications, and announcements of staff."""

from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditLog, Notification, User
from accounts.services import bulk_notifications
from accounts.services.announcements import announcement_send
from accounts.services.bulk_notifications import notification_fan_out
from kushfilms.core.jobs import LEASE, Running, job_run_next
from kushfilms.core.models import Job, JobLane

SiteAs = Callable[[User], Client]
PAGE = "/admin/accounts/notification/announce/"
PEOPLE = 5_000

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """The death of a worker."""


@pytest.fixture
def crowd() -> None:
    """Create people, every fifth with a verified address."""
    User.objects.bulk_create(
        User(email=f"p{n}@crowd.ug", name=f"P{n}", password="!", email_verified=n % 5 == 0)
        for n in range(PEOPLE)
    )


def start(key: str = "launch") -> None:
    notification_fan_out("everyone", key=key, title="Kush is open", message="Come and see.")


def told() -> Counter[Any]:
    return Counter(Notification.objects.values_list("user_id", flat=True))


def mails() -> int:
    return Job.objects.filter(kind="mail").count()


def die_in_the_third_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    batches, checkpoint = iter(range(100)), Running.checkpoint

    def dying(self: Running, **changes: Any) -> None:
        if next(batches) == 2:
            raise Killed
        checkpoint(self, **changes)

    with monkeypatch.context() as patch:
        patch.setattr(Running, "checkpoint", dying)
        with pytest.raises(Killed):
            job_run_next(JobLane.LONG)


@pytest.mark.usefixtures("crowd")
def test_five_thousand_are_notified_in_batches(
    django_assert_max_num_queries: Any, viewer: User
) -> None:
    start()
    User.objects.filter(pk=viewer.pk).update(is_banned=True)
    with django_assert_max_num_queries(60):  # seven a batch: not one a person
        job_run_next(JobLane.LONG)
    assert (len(told()), set(told().values())) == (PEOPLE, {1})
    assert mails() == PEOPLE // 5
    assert viewer.pk not in told()


@pytest.mark.usefixtures("crowd")
def test_after_a_crash_it_continues_without_repetitions(
    monkeypatch: pytest.MonkeyPatch, time_machine: Any
) -> None:
    start()
    die_in_the_third_batch(monkeypatch)
    wanting = Notification.objects.filter(user__email_verified=True).count()
    assert (len(told()), mails()) == (2000, wanting)
    assert not job_run_next(JobLane.LONG)  # its lease still runs
    time_machine.move_to(timezone.now() + LEASE + timedelta(seconds=1))
    assert job_run_next(JobLane.LONG)
    assert (len(told()), set(told().values())) == (PEOPLE, {1})
    assert mails() == PEOPLE // 5


@pytest.mark.usefixtures("crowd")
def test_without_the_protection_people_are_notified_twice(
    monkeypatch: pytest.MonkeyPatch, time_machine: Any
) -> None:
    """Control: without the transaction and the key, the interrupted batch is notified twice."""
    monkeypatch.setattr(bulk_notifications, "transaction", SimpleNamespace(atomic=nullcontext))
    start(key="")
    die_in_the_third_batch(monkeypatch)
    time_machine.move_to(timezone.now() + LEASE + timedelta(seconds=1))
    job_run_next(JobLane.LONG)
    assert sum(1 for times in told().values() if times == 2) == bulk_notifications.BATCH
    assert mails() > PEOPLE // 5


def test_a_repeated_fan_out_notifies_once(viewer: User, stranger: User) -> None:
    User.objects.update(email_verified=True)
    for _ in range(2):
        start()
        job_run_next(JobLane.LONG)
    assert told() == {viewer.pk: 1, stranger.pk: 1}
    assert mails() == 2


def test_a_worker_without_its_lease_notifies_nobody(
    viewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell = bulk_notifications._notify

    def stolen(*args: Any) -> None:
        Job.objects.update(lease_owner="another")
        tell(*args)

    monkeypatch.setattr(bulk_notifications, "_notify", stolen)
    start()
    # The theft is undone with the batch it came in, as everything written there.
    job_run_next(JobLane.LONG)
    assert told() == {}


def test_an_unknown_audience_is_refused_at_once() -> None:
    with pytest.raises(LookupError):
        notification_fan_out("martians", key="x", title="t", message="m")
    assert not Job.objects.exists()


# ── Announcements ───────────────────────────────────────────────────────────────────────


def form(**change: str) -> dict[str, str]:
    return {
        "announcement_id": str(uuid4()),
        "audience": "staff",
        "title": "Meeting",
        "message": "At nine.",
        "action_url": "/movies",
        **change,
    }


def test_an_admin_announces_and_it_is_written_down(
    admin: User, moderator: User, viewer: User, site_as: SiteAs, run_jobs: Callable[[], int]
) -> None:
    browser = site_as(admin)
    listed = browser.get("/admin/accounts/notification/").content.decode()
    page = browser.get(PAGE).content.decode()
    assert (PAGE in listed, "Send" in page, "style=" in page) == (True, True, False)
    sent = form()
    for _ in range(2):  # clicked twice
        assert browser.post(PAGE, sent).status_code == 302
        run_jobs()
    assert told() == {admin.pk: 1, moderator.pk: 1}
    entry = AuditLog.objects.get(action="notification.announce")
    assert (entry.actor_id, entry.label) == (admin.pk, "Meeting")
    assert entry.new_values["audience"] == "staff"
    assert Notification.objects.filter(action_url="/movies", type="SYSTEM").count() == 2


@pytest.mark.parametrize(
    "change",
    [{"title": ""}, {"message": ""}, {"audience": "martians"}, {"action_url": "https://evil.ug"},
     {"action_url": "//evil.ug"}, {"action_url": "/\\evil.ug"}, {"announcement_id": "x"},
     {"title": "a\x00b"}, {"title": "t" * 201}],
)  # fmt: skip
def test_invalid_announcements_send_nothing(
    admin: User, site_as: SiteAs, change: dict[str, str]
) -> None:
    assert site_as(admin).post(PAGE, form(**change)).status_code == 200
    assert not Job.objects.exists()
    assert not AuditLog.objects.exists()


def test_only_admins_announce(
    moderator: User, viewer: User, client: Client, site_as: SiteAs
) -> None:
    browser = site_as(moderator)
    assert PAGE not in browser.get("/admin/accounts/notification/").content.decode()
    assert browser.get(PAGE).status_code == 403
    assert browser.post(PAGE, form()).status_code == 403
    assert site_as(viewer).post(PAGE, form()).status_code == 302
    assert client.post(PAGE, form()).status_code == 302
    assert not Job.objects.exists()


def test_an_announcement_is_all_or_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LookupError):
        announcement_send(uuid4(), audience="martians", title="t", message="m", action_url="")
    assert not AuditLog.objects.exists()
