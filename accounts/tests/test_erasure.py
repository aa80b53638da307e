"""Erasure of accounts, and its withdrawal."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import AuditLog, AvatarUpload, Consent, Notification, Session, User
from accounts.privacy.registry import personal_data_all
from accounts.services.consents import legal_texts_agree
from accounts.services.erasure import deletion_request
from accounts.services.moderation import user_ban, user_unban
from catalog.models import WatchHistory
from kushfilms.core import storage
from kushfilms.core.mail import KAMPALA
from kushfilms.core.models import Job

ACCOUNT = "/api/v1/users/account"
ME = "/api/v1/auth/me"
ApiAs = Callable[[User], APIClient]
SiteAs = Callable[[User], Client]
Jobs = Callable[[], int]


def grace_is_over() -> None:
    """Age the rows, as storage checks the real time."""
    past = timezone.now() - timedelta(seconds=1)
    User.objects.exclude(deletes_at=None).update(deletes_at=past)
    Job.objects.filter(kind="erase_person").update(not_before=past)


GRACE = django_settings.ACCOUNT_DELETION_GRACE + timedelta(seconds=1)


@pytest.mark.django_db
def test_the_wrong_password_changes_nothing(
    viewer: User, api_as: ApiAs, mailoutbox: list[Any], run_jobs: Jobs
) -> None:
    client = api_as(viewer)
    answer = client.delete(ACCOUNT, {"password": "wrong"})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["password"])
    run_jobs()
    viewer.refresh_from_db()
    assert viewer.deletes_at is None
    assert client.get(ME).status_code == 200
    assert mailoutbox == []


@pytest.mark.django_db(transaction=True)
def test_a_request_signs_out_everywhere_and_returns_the_date(
    viewer: User, password: str, api_as: ApiAs, mailoutbox: list[Any], run_jobs: Jobs
) -> None:
    phone, tv = api_as(viewer), api_as(viewer)
    answer = phone.delete(ACCOUNT, {"password": password})
    assert answer.status_code == 202
    viewer.refresh_from_db()
    assert viewer.deletes_at
    assert answer.json()["deletesAt"].startswith(f"{viewer.deletes_at:%Y-%m-%dT%H:%M:%S}")
    assert [client.get(ME).status_code for client in (phone, tv)] == [401, 401]
    run_jobs()
    [mail] = mailoutbox
    assert mail.to == [viewer.email]
    assert f"{timezone.localtime(viewer.deletes_at, KAMPALA):%B %Y}" in mail.body
    assert User.objects.get(pk=viewer.pk).erased_at is None


@pytest.mark.django_db
def test_a_withdrawal_in_time_keeps_the_account(
    viewer: User, password: str, api_as: ApiAs, run_jobs: Jobs, time_machine: Any
) -> None:
    api_as(viewer).delete(ACCOUNT, {"password": password})
    assert api_as(viewer).post(f"{ACCOUNT}/keep").status_code == 204
    time_machine.move_to(timezone.now() + GRACE)
    run_jobs()
    viewer.refresh_from_db()
    assert (viewer.erased_at, viewer.deletes_at, viewer.name) == (None, None, "Aisha")


@pytest.mark.django_db(transaction=True)
def test_after_the_grace_period_no_data_identifies_the_person(
    viewer: User, stranger: User, password: str, movie_factory: Any, api_as: ApiAs,
    run_jobs: Jobs,
) -> None:  # fmt: skip
    movie = movie_factory()
    for user in (viewer, stranger):
        WatchHistory.objects.create(user=user, movie=movie, progress=1)
        legal_texts_agree(user.pk)
    user_ban(viewer, reason="Aisha was rude", until=timezone.now())
    user_unban(viewer)
    viewer.avatar_key = "public/avatars/a.webp"
    viewer.save()
    sent = AvatarUpload.objects.create(
        user=viewer, content_type="image/webp", size=7, expires_at=timezone.now()
    )
    for key in (viewer.avatar_key, sent.key):
        storage.put_bytes(key, b"picture", content_type="image/webp")
    client = api_as(viewer)
    client.post("/api/v1/users/export")
    run_jobs()
    export_key = viewer.data_exports.get().object_key
    email, row_id = viewer.email, str(viewer.pk)
    client.delete(ACCOUNT, {"password": password})
    grace_is_over()
    late = api_as(viewer)  # signed in when it happens
    assert late.get(ME).status_code == 200
    run_jobs()
    assert late.get(ME).status_code == 401
    for key in (viewer.avatar_key, sent.key, export_key):
        with pytest.raises(storage.ObjectMissing):
            storage.head(key)
    assert _dump_mentions(email, "Aisha") == []
    erased = User.objects.get(pk=row_id)
    assert erased.erased_at
    assert not erased.has_usable_password()
    kept = {held.name for held in personal_data_all() if held.rows(erased.pk).exists()}
    assert kept == {"profile", "staff_actions_about_you"}
    assert AuditLog.objects.filter(entity_id=row_id, action="user.ban").get().reason == ""
    assert Consent.objects.filter(user=None, ip=None).count() == 2
    assert WatchHistory.objects.get().user == stranger
    assert stranger.consents.count() == 2


def _dump_mentions(*words: str) -> list[str]:
    """Return the tables with a row that contains one of the texts."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            rows = " ".join(row[0] for row in cursor.fetchall())
            found += [table for word in words if word in rows]
    return found


