"""Merging of categories, with films, series, followers and addresses."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from accounts.models import AuditLog, User
from catalog.models import Category, Follow, Movie
from catalog.services import edits
from catalog.services.categories import category_merge
from catalog.services.follows import follow_add
from catalog.tests.admin_client import AdminClient
from kushfilms.core.errors import NotFound
from tests.factories import CategoryFactory, MovieFactory, SeriesFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelves(db: Any) -> tuple[Category, Category]:
    return (
        CategoryFactory.create(name="Comedies", slug="comedies"),
        CategoryFactory.create(name="Comedy", slug="comedy"),
    )


def test_films_series_followers_and_links_move(
    shelves: tuple[Category, Category], admin: User, api_as: Any, client: Client,
    viewer: User, stranger: User,
) -> None:  # fmt: skip
    gone, kept = shelves
    MovieFactory.create_batch(2, category=gone)
    MovieFactory.create(category=kept)
    SeriesFactory.create(category=gone)
    for user, slugs in ((viewer, ["comedies", "comedy"]), (stranger, ["comedies"])):
        for slug in slugs:
            follow_add("categories", slug, user_id=user.pk, now=timezone.now())
    staff_api = AdminClient(api_as(admin))
    answer = staff_api.post(f"categories/{gone.pk}/merge", {"into": str(kept.pk)}, status=200)
    assert (answer["slug"], answer["movieCount"]) == ("comedy", 3)
    assert kept.series.count() == 1
    kept.refresh_from_db()
    assert (kept.follower_count, Follow.objects.filter(category=kept).count()) == (2, 2)
    assert client.get("/categories/comedies")["Location"] == "/categories/comedy"
    films = client.get("/api/v1/categories/comedies/movies").json()["results"]
    assert [film["category"]["slug"] for film in films] == ["comedy"] * 3
    noted = AuditLog.objects.get(action="category.merge")
    assert noted.new_values == {"films": 2, "series": 1, "followers": 1}
    staff_api.post(f"categories/{gone.pk}/merge", {"into": str(kept.pk)}, status=404)


def test_invalid_targets_change_nothing(
    shelves: tuple[Category, Category], admin: User, api_as: Any,
    site_as: Callable[[User], Client],
) -> None:  # fmt: skip
    gone, _kept = shelves
    staff_api = AdminClient(api_as(admin))
    for into in (str(gone.pk), str(uuid4()), "comedy"):
        staff_api.post(f"categories/{gone.pk}/merge", {"into": into}, status=400)
    browser, url = site_as(admin), f"/admin/catalog/category/{gone.pk}/merge/"
    for into in ("", "x", str(gone.pk)):
        assert browser.post(url, {"into": into}).status_code == 302
    assert browser.get(url).status_code == 405
    assert Category.objects.count() == 2
    assert not AuditLog.objects.exists()


def test_the_button_on_the_categorys_page(
    shelves: tuple[Category, Category], admin: User, site_as: Callable[[User], Client]
) -> None:
    gone, kept = shelves
    browser, page = site_as(admin), f"/admin/catalog/category/{gone.pk}"
    assert f'<option value="{kept.pk}">Comedy' in browser.get(f"{page}/change/").content.decode()
    answer = browser.post(f"{page}/merge/", {"into": str(kept.pk)}, follow=True)
    assert "Comedies was merged into Comedy." in answer.content.decode()
    assert list(Category.objects.all()) == [kept]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ordered", [True, False], ids=["ordered", "control"])
def test_opposite_merges_at_once(
    shelves: tuple[Category, Category], monkeypatch: pytest.MonkeyPatch, ordered: bool
) -> None:
    """Without ordered locks each merge waits for the other, and the database ends one of them."""
    one, other = shelves
    MovieFactory.create(category=one)
    both, really = Barrier(2, timeout=60), edits.row_lock
    if not ordered:
        monkeypatch.setattr(edits, "in_order", lambda *rows: list(rows))

        def lock_and_wait(row: Any, *, what: str) -> Any:
            held = really(row, what=what)
            if not both.broken and both.n_waiting < 2 and row.pk not in waited:
                waited.add(row.pk)
                both.wait()
            return held

        waited: set[Any] = set()
        monkeypatch.setattr(edits, "row_lock", lock_and_wait)

    def merge(pair: tuple[Category, Category]) -> str:
        try:
            category_merge(pair[0], into=pair[1])
        except OperationalError:
            return "deadlock"
        except NotFound:
            return "gone"
        else:
            return "merged"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        ends = sorted(pool.map(merge, [(one, other), (other, one)]))
    assert ends == (["gone", "merged"] if ordered else ["deadlock", "merged"])
    assert Movie.objects.get().category == Category.objects.get()
