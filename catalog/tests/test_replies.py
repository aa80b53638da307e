"""Notifications of replies: each reply once, a thread at most once an hour."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import Notification, User
from accounts.privacy import archive
from accounts.privacy.registry import personal_data_all
from catalog.models import Comment, Movie
from catalog.services.comments import (
    comment_create,
    comment_delete,
    comment_edit,
    comment_hide,
    comment_restore,
)
from catalog.tests.viewer_actions import erase, pages
from kushfilms.core.jobs import job_run_next
from kushfilms.core.models import JobLane

RunJobs = Callable[[], int]
URL = "/api/v1/movies/seven-hills/comments"
NOTIFICATIONS = "/api/v1/users/notifications"

pytestmark = pytest.mark.django_db


@pytest.fixture
def movie(movie_factory: Any) -> Movie:
    created: Movie = movie_factory(slug="seven-hills", title="Seven Hills")
    return created


@pytest.fixture
def root(viewer: User, movie: Movie) -> Comment:
    return say(viewer, movie)


def say(user: User, movie: Movie, content: str = "Good", **more: Any) -> Comment:
    return comment_create(movie, user_id=user.pk, content=content, now=timezone.now(), **more)


def notifications_of(user: User) -> list[tuple[str, int]]:
    rows = Notification.objects.filter(user=user, type="COMMENT_REPLY").order_by("created_at")
    return [(row.title, row.metadata["count"]) for row in rows]


def test_the_author_is_notified_of_a_reply(
    viewer: User, stranger: User, movie: Movie, root: Comment, run_jobs: RunJobs, mailoutbox: Any
) -> None:
    User.objects.update(email_verified=True)
    User.objects.filter(pk=viewer.pk).update(emailed_types=["COMMENT_REPLY"])
    reply = say(stranger, movie, "No: <b>bad</b>", parent_id=root.pk)
    run_jobs()
    (notices,) = Notification.objects.filter(user=viewer)
    assert (notices.type, notices.title) == ("COMMENT_REPLY", "Stranger replied to you")
    assert notices.message == "Stranger under “Seven Hills”: “No: <b>bad</b>”"
    assert notices.action_url == f"/movies/seven-hills#c-{reply.pk}"
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == ([viewer.email], "Stranger replied to you")
    say(viewer, movie, "Why?", parent_id=reply.pk)
    run_jobs()
    assert notifications_of(stranger) == [("Aisha replied to you", 1)]
    assert len(mailoutbox) == 1  # mail is off by default


def test_own_replies_are_not_announced(
    viewer: User, movie: Movie, root: Comment, run_jobs: RunJobs
) -> None:
    say(viewer, movie, "And another thing", parent_id=root.pk)
    assert (run_jobs(), Notification.objects.count()) == (0, 0)


def test_a_busy_thread_is_one_notification_an_hour(
    viewer: User, user_factory: Any, movie: Movie, root: Comment, run_jobs: RunJobs,
    time_machine: Any,
) -> None:  # fmt: skip
    began = timezone.now()
    for n in range(30):
        time_machine.move_to(began + timedelta(minutes=n), tick=False)
        say(user_factory(), movie, f"No. {n}", parent_id=root.pk)
        run_jobs()
    assert len(notifications_of(viewer)) == 1
    time_machine.move_to(began + timedelta(minutes=61), tick=False)
    run_jobs()
    assert notifications_of(viewer)[1] == ("29 new replies to you", 29)
    time_machine.move_to(began + timedelta(hours=5), tick=False)
    assert (run_jobs(), len(notifications_of(viewer))) == (0, 2)
    say(user_factory(), movie, "Late", parent_id=root.pk)
    run_jobs()
    assert notifications_of(viewer)[2][1] == 1


def test_hidden_replies_are_announced_after_they_are_restored(
    viewer: User, stranger: User, movie: Movie, root: Comment, run_jobs: RunJobs
) -> None:
    hidden = say(stranger, movie, "Soap", parent_id=root.pk)
    comment_hide(hidden, reason="Spam")
    gone = say(stranger, movie, "Sorry", parent_id=root.pk)
    comment_delete(gone.pk, movie=movie, user_id=stranger.pk, now=timezone.now())
    run_jobs()
    assert notifications_of(viewer) == []
    for _ in range(2):
        comment_restore(hidden)
        run_jobs()
        comment_hide(hidden, reason="Spam")
    assert notifications_of(viewer) == [("Stranger replied to you", 1)]


@pytest.mark.parametrize("how", ["hidden", "taken back", "thread hidden", "author erased"])
def test_removed_replies_are_not_quoted(
    viewer: User, stranger: User, movie: Movie, root: Comment, run_jobs: RunJobs, api_as: Any,
    site_as: Any, mailoutbox: Any, how: str,
) -> None:  # fmt: skip
    reply = say(stranger, movie, "Filth and soap", parent_id=root.pk)
    run_jobs()
    phone, browser = api_as(viewer), site_as(viewer)
    (before,) = phone.get(NOTIFICATIONS).json()["results"]
    assert "Filth" in before["message"]
    if how == "hidden":
        comment_hide(reply, reason="Spam")
    elif how == "taken back":
        comment_delete(reply.pk, movie=movie, user_id=stranger.pk, now=timezone.now())
    elif how == "thread hidden":
        comment_hide(root, reason="Spam")
    else:
        erase(stranger, run_jobs)
    (after,) = phone.get(NOTIFICATIONS).json()["results"]
    read = phone.put(f"{NOTIFICATIONS}/{after['id']}/read").json()
    page = browser.get("/account/notifications").content.decode()
    for notices in (str(after), str(read), page):
        assert "Filth" not in notices
        assert "Stranger" not in notices
    assert after["actionUrl"] == "/movies/seven-hills"
    opened = browser.post(f"/account/notifications/{after['id']}/open")
    assert opened["Location"] == "/movies/seven-hills"
    if how == "hidden":
        comment_restore(reply)
        assert "Filth" in str(phone.get(NOTIFICATIONS).json())


def test_a_delayed_mail_does_not_quote_removed_replies(
    viewer: User, stranger: User, movie: Movie, root: Comment, run_jobs: RunJobs, mailoutbox: Any
) -> None:
    User.objects.update(email_verified=True, emailed_types=["COMMENT_REPLY"])
    reply = say(stranger, movie, "Filth and soap", parent_id=root.pk)
    assert job_run_next(JobLane.QUICK)  # the notification; its mail waits
    assert Notification.objects.exists()
    comment_hide(reply, reason="Spam")
    run_jobs()
    assert mailoutbox == []


def test_edited_replies_are_quoted_as_edited(
    viewer: User, stranger: User, movie: Movie, root: Comment, run_jobs: RunJobs, api_as: Any
) -> None:
    reply = say(stranger, movie, "Filth", parent_id=root.pk)
    run_jobs()
    now = timezone.now() + timedelta(minutes=1)
    comment_edit(reply.pk, movie=movie, user_id=stranger.pk, content="Sorry", now=now)
    notices = str(api_as(viewer).get(NOTIFICATIONS).json())
    assert ("Filth" in notices, "Sorry" in notices) == (False, True)


def test_an_export_does_not_quote_removed_replies(
    viewer: User, stranger: User, movie: Movie, root: Comment, run_jobs: RunJobs
) -> None:
    reply = say(stranger, movie, "Filth and soap", parent_id=root.pk)
    run_jobs()
    comment_hide(reply, reason="Spam")
    (held,) = [one for one in personal_data_all() if one.name == "notifications"]
    exported = b"".join(archive._rows(held, viewer, lambda: None))
    assert b"removed" in exported
    assert b"Filth" not in exported


def test_a_list_of_replies_is_read_with_one_query_more(
    viewer: User, user_factory: Any, movie: Movie, root: Comment, run_jobs: RunJobs, api_as: Any,
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    phone = api_as(viewer)
    for wanted in (1, 5):
        while Notification.objects.count() < wanted:
            other = say(viewer, movie, f"Thread {Notification.objects.count()}")
            say(user_factory(), movie, "Yes", parent_id=other.pk)
            run_jobs()
        phone.get(NOTIFICATIONS)
        with django_assert_num_queries(2):
            assert len(phone.get(NOTIFICATIONS).json()["results"]) == wanted


def test_an_erased_author_is_not_notified(
    viewer: User, stranger: User, movie: Movie, root: Comment, run_jobs: RunJobs
) -> None:
    say(stranger, movie, "Hello?", parent_id=root.pk)
    erase(viewer, run_jobs)
    run_jobs()
    assert not Notification.objects.filter(user=viewer).exists()


def test_a_thread_two_hundred_deep(
    viewer: User, stranger: User, movie: Movie, root: Comment, api: APIClient, run_jobs: RunJobs
) -> None:
    """Each replies to the one before; all join one thread and name their predecessor."""
    last = root
    for n in range(200):
        last = say((stranger, viewer)[n % 2], movie, f"No. {n}", parent_id=last.pk)
    replies = pages(api, f"{URL}/{root.pk}/replies?limit=100")
    assert [reply["content"] for reply in replies] == [f"No. {n}" for n in range(200)]
    assert {reply["parentId"] for reply in replies} == {str(root.pk)}
    before = [str(root.pk), *(reply["id"] for reply in replies[:-1])]
    assert [reply["replyTo"]["id"] for reply in replies] == before
    assert replies[1]["replyTo"]["author"]["name"] == "Stranger"
    run_jobs()
    assert [notifications_of(person)[0][1] for person in (viewer, stranger)] == [100, 100]
    movie.refresh_from_db()
    assert movie.comment_count == 201


def test_a_reply_to_an_erased_author(
    viewer: User, stranger: User, movie: Movie, root: Comment, api: APIClient
) -> None:
    say(stranger, movie, "No", parent_id=root.pk)
    comment_delete(root.pk, movie=movie, user_id=viewer.pk, now=timezone.now())
    (reply,) = api.get(f"{URL}/{root.pk}/replies").json()["results"]
    assert reply["replyTo"] == {"id": str(root.pk), "author": None}