@pytest.mark.django_db
def test_an_interrupted_erasure_continues(
    viewer: User, run_jobs: Jobs, time_machine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    Notification.objects.bulk_create(
        Notification(user=viewer, type="SYSTEM", title="News", message=str(n)) for n in range(2500)
    )
    deletion_request(viewer, now=timezone.now())
    time_machine.move_to(timezone.now() + GRACE)
    with monkeypatch.context() as patch:

        def cut(*_args: Any, **_kwargs: Any) -> None:
            raise SystemExit

        patch.setattr("kushfilms.core.jobs.Running.checkpoint", cut)
        with pytest.raises(SystemExit):
            run_jobs()
    assert Notification.objects.count() == 1500
    assert User.objects.get(pk=viewer.pk).erased_at is None
    time_machine.move_to(timezone.now() + timedelta(minutes=10))
    run_jobs()
    assert Notification.objects.count() == 0
    assert User.objects.get(pk=viewer.pk).erased_at


@pytest.mark.django_db
def test_the_address_is_free_again(
    viewer: User, api: APIClient, run_jobs: Jobs, time_machine: Any
) -> None:
    deletion_request(viewer, now=timezone.now())
    new = {"email": viewer.email, "password": "matoke-and-beans-9", "name": "New"}
    assert api.post("/api/v1/auth/register", new).status_code == 409
    time_machine.move_to(timezone.now() + GRACE)
    run_jobs()
    assert api.post("/api/v1/auth/register", new).status_code == 201


@pytest.mark.django_db
def test_the_page_does_it_all_without_javascript(
    viewer: User, password: str, site_as: SiteAs, run_jobs: Jobs
) -> None:
    browser = site_as(viewer)
    page = "/account/privacy"
    assert browser.post(page, {"do": "export"}).status_code == 302
    assert "in progress" in browser.get(page).content.decode()
    run_jobs()
    assert "Download" in browser.get(page).content.decode()
    wrong = browser.post(page, {"do": "leave", "password": "wrong"})
    assert "not your password" in wrong.content.decode()
    left = browser.post(page, {"do": "leave", "password": password})
    assert left.status_code == 302
    assert browser.get(page).status_code == 302  # signed out
    again = site_as(viewer)
    assert "will be deleted on" in again.get(page).content.decode()
    assert again.post(page, {"do": "keep"}).status_code == 302
    viewer.refresh_from_db()
    assert viewer.deletes_at is None


@pytest.mark.django_db
def test_the_page_needs_a_sign_in(client: Client) -> None:
    answer = client.get("/account/privacy")
    assert answer["Location"] == "/login?next=/account/privacy"
    assert Session.objects.count() == 0
    assert cache.get("anything") is None
