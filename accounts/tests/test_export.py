"""Data exports."""

import io
import json
import resource
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.request import urlopen

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError, call_command
from django.db.models import ForeignKey, OneToOneField
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import AuditLog, DataExport, ExportStatus, Notification, User
from accounts.privacy.registry import personal_data_all
from accounts.services.exports import KEPT
from accounts.services.moderation import user_set_role
from catalog.models import WatchHistory
from kushfilms.core import storage
from kushfilms.core.models import Job

EXPORT = "/api/v1/users/export"
ApiAs = Callable[[User], APIClient]
Jobs = Callable[[], int]


def fetched(client: APIClient, export_id: str) -> zipfile.ZipFile:
    answer = client.get(f"{EXPORT}/{export_id}").json()
    assert answer["status"] == "READY"
    with urlopen(answer["downloadUrl"]) as body:
        return zipfile.ZipFile(io.BytesIO(body.read()))


@pytest.mark.django_db
def test_it_holds_all_data_of_the_person_and_of_no_other(
    viewer: User, stranger: User, movie_factory: Any, api_as: ApiAs, run_jobs: Jobs,
    mailoutbox: list[Any],
) -> None:  # fmt: skip
    client = api_as(viewer)
    own, foreign = movie_factory(title="Mine"), movie_factory(title="Theirs")
    WatchHistory.objects.create(user=viewer, movie=own, progress=60)
    WatchHistory.objects.create(user=stranger, movie=foreign, progress=60)
    answer = client.post(EXPORT)
    assert answer.status_code == 202
    assert (answer.json()["status"], answer.json()["downloadUrl"]) == ("QUEUED", None)
    run_jobs()
    archive = fetched(client, answer.json()["id"])
    assert archive.testzip() is None
    files = {name: archive.read(name).decode() for name in archive.namelist()}
    [profile] = json.loads(files["profile.json"])
    assert (profile["email"], profile["name"]) == (viewer.email, "Aisha")
    [watched] = json.loads(files["watch_history.json"])
    assert (watched["film"], watched["progressSeconds"]) == ("Mine", 60)
    assert json.loads(files["subscription.json"]) == []
    everything = "".join(files.values())
    assert "Theirs" not in everything
    assert stranger.email not in everything
    assert viewer.password not in everything
    assert all(f"{held.name}.json" in files["README.txt"] for held in personal_data_all())
    assert [mail.to for mail in mailoutbox] == [[viewer.email]]
    assert "downloadUrl" not in mailoutbox[0].body
    assert Notification.objects.get(user=viewer).action_url == "/account/privacy"


def test_every_row_that_points_at_a_person_is_declared() -> None:
    declared = {(held.model, held.owner) for held in personal_data_all()}
    links = {
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey | OneToOneField)
        and field.related_model is User
        # Django Admin's own log, which `accounts.admin.base` replaces, so it stays empty.
        and model is not LogEntry
    }
    assert len(links) > 8
    assert links <= declared


@pytest.mark.django_db
def test_another_persons_export_is_not_found(
    viewer: User, stranger: User, api_as: ApiAs, run_jobs: Jobs
) -> None:
    export_id = api_as(viewer).post(EXPORT).json()["id"]
    run_jobs()
    assert api_as(stranger).get(f"{EXPORT}/{export_id}").status_code == 404
    assert APIClient().get(f"{EXPORT}/{export_id}").status_code == 401


@pytest.mark.django_db
def test_a_repeated_request_makes_one_export(viewer: User, api_as: ApiAs, run_jobs: Jobs) -> None:
    client = api_as(viewer)
    first, second = client.post(EXPORT).json(), client.post(EXPORT).json()
    assert first["id"] == second["id"]
    assert run_jobs() == 2  # the export and its mail; its end waits a week
    assert DataExport.objects.count() == 1


@pytest.mark.django_db
def test_the_link_and_the_file_end(viewer: User, api_as: ApiAs, run_jobs: Jobs) -> None:
    client = api_as(viewer)
    export_id = client.post(EXPORT).json()["id"]
    run_jobs()
    export = DataExport.objects.get()
    assert storage.head(export.object_key).size_bytes == export.total_bytes
    # Storage knows the time, so it is the rows that grow old.
    DataExport.objects.update(expires_at=timezone.now())
    assert client.get(f"{EXPORT}/{export_id}").json()["downloadUrl"] is None
    expiry = Job.objects.get(kind="data_export_expire")
    assert expiry.not_before - timezone.now() > KEPT - timedelta(minutes=1)
    Job.objects.filter(pk=expiry.pk).update(not_before=timezone.now())
    run_jobs()
    with pytest.raises(storage.ObjectMissing):
        storage.head(export.object_key)
    assert client.get(f"{EXPORT}/{export_id}").json()["status"] == "EXPIRED"


@pytest.mark.django_db
def test_a_hundred_thousand_rows_take_bounded_memory(
    viewer: User, api_as: ApiAs, run_jobs: Jobs
) -> None:
    text = "x" * 500  # 50 MB of rows
    for _ in range(100):
        Notification.objects.bulk_create(
            Notification(user=viewer, type="SYSTEM", title="News", message=text)
            for _ in range(1000)
        )
    client = api_as(viewer)
    export_id = client.post(EXPORT).json()["id"]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    run_jobs()
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 48 * 1024  # KiB, against 60 MB of JSON and three times that as objects
    archive = fetched(client, export_id)
    assert len(json.loads(archive.read("notifications.json"))) == 100_000


@pytest.mark.django_db
def test_staff_can_verify_an_export(
    viewer: User, api_as: ApiAs, run_jobs: Jobs, tmp_path: Any
) -> None:
    client = api_as(viewer)
    export_id = client.post(EXPORT).json()["id"]
    run_jobs()
    archive = fetched(client, export_id)
    real, forged = tmp_path / "real.zip", tmp_path / "forged.zip"
    for path, change in ((real, False), (forged, True)):
        with zipfile.ZipFile(path, "w") as copy:
            for name in archive.namelist():
                content = archive.read(name)
                altered = change and name == "profile.json"
                copy.writestr(name, content.replace(b"Aisha", b"Amina") if altered else content)
    call_command("verify_export", str(real))
    with pytest.raises(CommandError, match=r"profile\.json"):
        call_command("verify_export", str(forged))


@pytest.mark.django_db
def test_actions_of_staff_are_in_it(viewer: User, api_as: ApiAs, run_jobs: Jobs) -> None:
    user_set_role(viewer, role="MODERATOR")  # type: ignore[arg-type]
    client = api_as(viewer)
    export_id = client.post(EXPORT).json()["id"]
    run_jobs()
    [entry] = json.loads(fetched(client, export_id).read("staff_actions_about_you.json"))
    assert (entry["action"], entry["after"]) == ("user.set_role", {"role": "MODERATOR"})
    assert AuditLog.objects.count() == 1


@pytest.mark.django_db
def test_a_storage_failure_delays_it(
    viewer: User, api_as: ApiAs, run_jobs: Jobs, settings: Any, time_machine: Any
) -> None:
    client = api_as(viewer)
    export_id = client.post(EXPORT).json()["id"]
    there = settings.R2_ENDPOINT
    settings.R2_ENDPOINT = "http://127.0.0.1:9"
    run_jobs()
    assert DataExport.objects.get().status == ExportStatus.RUNNING
    settings.R2_ENDPOINT = there
    time_machine.move_to(timezone.now() + timedelta(seconds=10))
    run_jobs()
    assert client.get(f"{EXPORT}/{export_id}").json()["status"] == "READY"
