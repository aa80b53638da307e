"""Following, and hearing of new films once each."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import Notification, User
from catalog.models import Category, Credit, Follow, Movie, MovieKind, Person, Season, Series
from catalog.services.films import movie_publish, movie_unpublish
from catalog.services.follows import follow_add, follow_remove
from catalog.tests.keeping import erase, pages
from tests.concurrency import at_once, meeting
from tests.factories import MORNING

ApiAs = Callable[[User], APIClient]
RunJobs = Callable[[], int]
URL = "/api/v1/users/follows"

pytestmark = pytest.mark.django_db


@pytest.fixture
def things(category_factory: Any) -> dict[str, Any]:
    return {
        "series": Series.objects.create(
            title="Hills", slug="hills", published=True, published_at=MORNING
        ),
        "people": Person.objects.create(name="VJ Junior", slug="vj-junior"),
        "categories": category_factory(name="Drama", slug="drama"),
    }


def count(thing: Any) -> int:
    thing.refresh_from_db()
    following: int = thing.follower_count
    return following


@pytest.mark.parametrize("kind", ["series", "people", "categories"])
def test_twice_is_once(
    viewer: User, things: dict[str, Any], api: APIClient, api_as: ApiAs, kind: str
) -> None:
    thing, mine = things[kind], api_as(viewer)
    url = f"{URL}/{kind}/{thing.slug}"
    assert (api.post(url).status_code, api.delete(url).status_code) == (401, 401)
    answers = [mine.post(url) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[1].json() == {"following": True, "followerCount": 1}
    (row,) = mine.get(URL).json()["results"]
    assert (row["kind"], row["slug"], row["title"]) == (kind, thing.slug, str(thing))
    assert [mine.delete(url).status_code for _ in range(2)] == [204, 204]
    assert (count(thing), mine.get(URL).json()["results"]) == (0, [])


def test_what_is_not_there_or_not_public(
    viewer: User, things: dict[str, Any], api_as: ApiAs
) -> None:
    mine = api_as(viewer)
    mine.post(f"{URL}/categories/drama")
    Series.objects.update(published=False)
    Category.objects.update(active=False)
    for path in ("series/hills", "series/nothing", "people/hills", "categories/x"):
        assert mine.post(f"{URL}/{path}").status_code == 404
        assert mine.delete(f"{URL}/{path}").status_code == 404
    assert mine.post(f"{URL}/films/hills").status_code == 404
    assert mine.get(URL).json()["results"] == []
    assert mine.delete(f"{URL}/categories/drama").status_code == 204  # theirs to stop
    assert (count(things["categories"]), Follow.objects.count()) == (0, 0)


def test_who_is_banned_follows_nothing(viewer: User, things: dict[str, Any], api_as: ApiAs) -> None:
    mine = api_as(viewer)
    mine.get(URL)
    User.objects.update(is_banned=True)
    assert mine.post(f"{URL}/series/hills").json()["code"] == "banned"
    assert (count(things["series"]), Follow.objects.count()) == (0, 0)


def test_the_list_costs_the_same_at_2_and_at_20(
    viewer: User, stranger: User, api_as: ApiAs, django_assert_num_queries: Any
) -> None:
    mine = api_as(viewer)
    mine.get(URL)
    for rows in (2, 18):
        for n in range(rows):
            person = Person.objects.create(name="P", slug=f"p{rows}-{n}")
            for user in (viewer, stranger):
                follow_add("people", person.slug, user_id=user.pk, now=MORNING)
        with django_assert_num_queries(1):
            assert len(mine.get(URL).json()["results"]) in {2, 20}
    assert len(pages(mine, f"{URL}?limit=7")) == 20


@pytest.mark.django_db(transaction=True)
def test_followed_by_many_at_once(user_factory: Any, things: dict[str, Any]) -> None:
    def press(user: User) -> None:
        follow_add("people", "vj-junior", user_id=user.pk, now=MORNING)
        follow_remove("people", "vj-junior", user_id=user.pk)
        follow_add("people", "vj-junior", user_id=user.pk, now=MORNING)

    at_once(press, user_factory.create_batch(8) * 2, threads=6)
    assert count(things["people"]) == Follow.objects.count() == 8


@pytest.mark.django_db(transaction=True)
def test_the_control_a_number_read_before_is_wrong(
    user_factory: Any, things: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from catalog.services import follows

    class Late:
        def write(self, rows: Any, value: int) -> None:
            rows.update(follower_count=value)

    late = Late()

    def read_then_write(rows: Any, _column: str, change: int) -> None:
        late.write(rows, rows.get().follower_count + change)

    monkeypatch.setattr(follows, "key_lock", lambda _rows: True)
    monkeypatch.setattr(follows, "count_add", read_then_write)
    with meeting(monkeypatch, late, "write"):
        at_once(
            lambda user: follow_add("people", "vj-junior", user_id=user.pk, now=MORNING),
            user_factory.create_batch(2),
            threads=2,
        )
    assert (count(things["people"]), Follow.objects.count()) == (1, 2)


def test_who_leaves_follows_nothing_any_more(
    viewer: User, stranger: User, things: dict[str, Any], run_jobs: RunJobs
) -> None:
    for kind, thing in things.items():
        for user in (viewer, stranger):
            follow_add(kind, thing.slug, user_id=user.pk, now=MORNING)
    erase(viewer, run_jobs)
    assert [count(thing) for thing in things.values()] == [1, 1, 1]


# ── New films ───────────────────────────────────────────────────────────────────────────


@pytest.fixture
def episode(things: dict[str, Any], movie_factory: Any) -> Movie:
    """Of all three, and not public yet."""
    season = Season.objects.create(series=things["series"], number=1)
    made: Movie = movie_factory(
        title="The Goat", slug="the-goat", kind=MovieKind.EPISODE, season=season,
        episode_number=1, category=things["categories"], published=False, published_at=None,
    )  # fmt: skip
    for job in ("VJ", "CAST"):
        Credit.objects.create(movie=made, person=things["people"], job=job)
    return made


def told() -> list[str]:
    return sorted(Notification.objects.values_list("user__name", flat=True))


def test_followers_of_everything_hear_of_a_film_once(
    viewer: User, stranger: User, user_factory: Any, things: dict[str, Any], episode: Movie,
    run_jobs: RunJobs, mailoutbox: Any,
) -> None:  # fmt: skip
    User.objects.update(email_verified=True)
    User.objects.filter(pk=viewer.pk).update(emailed_types=["NEW_CONTENT"])
    user_factory(name="Nobody")
    for kind, thing in things.items():
        follow_add(kind, thing.slug, user_id=viewer.pk, now=MORNING)
    follow_add("people", "vj-junior", user_id=stranger.pk, now=MORNING)
    movie_publish(episode, now=timezone.now())
    run_jobs()
    assert told() == ["Aisha", "Stranger"]
    note = Notification.objects.filter(user=viewer).get()
    assert (note.type, note.title) == ("NEW_CONTENT", "New: Hills: The Goat")
    assert note.action_url == "/movies/the-goat"
    (mail,) = mailoutbox
    assert mail.to == [viewer.email]


def test_unpublished_and_published_again_is_no_news(
    viewer: User, stranger: User, things: dict[str, Any], episode: Movie, run_jobs: RunJobs
) -> None:
    now = timezone.now()
    follow_add("series", "hills", user_id=viewer.pk, now=MORNING)
    movie_publish(episode, now=now)
    run_jobs()
    follow_add("series", "hills", user_id=stranger.pk, now=now + timedelta(days=1))
    movie_unpublish(episode)
    movie_publish(episode, now=now + timedelta(days=2))
    run_jobs()
    assert told() == ["Aisha"]


def test_taken_back_before_anybody_was_told_it_is_told_when_it_is_out(
    viewer: User, things: dict[str, Any], episode: Movie, run_jobs: RunJobs
) -> None:
    follow_add("categories", "drama", user_id=viewer.pk, now=MORNING)
    movie_publish(episode, now=timezone.now())
    movie_unpublish(episode)
    run_jobs()
    assert told() == []
    movie_publish(episode, now=timezone.now())
    run_jobs()
    assert told() == ["Aisha"]


def test_a_film_that_nobody_follows_makes_no_job(episode: Movie, run_jobs: RunJobs) -> None:
    movie_publish(episode, now=timezone.now())
    assert (run_jobs(), told()) == (0, [])
