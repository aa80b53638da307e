"""The spam filter: held comments, their authors, moderators, and ordinary comments."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from catalog.models import Comment, Movie, Report

ApiAs = Callable[[User], APIClient]
SiteAs = Callable[[User], Client]
URL = "/api/v1/movies/seven-hills/comments"

pytestmark = pytest.mark.django_db


@pytest.fixture
def movie(movie_factory: Any) -> Movie:
    created: Movie = movie_factory(slug="seven-hills")
    return created


@pytest.fixture
def regular(viewer: User) -> User:
    """Return a viewer whose account is a month old."""
    User.objects.filter(pk=viewer.pk).update(created_at=timezone.now() - timedelta(days=30))
    return viewer


LINKS = "https://a.ug www.b.ug/x c.com d.xyz"


def test_a_comment_with_many_links_is_held_and_its_author_informed(
    regular: User, moderator: User, movie: Movie, api: APIClient, api_as: ApiAs
) -> None:
    own = api_as(regular)
    said = own.post(URL, {"content": LINKS})
    assert (said.status_code, said.json()["held"]) == (201, True)
    assert api.get(URL).json()["results"] == []
    (own,) = own.get("/api/v1/users/comments").json()["results"]
    assert (own["held"], own["hidden"]) == (True, True)
    (report,) = api_as(moderator).get("/api/v1/admin/reports").json()["results"]
    assert (report["details"], report["reporter"]) == ("Held back: 4 links.", None)
    movie.refresh_from_db()
    assert movie.comment_count == 0


@pytest.mark.parametrize(("outcome", "shown"), [("DISMISS", 1), ("HIDE_COMMENT", 0)])
def test_a_moderator_decides(
    regular: User, moderator: User, movie: Movie, api: APIClient, api_as: ApiAs, outcome: str,
    shown: int,
) -> None:  # fmt: skip
    api_as(regular).post(URL, {"content": LINKS})
    report = Report.objects.get()
    staff = api_as(moderator)
    answer = staff.post(f"/api/v1/admin/reports/{report.pk}/resolve", {"outcome": outcome})
    assert answer.status_code == 200
    assert len(api.get(URL).json()["results"]) == shown
    comment = Comment.objects.get()
    assert (comment.held, comment.hidden) == (False, not shown)


def test_the_page_informs_the_author(regular: User, movie: Movie, site_as: SiteAs) -> None:
    browser = site_as(regular)
    answer = browser.post("/movies/seven-hills/comments", {"content": LINKS}, follow=True)
    page = answer.content.decode()
    assert "a moderator will check it first" in page
    assert "www.b.ug" not in page


def test_a_link_from_a_new_account_is_held(viewer: User, movie: Movie, api_as: ApiAs) -> None:
    own = api_as(viewer)
    assert own.post(URL, {"content": "See www.soap.ug"}).json()["held"] is True
    assert own.post(URL, {"content": "A good film."}).json()["held"] is False


def test_the_same_text_under_many_films_is_held(
    regular: User, movie_factory: Any, api_as: ApiAs
) -> None:
    own = api_as(regular)
    held = [
        own.post(f"/api/v1/movies/{movie.slug}/comments", {"content": words}).json()["held"]
        for movie, words in zip(
            movie_factory.create_batch(4),
            ("Buy my soap!", "buy  my SOAP", "Buy, my soap", "Buy my soap."),
            strict=True,
        )
    ]
    assert held == [False, False, False, True]


def test_edits_are_filtered_too(regular: User, movie: Movie, api: APIClient, api_as: ApiAs) -> None:
    own = api_as(regular)
    said = own.post(URL, {"content": "Good"}).json()
    assert own.put(f"{URL}/{said['id']}", {"content": LINKS}).json()["held"] is True
    assert api.get(URL).json()["results"] == []
    movie.refresh_from_db()
    assert movie.comment_count == 0


@pytest.mark.parametrize(
    "content",
    [
        "See https://a.ug, https://b.ug and c.com",
        "<script>alert(1)</script>",
        "فيلم جميل جدا",
        "😀👩‍👩‍👧",
        "Webale. Nyo nyo... 10/10",
    ],
)
def test_ordinary_comments_are_stored_unchanged(
    regular: User, movie: Movie, api: APIClient, client: Client, api_as: ApiAs, content: str
) -> None:
    assert api_as(regular).post(URL, {"content": content}).json()["held"] is False
    assert api.get(URL).json()["results"][0]["content"] == content
    page = client.get("/movies/seven-hills").content.decode()
    assert "<script>alert" not in page
    assert 'class="comment__words" dir="auto"' in page


@pytest.mark.parametrize(
    "content", ["\u200b\u200d", " \u3164 \u2800", "\u202e\u202c", "\u0301", "x" * 1024 * 1024]
)
def test_invisible_text_is_refused(
    regular: User, movie: Movie, api_as: ApiAs, site_as: SiteAs, content: str
) -> None:
    assert api_as(regular).post(URL, {"content": content}).status_code == 400
    form = {"content": content, "parent": ""}
    assert site_as(regular).post("/movies/seven-hills/comments", form).status_code == 400
    assert not Comment.objects.exists()


def test_staff_are_exempt(moderator: User, movie: Movie, api_as: ApiAs) -> None:
    assert api_as(moderator).post(URL, {"content": LINKS}).json()["held"] is False
