"""Avatars sent straight to storage: /api/v1/users/avatar/upload-url and …/complete."""

import io
import time
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
import requests
from django.conf import settings
from django.test import Client
from django.utils import timezone
from PIL import Image
from rest_framework.test import APIClient

from accounts.models import AvatarUpload, User
from accounts.services import avatar_uploads
from accounts.services.avatar_uploads import avatar_uploads_sweep
from accounts.services.avatars import avatar_store
from accounts.tasks import sweep_avatar_uploads
from kushfilms.core import storage
from kushfilms.core.api import throttles

URL = "/api/v1/users/avatar"
ApiAs = Callable[[User], APIClient]
RunJobs = Callable[[], int]
MIB = 1024**2

pytestmark = pytest.mark.django_db


@pytest.fixture
def one_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep to one window of the limits without moving the clock of storage's signatures."""
    now = time.time()
    monkeypatch.setattr(throttles, "time", SimpleNamespace(time=lambda: now))


def _picture(kind: str = "JPEG", colour: str = "red", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (800, 600), colour).save(out, kind, **options)
    return out.getvalue()


def _announce(client: APIClient, size: int, kind: str = "image/jpeg") -> Any:
    return client.post(f"{URL}/upload-url", {"contentType": kind, "size": size})


def _send(ticket: Any, data: bytes, kind: str = "image/jpeg") -> requests.Response:
    return requests.put(ticket["uploadUrl"], data, headers={"Content-Type": kind}, timeout=30)


def _complete(client: APIClient, ticket: Any) -> Any:
    return client.post(f"{URL}/complete", {"uploadId": ticket["uploadId"]})


def _sent(client: APIClient, data: bytes, kind: str = "image/jpeg") -> Any:
    """Upload a picture to storage and return its ticket."""
    answer = _announce(client, len(data), kind)
    assert answer.status_code == 201, answer.content
    assert _send(answer.json(), data, kind).status_code == 200
    return answer.json()


def _key(ticket: Any) -> str:
    return AvatarUpload.objects.get(pk=ticket["uploadId"]).key


def _there(key: str) -> bool:
    try:
        storage.head(key)
    except storage.ObjectMissing:
        return False
    return True


def _avatar() -> str:
    return User.objects.get(name="Aisha").avatar_key


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_sent_to_storage_becomes_the_avatar(
    viewer: User, api_as: ApiAs, client: Client, run_jobs: RunJobs, kind: str
) -> None:
    phone = api_as(viewer)
    ticket = _sent(phone, _picture(kind), f"image/{kind.lower()}")
    assert set(ticket) == {"uploadId", "uploadUrl", "expiresIn"}
    assert ticket["expiresIn"] == 600
    assert "X-Amz-Expires=600" in ticket["uploadUrl"]
    incoming = _key(ticket)
    answer = _complete(phone, ticket)
    assert answer.status_code == 200
    url = answer.json()["avatarUrl"]
    assert answer.json() == phone.get("/api/v1/users/profile").json()
    served = client.get(url.removeprefix(settings.FRONTEND_URL))
    with Image.open(io.BytesIO(b"".join(served))) as made:
        assert (made.format, made.size) == ("WEBP", (256, 256))
    run_jobs()
    assert not _there(incoming)


def test_the_replaced_picture_is_deleted(viewer: User, api_as: ApiAs, run_jobs: RunJobs) -> None:
    phone = api_as(viewer)
    phone.put(URL, _picture(), content_type="image/jpeg")
    before = _avatar()
    assert _complete(phone, _sent(phone, _picture())).status_code == 200
    run_jobs()
    assert not _there(before)
    assert _there(_avatar())


