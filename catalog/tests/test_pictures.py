"""Pictures of series, people and categories: replaced without leftovers."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.models import AuditLog, User
from catalog.models import Category, Person
from catalog.services.categories import category_delete
from catalog.services.people import person_delete
from kushfilms.core import storage
from kushfilms.core.models import Job
from tests.factories import CategoryFactory, SeriesFactory

pytestmark = pytest.mark.django_db
SECRET = b"Ntinda, third floor"


def photograph(*, size: tuple[int, int] = (900, 700)) -> bytes:
    """Return a camera's JPEG with a location."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    Image.new("RGB", size, "teal").save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.fixture
def pictured(db: Any) -> dict[str, tuple[str, tuple[int, int], Any]]:
    """Return by endpoint the row, its column and the size of its picture."""
    category, series = CategoryFactory.create(), SeriesFactory.create()
    person = Person.objects.create(name="VJ Junior", slug="vj-junior")
    return {
        f"categories/{category.pk}/image": ("image_key", (800, 450), category),
        f"people/{person.pk}/photo": ("photo_key", (400, 400), person),
        f"series/{series.pk}/poster": ("poster_key", (400, 600), series),
        f"series/{series.pk}/backdrop": ("backdrop_key", (1280, 720), series),
    }


def test_each_is_cropped_replaced_and_removed(
    pictured: Any, admin: User, api_as: Any, run_jobs: Any
) -> None:
    api = api_as(admin)
    for path, (column, size, row) in pictured.items():
        url, keys = f"/api/v1/admin/{path}", []
        for _again in range(2):
            answer = api.put(url, photograph(), content_type="image/jpeg")
            assert answer.status_code == 200, answer.content
            row.refresh_from_db()
            keys.append(getattr(row, column))
            assert answer.json()["imageUrl"].endswith(keys[-1])
        data = storage.get_bytes(keys[1])
        with Image.open(io.BytesIO(data)) as picture:
            assert (picture.format, picture.size) == ("WEBP", size)
        assert SECRET not in data
        run_jobs()
        with pytest.raises(storage.ObjectMissing):
            storage.head(keys[0])
        for _twice in range(2):
            assert api.delete(url).status_code == 204
        row.refresh_from_db()
        assert getattr(row, column) == ""
        run_jobs()
        with pytest.raises(storage.ObjectMissing):
            storage.head(keys[1])
    assert AuditLog.objects.filter(action__endswith=".picture").count() == 3 * len(pictured)


@pytest.mark.parametrize(("data", "status"), [
    (b"", 422), (b"not a picture", 422), (b"\x89PNG\r\n\x1a\n", 422),
    (b"x" * (5 * 1024**2 + 1), 413),
])  # fmt: skip
def test_an_invalid_picture_changes_nothing(
    pictured: Any, admin: User, api_as: Any, data: bytes, status: int
) -> None:
    (path, (column, _size, row)), *_others = pictured.items()
    answer = api_as(admin).put(f"/api/v1/admin/{path}", data, content_type="image/png")
    assert answer.status_code == status
    row.refresh_from_db()
    assert getattr(row, column) == ""
    assert not Job.objects.exists()
    assert not AuditLog.objects.exists()


def test_on_their_pages_in_the_back_office(
    pictured: Any, admin: User, site_as: Callable[[User], Client]
) -> None:
    browser = site_as(admin)
    for path, (column, _size, row) in pictured.items():
        place = path.rpartition("/")[2]
        page = f"/admin/catalog/{row._meta.model_name}/{row.pk}"
        page_text = browser.post(f"{page}/picture/{place}/", follow=True).content.decode()
        assert "Choose a picture from your computer." in page_text
        file = SimpleUploadedFile("a.jpg", photograph())
        page_text = browser.post(
            f"{page}/picture/{place}/", {"file": file}, follow=True
        ).content.decode()
        row.refresh_from_db()
        assert getattr(row, column) in page_text
        browser.post(f"{page}/picture/{place}/", {"away": ""})
        row.refresh_from_db()
        assert getattr(row, column) == ""
        assert browser.post(f"{page}/picture/other/").status_code == 404


def test_a_deleted_row_leaves_no_picture(
    pictured: Any, admin: User, api_as: Any, run_jobs: Any
) -> None:
    keys = []
    for path, (column, _size, row) in list(pictured.items())[:2]:
        api_as(admin).put(f"/api/v1/admin/{path}", photograph(), content_type="image/jpeg")
        row.refresh_from_db()
        keys.append(getattr(row, column))
    category_delete(Category.objects.get())
    person_delete(Person.objects.get())
    run_jobs()
    for key in keys:
        with pytest.raises(storage.ObjectMissing):
            storage.head(key)
