"""Likes of comments, the order by likes, and edits of comments."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from catalog.models import Comment, CommentLike, Movie
from catalog.services import likes
from catalog.services.comments import comment_create, comment_hide
from catalog.services.likes import comment_like, comment_unlike
from catalog.tests.viewer_actions import erase, pages
from tests.concurrency import at_once, meeting

ApiAs = Callable[[User], APIClient]
URL = "/api/v1/movies/seven-hills/comments"

pytestmark = pytest.mark.django_db


@pytest.fixture
def movie(movie_factory: Any) -> Movie:
    created: Movie = movie_factory(slug="seven-hills")
    return created


@pytest.fixture
def comment(stranger: User, movie: Movie) -> Comment:
    return say(stranger, movie)


def say(user: User, movie: Movie, content: str = "Good", **more: Any) -> Comment:
    return comment_create(movie, user_id=user.pk, content=content, now=timezone.now(), **more)


def count(comment: Comment) -> int:
    comment.refresh_from_db()
    return comment.like_count


def test_liking_twice_counts_once(
    viewer: User, comment: Comment, api: APIClient, api_as: ApiAs
) -> None:
    own, url = api_as(viewer), f"{URL}/{comment.pk}/like"
    for _ in range(2):
        answer = own.post(url)
        assert (answer.status_code, answer.json()) == (200, {"liked": True, "likeCount": 1})
    assert api.get(URL).json()["results"][0]["likeCount"] == 1
    assert [own.delete(url).status_code for _ in range(2)] == [204, 204]
    assert (count(comment), CommentLike.objects.count()) == (0, 0)


def test_visitors_the_banned_and_missing_comments(
    viewer: User, comment: Comment, movie_factory: Any, api: APIClient, api_as: ApiAs
) -> None:
    own, url = api_as(viewer), f"{URL}/{comment.pk}/like"
    assert (api.post(url).status_code, api.delete(url).status_code) == (401, 401)
    elsewhere = f"/api/v1/movies/{movie_factory().slug}/comments/{comment.pk}/like"
    comment_hide(hidden := say(viewer, comment.movie, "Soap"), reason="Spam")
    for wrong in (elsewhere, f"{URL}/{viewer.pk}/like", f"{URL}/{hidden.pk}/like"):
        assert own.post(wrong).status_code == own.delete(wrong).status_code == 404
    User.objects.update(is_banned=True)
    assert own.post(url).json()["code"] == "banned"
    assert (count(comment), CommentLike.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_liked_by_many_at_once(user_factory: Any, comment: Comment) -> None:
    def press(user: User) -> None:
        comment_like(comment.pk, movie=comment.movie, user_id=user.pk)
        comment_unlike(comment.pk, movie=comment.movie, user_id=user.pk)
        comment_like(comment.pk, movie=comment.movie, user_id=user.pk)

    at_once(press, user_factory.create_batch(8) * 2, threads=6)
    assert count(comment) == CommentLike.objects.count() == 8


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_the_count_is_wrong(
    user_factory: Any, comment: Comment, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Late:
        def write(self, rows: Any, value: int) -> None:
            rows.update(like_count=value)

    late = Late()
    monkeypatch.setattr(likes, "key_lock", lambda _rows: True)
    monkeypatch.setattr(
        likes,
        "count_add",
        lambda rows, _column, change: late.write(rows, rows.get().like_count + change),
    )
    with meeting(monkeypatch, late, "write"):
        at_once(
            lambda user: comment_like(comment.pk, movie=comment.movie, user_id=user.pk),
            user_factory.create_batch(2),
            threads=2,
        )
    assert (count(comment), CommentLike.objects.count()) == (1, 2)


def test_an_erasure_removes_likes(
    viewer: User, comment: Comment, run_jobs: Callable[[], int]
) -> None:
    for person in (viewer, comment.user):
        comment_like(comment.pk, movie=comment.movie, user_id=person.pk)
    erase(viewer, run_jobs)
    assert count(comment) == CommentLike.objects.count() == 1


def test_the_most_liked_first(
    viewer: User, stranger: User, movie: Movie, api: APIClient, time_machine: Any
) -> None:
    threads = []
    for n in range(5):
        time_machine.move_to(timezone.now() + timedelta(seconds=61), tick=False)
        threads.append(say(viewer, movie, f"No. {n}"))
    for n, person in ((3, viewer), (3, stranger), (1, viewer)):
        comment_like(threads[n].pk, movie=movie, user_id=person.pk)
    listed = pages(api, f"{URL}?sort=top&limit=2")
    assert [row["content"] for row in listed] == [f"No. {n}" for n in (3, 1, 4, 2, 0)]
    first = api.get(f"{URL}?sort=top&limit=2").json()["next"]
    assert api.get(first.replace("sort=top", "sort=newest")).status_code == 400
    for wrong in ("best", "", "%00"):
        assert "sort" in api.get(f"{URL}?sort={wrong}").json()["fields"]


# ── Editing ─────────────────────────────────────────────────────────────────────────────


def test_own_comments_can_be_edited_for_15_minutes(
    viewer: User, movie: Movie, api: APIClient, client: Client, api_as: ApiAs, time_machine: Any
) -> None:
    comment = say(viewer, movie, "Gud")
    url = f"{URL}/{comment.pk}"
    time_machine.move_to(comment.created_at + timedelta(minutes=15), tick=False)
    own = api_as(viewer)
    assert own.put(url, {"content": "Gud"}).json()["editedAt"] is None
    answer = own.put(url, {"content": " Good "})
    assert (answer.status_code, answer.json()["content"]) == (200, "Good")
    (listed,) = api.get(URL).json()["results"]
    assert listed["editedAt"] == answer.json()["editedAt"] is not None
    assert "edited" in client.get("/movies/seven-hills").content.decode()
    time_machine.move_to(comment.created_at + timedelta(minutes=15, seconds=1), tick=False)
    late = own.put(url, {"content": "Better"})
    assert (late.status_code, late.json()["code"]) == (409, "too_late")
    comment.refresh_from_db()
    assert comment.content == "Good"


def test_denied_edits_change_nothing(
    viewer: User, stranger: User, movie: Movie, api: APIClient, api_as: ApiAs
) -> None:
    comment = say(viewer, movie)
    url, own = f"{URL}/{comment.pk}", api_as(viewer)
    assert api.put(url, {"content": "x"}).status_code == 401
    assert api_as(stranger).put(url, {"content": "x"}).status_code == 404
    for wrong in ({"content": " "}, {"content": "\u200b"}, {"content": "x" * 2001}, {}):
        assert own.put(url, wrong).status_code == 400
    comment_hide(comment, reason="Spam")
    assert own.put(url, {"content": "x"}).json()["code"] == "hidden"
    User.objects.update(is_banned=True)
    assert own.put(url, {"content": "x"}).json()["code"] == "banned"
    own.delete(url)
    comment.refresh_from_db()
    assert (comment.content, comment.edited_at) == ("Good", None)


def test_own_comments_are_listed(
    viewer: User, stranger: User, movie: Movie, movie_factory: Any, api: APIClient, api_as: ApiAs,
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    own, url = api_as(viewer), "/api/v1/users/comments"
    assert (api.get(url).status_code, own.get(url).json()["results"]) == (401, [])
    say(stranger, movie)
    for rows in (2, 18):
        for other in movie_factory.create_batch(rows):
            root = say(stranger, other)
            say(viewer, other, "And more", parent_id=root.pk)
        with django_assert_num_queries(1):
            listed = own.get(url).json()["results"]
        assert len(listed) in {2, 20}
    assert listed[0]["movie"]["slug"] == other.slug
    assert listed[0]["replyTo"] == {
        "id": str(root.pk),
        "author": {"id": str(stranger.pk), "name": "Stranger"},
    }
