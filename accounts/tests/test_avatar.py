"""PUT and DELETE /api/v1/users/avatar."""

import io
import struct
import time
import zlib
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from rest_framework.test import APIClient

from accounts.models import User
from kushfilms.core import images, storage
from kushfilms.core.api import throttles

URL = "/api/v1/users/avatar"
ApiAs = Callable[[User], APIClient]
RunJobs = Callable[[], int]

pytestmark = pytest.mark.django_db


def _picture(kind: str = "JPEG", size: tuple[int, int] = (800, 600), **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, kind, **options)
    return out.getvalue()


def _with_exif() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010F] = "TECNO"
    exif.get_ifd(0x8825)[2] = (0.3, 32.5, 0.0)  # where it was taken
    picture = Image.new("RGB", (600, 400), "red")
    picture.paste("blue", (0, 0, 600, 200))
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, quality=95)
    return out.getvalue()


def _bomb(side: int) -> bytes:
    """Return a PNG of a few hundred bytes with `side` squared pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 99))


def _put(client: APIClient, data: bytes, kind: str = "image/jpeg") -> Any:
    return client.put(URL, data, content_type=kind)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_becomes_a_small_square(
    viewer: User, api_as: ApiAs, client: Client, kind: str
) -> None:
    answer = _put(api_as(viewer), _picture(kind), f"image/{kind.lower()}")
    assert answer.status_code == 200
    url = answer.json()["avatarUrl"]
    assert url.startswith(f"{settings.FRONTEND_URL}/public/avatars/")
    served = client.get(url.removeprefix(settings.FRONTEND_URL))
    assert served["Content-Type"] == "image/webp"
    with Image.open(io.BytesIO(b"".join(served))) as made:
        assert (made.format, made.size) == ("WEBP", (256, 256))


def test_metadata_is_removed(viewer: User, api_as: ApiAs) -> None:
    assert _put(api_as(viewer), _with_exif()).status_code == 200
    data = storage.get_bytes(User.objects.get().avatar_key)
    assert b"TECNO" not in data
    with Image.open(io.BytesIO(data)) as made:
        assert not made.getexif()
        assert set(made.info) <= {"loop", "background", "timestamp", "duration"}
        right, left = made.getpixel((230, 128)), made.getpixel((25, 128))
    assert right[2] > 200 > right[0]  # type: ignore[index]  # what was on top is turned right
    assert left[0] > 200 > left[2]  # type: ignore[index]


def test_the_old_picture_is_deleted_after_the_change(
    viewer: User, api_as: ApiAs, run_jobs: RunJobs
) -> None:
    phone = api_as(viewer)
    _put(phone, _picture())
    first = User.objects.get().avatar_key
    _put(phone, _picture())
    second = User.objects.get().avatar_key
    storage.head(first)  # until the change is committed and the job has run
    run_jobs()
    with pytest.raises(storage.ObjectMissing):
        storage.head(first)
    assert phone.delete(URL).status_code == 204
    assert phone.delete(URL).status_code == 204
    run_jobs()
    with pytest.raises(storage.ObjectMissing):
        storage.head(second)
    assert phone.get("/api/v1/users/profile").json()["avatarUrl"] == ""


@pytest.mark.parametrize(
    ("data", "kind", "status", "code"),
    [
        (b"", "image/png", 422, "picture_unreadable"),
        (b"hello", "image/png", 422, "picture_unreadable"),
        (b"GIF89a" + b"\0" * 64, "image/gif", 422, "picture_unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", 422, "picture_unreadable"),
        (_picture()[:400], "image/jpeg", 422, "picture_unreadable"),
        (_bomb(400), "image/png", 422, "picture_unreadable"),
        (_bomb(6000), "image/png", 413, "too_large"),
        (_bomb(2829), "image/png", 413, "too_large"),
        (_picture("WEBP", (4000, 2001)), "image/webp", 413, "too_large"),
        (_picture("JPEG", (4100, 4000), progressive=True), "image/jpeg", 413, "too_large"),
        (_bomb(12_000), "image/png", 413, "too_large"),
        (_bomb(60_000), "image/png", 413, "too_large"),
        (b"\xff" * (5 * 1024**2 + 1), "image/jpeg", 413, "too_large"),
        (b"{}", "application/json", 415, "unsupported_media_type"),
        (b"a=b", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
    ],
)
def test_other_files_are_refused(
    viewer: User, api_as: ApiAs, data: bytes, kind: str, status: int, code: str
) -> None:
    phone = api_as(viewer)
    _put(phone, _picture())
    before = User.objects.get().avatar_key
    answer = _put(phone, data, kind)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert User.objects.get().avatar_key == before
    storage.head(before)


def test_a_sign_in_is_required(api: APIClient, viewer: User) -> None:
    assert _put(api, _picture()).status_code == 401
    assert api.delete(URL).status_code == 401


def test_a_storage_failure_changes_nothing(viewer: User, api_as: ApiAs, settings: Any) -> None:
    phone = api_as(viewer)
    settings.R2_ENDPOINT = "http://127.0.0.1:1"
    answer = _put(phone, _picture())
    assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")
    assert User.objects.get().avatar_key == ""


def test_a_large_baseline_jpeg_is_accepted(viewer: User, api_as: ApiAs) -> None:
    assert _put(api_as(viewer), _picture("JPEG", (8000, 6000))).status_code == 200


def test_one_picture_is_read_at_a_time(
    viewer: User, api_as: ApiAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(images, "TURN_SECONDS", 0.01)
    phone = api_as(viewer)
    with images._turn:
        busy = _put(phone, _picture())
    assert (busy.status_code, busy.json()["code"]) == (503, "unavailable")
    assert busy["Retry-After"]
    assert User.objects.get().avatar_key == ""
    assert _put(phone, _picture()).status_code == 200


def test_site_and_api_count_pictures_together(
    viewer: User, api_as: ApiAs, site_as: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, browser = api_as(viewer), site_as(viewer)
    # One window, without moving the clock that storage checks signatures by.
    now = time.time()
    monkeypatch.setattr(throttles, "time", SimpleNamespace(time=lambda: now))
    for _ in range(9):
        assert _put(phone, b"no picture").status_code == 422
    assert (
        browser.post(
            "/account/avatar", {"picture": SimpleUploadedFile("me.jpg", _picture())}
        ).status_code
        == 302
    )
    before = User.objects.get().avatar_key
    refused = _put(phone, _picture())
    assert refused.status_code == 429
    page = browser.post("/account/avatar", {"picture": SimpleUploadedFile("me.jpg", _picture())})
    assert "Too many tries. Try again in " in page.content.decode()
    assert (page.status_code, page["Retry-After"]) == (429, refused["Retry-After"])
    assert User.objects.get().avatar_key == before
    assert phone.delete(URL).status_code == 204
