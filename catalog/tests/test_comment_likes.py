"""Liking what somebody said, the order that comes of it, and editing one's own."""

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
from catalog.tests.keeping import erase, pages
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


def test_twice_is_once(viewer: User, comment: Comment, api: APIClient, api_as: ApiAs) -> None:
    mine, url = api_as(viewer), f"{URL}/{comment.pk}/like"
    for _ in range(2):
        answer = mine.post(url)
        assert (answer.status_code, answer.json()) == (200, {"liked": True, "likeCount": 1})
    assert api.get(URL).json()["results"][0]["likeCount"] == 1
    assert [mine.delete(url).status_code for _ in range(2)] == [204, 204]
    assert (count(comment), CommentLike.objects.count()) == (0, 0)


def test_who_may_not_and_what_is_not_there(
    viewer: User, comment: Comment, movie_factory: Any, api: APIClient, api_as: ApiAs
) -> None:
    mine, url = api_as(viewer), f"{URL}/{comment.pk}/like"
    assert (api.post(url).status_code, api.delete(url).status_code) == (401, 401)
    elsewhere = f"/api/v1/movies/{movie_factory().slug}/comments/{comment.pk}/like"
    comment_hide(hidden := say(viewer, comment.movie, "Soap"), reason="Spam")
    for wrong in (elsewhere, f"{URL}/{viewer.pk}/like", f"{URL}/{hidden.pk}/like"):
        assert mine.post(wrong).status_code == mine.delete(wrong).status_code == 404
    User.objects.update(is_banned=True)
    assert mine.post(url).json()["code"] == "banned"
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
def test_the_control_a_number_counted_before_the_others_is_wrong(
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


def test_who_leaves_takes_their_likes_along(
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


def test_ones_own_is_put_right_within_a_quarter_of_an_hour(
    viewer: User, movie: Movie, api: APIClient, client: Client, api_as: ApiAs, time_machine: Any
) -> None:
    comment = say(viewer, movie, "Gud")
    url = f"{URL}/{comment.pk}"
    time_machine.move_to(comment.created_at + timedelta(minutes=15), tick=False)
    mine = api_as(viewer)
    assert mine.put(url, {"content": "Gud"}).json()["editedAt"] is None
    answer = mine.put(url, {"content": " Good "})
    assert (answer.status_code, answer.json()["content"]) == (200, "Good")
    (listed,) = api.get(URL).json()["results"]
    assert listed["editedAt"] == answer.json()["editedAt"] is not None
    assert "edited" in client.get("/movies/seven-hills").content.decode()
    time_machine.move_to(comment.created_at + timedelta(minutes=15, seconds=1), tick=False)
    late = mine.put(url, {"content": "Better"})
    assert (late.status_code, late.json()["code"]) == (409, "too_late")
    comment.refresh_from_db()
    assert comment.content == "Good"


def test_who_may_not_edit_changes_nothing(
    viewer: User, stranger: User, movie: Movie, api: APIClient, api_as: ApiAs
) -> None:
    comment = say(viewer, movie)
    url, mine = f"{URL}/{comment.pk}", api_as(viewer)
    assert api.put(url, {"content": "x"}).status_code == 401
    assert api_as(stranger).put(url, {"content": "x"}).status_code == 404
    for wrong in ({"content": " "}, {"content": "\u200b"}, {"content": "x" * 2001}, {}):
        assert mine.put(url, wrong).status_code == 400
    comment_hide(comment, reason="Spam")
    assert mine.put(url, {"content": "x"}).json()["code"] == "hidden"
    User.objects.update(is_banned=True)
    assert mine.put(url, {"content": "x"}).json()["code"] == "banned"
    mine.delete(url)
    comment.refresh_from_db()
    assert (comment.content, comment.edited_at) == ("Good", None)


def test_what_one_said_is_a_list(
    viewer: User, stranger: User, movie: Movie, movie_factory: Any, api: APIClient, api_as: ApiAs,
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    mine, url = api_as(viewer), "/api/v1/users/comments"
    assert (api.get(url).status_code, mine.get(url).json()["results"]) == (401, [])
    say(stranger, movie)
    for rows in (2, 18):
        for other in movie_factory.create_batch(rows):
            root = say(stranger, other)
            say(viewer, other, "And more", parent_id=root.pk)
        with django_assert_num_queries(1):
            listed = mine.get(url).json()["results"]
        assert len(listed) in {2, 20}
    assert listed[0]["movie"]["slug"] == other.slug
    assert listed[0]["replyTo"] == {
        "id": str(root.pk),
        "author": {"id": str(stranger.pk), "name": "Stranger"},
    }
