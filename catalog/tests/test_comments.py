"""Comments: who reads and writes them, and the exact count."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import AuditLog, User
from accounts.services.erasure import deletion_request
from catalog.models import Comment, Movie
from catalog.services.comments import comment_create, comment_hide, comment_restore
from kushfilms.core.models import Job

ApiAs = Callable[[User], APIClient]
SiteAs = Callable[[User], Client]

pytestmark = pytest.mark.django_db


@pytest.fixture
def movie(movie_factory: Any) -> Movie:
    created: Movie = movie_factory(slug="seven-hills")
    return created


URL = "/api/v1/movies/seven-hills/comments"


def say(user: User, movie: Movie, content: str = "Good", **more: Any) -> Comment:
    return comment_create(movie, user_id=user.pk, content=content, now=timezone.now(), **more)


def count(movie: Movie) -> int:
    movie.refresh_from_db()
    return movie.comment_count


def test_a_comment_is_visible_to_all(
    viewer: User, movie: Movie, api: APIClient, api_as: ApiAs
) -> None:
    comment = api_as(viewer).post(URL, {"content": " Webale nyo "})
    assert (comment.status_code, comment.json()["content"]) == (201, "Webale nyo")
    answer = api.get(URL)
    (listed,) = answer.json()["results"]
    assert listed == comment.json()
    assert listed["author"] == {"id": str(viewer.pk), "name": "Aisha"}
    assert (listed["replyCount"], listed["likeCount"], listed["deleted"]) == (0, 0, False)
    assert api.get(URL, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert count(movie) == 1


@pytest.mark.parametrize("content", ["", "  \n ", "x" * 2001, "a\0b", 7, None, ["x"]])
def test_invalid_comments(viewer: User, movie: Movie, api_as: ApiAs, content: Any) -> None:
    answer = api_as(viewer).post(URL, {"content": content})
    if content == 7:  # a number is as good as its digits
        assert answer.status_code == 201
        return
    assert answer.status_code == 400
    assert not Comment.objects.exists()


def test_visitors_only_read(movie: Movie, api: APIClient, client: Client) -> None:
    assert api.post(URL, {"content": "Hi"}).status_code == 401
    assert client.post("/movies/seven-hills/comments", {"content": "Hi"}).status_code == 302
    assert not Comment.objects.exists()


def test_a_reply_to_a_reply_joins_the_thread(
    viewer: User, stranger: User, movie: Movie, api: APIClient, api_as: ApiAs
) -> None:
    root = say(viewer, movie)
    reply = say(stranger, movie, "No", parent_id=root.pk)
    deeper = api_as(viewer).post(URL, {"content": "Yes!", "parentId": str(reply.pk)}).json()
    assert deeper["parentId"] == str(root.pk)
    (thread,) = api.get(URL).json()["results"]
    assert (thread["id"], thread["replyCount"]) == (str(root.pk), 2)
    replies = api.get(f"{URL}/{root.pk}/replies").json()["results"]
    assert [row["content"] for row in replies] == ["No", "Yes!"]
    assert count(movie) == 3


def test_replying_to_nothing(viewer: User, movie: Movie, movie_factory: Any, api_as: ApiAs) -> None:
    elsewhere = say(viewer, movie_factory())
    hidden = comment_hide(say(viewer, movie), reason="Spam")
    for parent in (elsewhere.pk, hidden.pk, viewer.pk):
        answer = api_as(viewer).post(URL, {"content": "Hi", "parentId": str(parent)})
        assert answer.status_code == 404
    assert Comment.objects.count() == 2


def test_only_own_comments_are_deleted(
    viewer: User, stranger: User, movie: Movie, api: APIClient, api_as: ApiAs
) -> None:
    root = say(viewer, movie)
    say(stranger, movie, "Reply", parent_id=root.pk)
    assert api_as(stranger).delete(f"{URL}/{root.pk}").status_code == 404
    assert api.delete(f"{URL}/{root.pk}").status_code == 401
    assert count(movie) == 2
    own = api_as(viewer)
    assert [own.delete(f"{URL}/{root.pk}").status_code for _ in range(2)] == [204, 404]
    (thread,) = api.get(URL).json()["results"]  # it stays for its reply
    assert (thread["content"], thread["author"], thread["deleted"]) == ("", None, True)
    assert count(movie) == 1


def test_a_hidden_comment_hides_its_replies(
    viewer: User, movie: Movie, api: APIClient, client: Client
) -> None:
    root = say(viewer, movie, "Buy my soap")
    say(viewer, movie, "Soap!", parent_id=root.pk)
    comment_hide(root, reason="Spam")
    assert api.get(URL).json()["results"] == []
    assert api.get(f"{URL}/{root.pk}/replies").status_code == 404
    assert "oap" not in client.get("/movies/seven-hills").content.decode()
    assert count(movie) == 0
    comment_restore(root)
    assert count(movie) == 2
    actions = AuditLog.objects.order_by("created_at").values_list("action", flat=True)
    assert list(actions) == ["comment.hide", "comment.restore"]


def test_staff_hide_and_restore_by_api(
    viewer: User, moderator: User, movie: Movie, api_as: ApiAs
) -> None:
    comment = say(viewer, movie)
    url = f"/api/v1/admin/comments/{comment.pk}"
    assert api_as(viewer).post(f"{url}/hide", {"reason": "Mine"}).status_code == 403
    staff = api_as(moderator)
    assert staff.post(f"{url}/hide", {"reason": "Spam"}).json()["hidden"] is True
    assert staff.post(f"{url}/hide", {"reason": "Spam"}).json()["code"] == "hidden"
    assert staff.post(f"{url}/restore").json()["hidden"] is False
    assert staff.post(f"{url}/restore").json()["code"] == "not_hidden"
    assert staff.post("/api/v1/admin/comments/" + str(viewer.pk) + "/hide", {"reason": "x"}
                      ).status_code == 404  # fmt: skip


def test_the_list_scrolls(viewer: User, movie: Movie, api: APIClient, time_machine: Any) -> None:
    for n in range(5):
        time_machine.move_to(timezone.now() + timedelta(seconds=1), tick=False)
        say(viewer, movie, f"No. {n}")
    first = api.get(f"{URL}?limit=3").json()
    second = api.get(first["next"]).json()
    comment = [row["content"] for row in first["results"] + second["results"]]
    assert comment == [f"No. {n}" for n in (4, 3, 2, 1, 0)]
    assert second["next"] is None


def test_the_lists_cost_the_same_at_2_and_at_20(
    movie: Movie, user_factory: Any, api: APIClient, client: Client,
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    costs = []
    for rows in (2, 18):
        for user in user_factory.create_batch(rows):
            root = say(user, movie)
            say(user, movie, "And more", parent_id=root.pk)
        with django_assert_num_queries(2):  # the film, the threads
            assert len(api.get(URL).json()["results"]) in {2, 20}
        # The film twice, its people, data costs, threads, replies, related films by the job
        # (twice), alike and popular ones.
        with django_assert_num_queries(10):
            assert client.get("/movies/seven-hills").status_code == 200
        costs.append(rows)
    assert costs == [2, 18]


def test_a_button_pressed_twice_posts_once(
    viewer: User, movie: Movie, site_as: SiteAs, time_machine: Any
) -> None:
    browser, form = site_as(viewer), {"content": "Great <b>film</b>", "parent": ""}
    for _ in range(2):
        answer = browser.post("/movies/seven-hills/comments", form)
    comment = Comment.objects.get()
    assert answer["Location"] == f"/movies/seven-hills#c-{comment.pk}"
    page = browser.get("/movies/seven-hills").content.decode()
    assert "Great &lt;b&gt;film&lt;/b&gt;" in page
    assert "1 comment\n" in page
    browser.post(f"/movies/seven-hills/comments/{comment.pk}/delete")
    assert count(movie) == 0


def test_the_throttle_counts_form_and_api_together(
    viewer: User, movie: Movie, api_as: ApiAs, site_as: SiteAs, settings: Any, fresh_window: None
) -> None:
    settings.THROTTLE_RATES = {**settings.THROTTLE_RATES, "comments": "2/60"}
    phone, browser = api_as(viewer), site_as(viewer)
    assert phone.post(URL, {"content": "1"}).status_code == 201
    assert browser.post("/movies/seven-hills/comments", {"content": "2"}).status_code == 302
    assert browser.post("/movies/seven-hills/comments", {"content": "3"}).status_code == 429
    refused = phone.post(URL, {"content": "4"})
    assert (refused.status_code, "Retry-After" in refused) == (429, True)
    assert Comment.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_count_is_exact_for_concurrent_comments(
    user_factory: Any, movie: Movie, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = user_factory.create_batch(12)

    def speak(user: User) -> None:
        try:
            comment = say(user, movie)
            comment_hide(comment, reason="x")
            say(user, movie, "Again")
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(speak, people))
    assert count(movie) == Comment.objects.visible().count() == 12


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_the_count_is_wrong(
    user_factory: Any, movie: Movie, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two requests comment; each counts before the other is stored."""
    from threading import Barrier

    from catalog.services import comments

    gate = Barrier(2, timeout=60)

    def late(movie_id: Any) -> None:
        counted = Comment.objects.visible().filter(movie_id=movie_id).count()
        gate.wait()
        Movie.objects.filter(pk=movie_id).update(comment_count=counted)

    monkeypatch.setattr(comments, "movie_lock", lambda *_a, **_k: None)
    monkeypatch.setattr(comments, "_recount", late)

    def speak(user: User) -> None:
        try:
            say(user, movie)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(speak, user_factory.create_batch(2)))
    assert count(movie) == 1
    assert Comment.objects.count() == 2


def test_an_erasure_removes_the_text_and_keeps_replies(
    viewer: User, stranger: User, movie: Movie, run_jobs: Callable[[], int], api: APIClient
) -> None:
    root = say(viewer, movie, "My phone number is 0772")
    say(stranger, movie, "Reply", parent_id=root.pk)
    deletion_request(viewer, now=timezone.now())
    User.objects.filter(pk=viewer.pk).update(deletes_at=timezone.now())
    Job.objects.filter(kind="erase_person").update(not_before=timezone.now())
    run_jobs()
    assert "0772" not in str(Comment.objects.values_list())
    (thread,) = api.get(URL).json()["results"]
    assert (thread["deleted"], thread["replyCount"]) == (True, 1)
    assert count(movie) == 1
