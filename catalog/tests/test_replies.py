"""Being told that one was answered: once a reply, once a thread and hour."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import Notification, User
from catalog.models import Comment, Movie
from catalog.services.comments import comment_create, comment_delete, comment_hide, comment_restore
from catalog.tests.keeping import erase, pages

RunJobs = Callable[[], int]
URL = "/api/v1/movies/seven-hills/comments"

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


def heard(user: User) -> list[tuple[str, int]]:
    rows = Notification.objects.filter(user=user, type="COMMENT_REPLY").order_by("created_at")
    return [(row.title, row.metadata["count"]) for row in rows]


def test_who_is_answered_hears_of_it(
    viewer: User, stranger: User, movie: Movie, root: Comment, run_jobs: RunJobs, mailoutbox: Any
) -> None:
    User.objects.update(email_verified=True)
    User.objects.filter(pk=viewer.pk).update(emailed_types=["COMMENT_REPLY"])
    reply = say(stranger, movie, "No: <b>bad</b>", parent_id=root.pk)
    run_jobs()
    (told,) = Notification.objects.filter(user=viewer)
    assert (told.type, told.title) == ("COMMENT_REPLY", "Stranger replied to you")
    assert told.message == "Stranger under “Seven Hills”: “No: <b>bad</b>”"
    assert told.action_url == f"/movies/seven-hills#c-{reply.pk}"
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == ([viewer.email], "Stranger replied to you")
    say(viewer, movie, "Why?", parent_id=reply.pk)
    run_jobs()
    assert heard(stranger) == [("Aisha replied to you", 1)]
    assert len(mailoutbox) == 1  # they did not ask for mail


def test_nobody_hears_of_themselves(
    viewer: User, movie: Movie, root: Comment, run_jobs: RunJobs
) -> None:
    say(viewer, movie, "And another thing", parent_id=root.pk)
    assert (run_jobs(), Notification.objects.count()) == (0, 0)


def test_a_thread_that_boils_is_one_notification_an_hour(
    viewer: User, user_factory: Any, movie: Movie, root: Comment, run_jobs: RunJobs,
    time_machine: Any,
) -> None:  # fmt: skip
    began = timezone.now()
    for n in range(30):
        time_machine.move_to(began + timedelta(minutes=n), tick=False)
        say(user_factory(), movie, f"No. {n}", parent_id=root.pk)
        run_jobs()
    assert len(heard(viewer)) == 1
    time_machine.move_to(began + timedelta(minutes=61), tick=False)
    run_jobs()
    assert heard(viewer)[1] == ("29 new replies to you", 29)
    time_machine.move_to(began + timedelta(hours=5), tick=False)
    assert (run_jobs(), len(heard(viewer))) == (0, 2)
    say(user_factory(), movie, "Late", parent_id=root.pk)
    run_jobs()
    assert heard(viewer)[2][1] == 1


def test_what_is_hidden_or_gone_is_no_news_until_it_is_back(
    viewer: User, stranger: User, movie: Movie, root: Comment, run_jobs: RunJobs
) -> None:
    hidden = say(stranger, movie, "Soap", parent_id=root.pk)
    comment_hide(hidden, reason="Spam")
    gone = say(stranger, movie, "Sorry", parent_id=root.pk)
    comment_delete(gone.pk, movie=movie, user_id=stranger.pk, now=timezone.now())
    run_jobs()
    assert heard(viewer) == []
    for _ in range(2):
        comment_restore(hidden)
        run_jobs()
        comment_hide(hidden, reason="Spam")
    assert heard(viewer) == [("Stranger replied to you", 1)]


def test_who_has_left_is_told_nothing(
    viewer: User, stranger: User, movie: Movie, root: Comment, run_jobs: RunJobs
) -> None:
    say(stranger, movie, "Hello?", parent_id=root.pk)
    erase(viewer, run_jobs)
    run_jobs()
    assert not Notification.objects.filter(user=viewer).exists()


def test_a_thread_two_hundred_deep(
    viewer: User, stranger: User, movie: Movie, root: Comment, api: APIClient, run_jobs: RunJobs
) -> None:
    """Each answers the one before; all hang on the first, and each says whom it answers."""
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
    assert [heard(person)[0][1] for person in (viewer, stranger)] == [100, 100]
    movie.refresh_from_db()
    assert movie.comment_count == 201


def test_whom_it_answers_may_have_left(
    viewer: User, stranger: User, movie: Movie, root: Comment, api: APIClient
) -> None:
    say(stranger, movie, "No", parent_id=root.pk)
    comment_delete(root.pk, movie=movie, user_id=viewer.pk, now=timezone.now())
    (reply,) = api.get(f"{URL}/{root.pk}/replies").json()["results"]
    assert reply["replyTo"] == {"id": str(root.pk), "author": None}