def test_the_url_takes_exactly_the_announced_length_and_type(viewer: User, api_as: ApiAs) -> None:
    data = _picture()
    ticket = _announce(api_as(viewer), len(data)).json()
    for refused in (
        _send(ticket, data + b"x"),
        _send(ticket, data[:-1]),
        _send(ticket, data, "text/html"),
        _send(ticket, data, "image/png"),
    ):
        assert refused.status_code == 403
    assert not _there(_key(ticket))
    assert _send(ticket, data).status_code == 200
    assert storage.head(_key(ticket)).content_type == "image/jpeg"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"contentType": "image/gif", "size": 9}, 415, "unsupported_media_type"),
        ({"contentType": "image/svg+xml", "size": 9}, 415, "unsupported_media_type"),
        ({"contentType": "text/html", "size": 9}, 415, "unsupported_media_type"),
        ({"contentType": "image/jpeg\r\nX: y", "size": 9}, 415, "unsupported_media_type"),
        ({"contentType": "", "size": 9}, 400, "validation_error"),
        ({"contentType": "image/jpeg"}, 400, "validation_error"),
        ({"contentType": "image/jpeg", "size": 0}, 400, "validation_error"),
        ({"contentType": "image/jpeg", "size": -1}, 400, "validation_error"),
        ({"contentType": "image/jpeg", "size": "many"}, 400, "validation_error"),
        ({"contentType": "image/jpeg", "size": 10**30}, 400, "validation_error"),
        ({"contentType": "image/jpeg", "size": 5 * MIB + 1}, 413, "too_large"),
    ],
)
def test_invalid_announcements_get_no_url(
    viewer: User, api_as: ApiAs, body: dict[str, Any], status: int, code: str
) -> None:
    answer = api_as(viewer).post(f"{URL}/upload-url", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not AvatarUpload.objects.exists()


def test_the_largest_picture_gets_a_url(viewer: User, api_as: ApiAs) -> None:
    assert _announce(api_as(viewer), 5 * MIB).status_code == 201


def _bomb() -> bytes:
    """Return a small PNG with more pixels than the limit."""
    out = io.BytesIO()
    Image.new("1", (4000, 2001)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"hello", 422, "picture_unreadable"),
        (b"GIF89a" + b"\0" * 64, 422, "picture_unreadable"),
        (_picture()[:400], 422, "picture_unreadable"),
        (_bomb(), 413, "too_large"),
    ],
)
def test_other_files_are_refused_and_deleted(
    viewer: User, api_as: ApiAs, data: bytes, status: int, code: str
) -> None:
    phone = api_as(viewer)
    phone.put(URL, _picture(), content_type="image/jpeg")
    before = _avatar()
    ticket = _sent(phone, data)
    answer = _complete(phone, ticket)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert _avatar() == before
    assert _there(before)
    assert not _there(_key(ticket))
    assert _complete(phone, ticket).json()["code"] == "upload_incomplete"


def test_nothing_happens_before_the_file_has_arrived(viewer: User, api_as: ApiAs) -> None:
    phone, data = api_as(viewer), _picture()
    ticket = _announce(phone, len(data)).json()
    early = _complete(phone, ticket)
    assert (early.status_code, early.json()["code"]) == (409, "upload_incomplete")
    assert _avatar() == ""
    _send(ticket, data)
    assert _complete(phone, ticket).status_code == 200


@pytest.mark.parametrize("change", [-1, 1, 6 * MIB])
def test_an_object_of_another_size_is_not_read(viewer: User, api_as: ApiAs, change: int) -> None:
    phone, data = api_as(viewer), _picture()
    ticket = _announce(phone, len(data)).json()
    other = (data + b"x" * max(change, 0))[: len(data) + change]
    storage.put_bytes(_key(ticket), other, content_type="image/jpeg")  # past the signed length
    refused = _complete(phone, ticket)
    assert (refused.status_code, refused.json()["code"]) == (409, "size_mismatch")
    assert _avatar() == ""


def test_another_persons_upload_is_not_found(viewer: User, stranger: User, api_as: ApiAs) -> None:
    ticket = _sent(api_as(viewer), _picture())
    foreign = api_as(stranger)
    for upload in (ticket, {"uploadId": str(uuid4())}):
        refused = _complete(foreign, upload)
        assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    assert not User.objects.exclude(avatar_key="").exists()
    assert _there(_key(ticket))
    for bad in ({}, {"uploadId": "x"}, {"uploadId": None}, {"uploadId": f"../{uuid4()}"}):
        assert foreign.post(f"{URL}/complete", bad).status_code == 400
    assert _complete(api_as(viewer), ticket).status_code == 200


def test_a_sign_in_is_required(api: APIClient, viewer: User, api_as: ApiAs) -> None:
    ticket = _sent(api_as(viewer), _picture())
    assert _announce(api, 9).status_code == 401
    assert _complete(api, ticket).status_code == 401
    assert AvatarUpload.objects.count() == 1
    assert _avatar() == ""


def test_after_completion_the_url_changes_nothing_and_what_it_writes_is_swept(
    viewer: User, api_as: ApiAs, run_jobs: RunJobs
) -> None:
    phone, data = api_as(viewer), _picture()
    ticket = _sent(phone, data)
    assert _complete(phone, ticket).status_code == 200
    run_jobs()
    avatar, picture = _avatar(), storage.get_bytes(_avatar())
    other = _picture(colour="blue")
    _send(ticket, other.ljust(len(data), b"\0")[: len(data)])
    again = _complete(phone, ticket)
    assert (again.status_code, again.json()["avatarUrl"]) == (200, storage_url(avatar))
    assert run_jobs() == 0
    assert (_avatar(), storage.get_bytes(avatar)) == (avatar, picture)
    assert _there(_key(ticket))
    avatar_uploads_sweep(now=timezone.now())
    assert _there(_key(ticket))  # the URL may be in use
    avatar_uploads_sweep(now=timezone.now() + timedelta(hours=7))
    assert not _there(_key(ticket))
    assert _there(avatar)


def storage_url(key: str) -> str:
    return f"{settings.FRONTEND_URL}{storage.public_url(key)}"


def test_an_expired_upload_is_refused_and_swept(viewer: User, api_as: ApiAs) -> None:
    phone = api_as(viewer)
    late, kept = _sent(phone, _picture()), _sent(phone, _picture())
    key = _key(late)
    AvatarUpload.objects.filter(pk=late["uploadId"]).update(
        expires_at=timezone.now() - timedelta(days=1, minutes=1)
    )
    refused = _complete(phone, late)
    assert (refused.status_code, refused.json()["code"]) == (409, "upload_gone")
    assert _avatar() == ""
    sweep_avatar_uploads()
    assert [str(row.pk) for row in AvatarUpload.objects.all()] == [kept["uploadId"]]
    assert _there(_key(kept))
    assert avatar_uploads_sweep(now=timezone.now() + timedelta(hours=7)) >= 2
    assert not _there(key)
    assert _complete(phone, late).status_code == 404


def test_a_late_repetition_does_not_restore_the_picture(
    viewer: User, api_as: ApiAs, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Complete twice, where a third picture is set between the two calls."""
    phone = api_as(viewer)
    ticket, store = _sent(phone, _picture()), avatar_store
    stored: list[str] = []

    def slow_store(data: bytes) -> str:
        monkeypatch.setattr(avatar_uploads, "avatar_store", store)
        stored.append(store(data))
        assert _complete(phone, ticket).status_code == 200
        assert phone.put(URL, _picture(), content_type="image/jpeg").status_code == 200
        stored.append(_avatar())
        return stored[0]

    monkeypatch.setattr(avatar_uploads, "avatar_store", slow_store)
    assert _complete(phone, ticket).status_code == 200
    assert _avatar() == stored[1]
    run_jobs()
    assert (_there(stored[0]), _there(stored[1])) == (False, True)


def test_a_repetition_without_the_object_answers_like_the_first(
    viewer: User, api_as: ApiAs, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = api_as(viewer)
    ticket, open_object = _sent(phone, _picture()), storage.open_object

    def slow_open(key: str) -> storage.OpenObject:
        monkeypatch.setattr(storage, "open_object", open_object)
        assert _complete(phone, ticket).status_code == 200
        run_jobs()
        return open_object(key)

    monkeypatch.setattr(storage, "open_object", slow_open)
    answer = _complete(phone, ticket)
    assert (answer.status_code, answer.json()["avatarUrl"]) == (200, storage_url(_avatar()))


def test_a_storage_failure_can_be_retried(viewer: User, api_as: ApiAs, settings: Any) -> None:
    phone = api_as(viewer)
    ticket, endpoint = _sent(phone, _picture()), settings.R2_ENDPOINT
    settings.R2_ENDPOINT = "http://127.0.0.1:1"
    answer = _complete(phone, ticket)
    assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")
    assert _avatar() == ""
    settings.R2_ENDPOINT = endpoint
    assert _complete(phone, ticket).status_code == 200


@pytest.mark.parametrize("path", ["/{key}", "/public/{key}", "/public/../{key}"])
def test_no_url_serves_an_uploaded_original(
    viewer: User, api_as: ApiAs, client: Client, path: str
) -> None:
    ticket = _sent(api_as(viewer), _picture())
    assert client.get(path.format(key=_key(ticket))).status_code == 404
    assert requests.get(ticket["uploadUrl"], timeout=30).status_code == 403
    bare = ticket["uploadUrl"].partition("?")[0]
    assert requests.get(bare, timeout=30).status_code in {400, 401, 403}


def test_completions_are_counted_with_the_other_pictures(
    viewer: User, api_as: ApiAs, one_window: None
) -> None:
    phone = api_as(viewer)
    ticket = _sent(phone, _picture())
    for _ in range(10):
        assert phone.put(URL, b"no picture", content_type="image/png").status_code == 422
    refused = _complete(phone, ticket)
    assert refused.status_code == 429
    assert refused["Retry-After"]
    assert _avatar() == ""


def test_urls_are_counted_by_person(
    viewer: User, stranger: User, api_as: ApiAs, one_window: None
) -> None:
    phone = api_as(viewer)
    for _ in range(20):
        assert _announce(phone, 9).status_code == 201
    assert _announce(phone, 9).status_code == 429
    assert AvatarUpload.objects.count() == 20
    assert _announce(api_as(stranger), 9).status_code == 201


def test_a_browser_needs_its_csrf_token(viewer: User, site_as: Callable[[User], Client]) -> None:
    plain = site_as(viewer)
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = plain.cookies
    body = {"contentType": "image/jpeg", "size": 9}
    for verb in ("upload-url", "complete"):
        answer = browser.post(f"{URL}/{verb}", body, content_type="application/json")
        assert answer.status_code == 403
    assert not AvatarUpload.objects.exists()


def test_the_beat_sweeps_them(settings: Any) -> None:
    names = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert sweep_avatar_uploads.name in names
