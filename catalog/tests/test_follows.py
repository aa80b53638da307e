"""Follows, and one notification for each new film."""

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
from catalog.tests.viewer_actions import erase, pages
from tests.concurrency import at_once, meeting
from tests.factories import MORNING

ApiAs = Callable[[User], APIClient]
RunJobs = Callable[[], int]
URL = "/api/v1/users/follows"

pytestmark = pytest.mark.django_db


@pytest.fixture
def targets(category_factory: Any) -> dict[str, Any]:
    return {
        "series": Series.objects.create(
            title="Hills", slug="hills", published=True, published_at=MORNING
        ),
        "people": Person.objects.create(name="VJ Junior", slug="vj-junior"),
        "categories": category_factory(name="Drama", slug="drama"),
    }


def count(target: Any) -> int:
    target.refresh_from_db()
    following: int = target.follower_count
    return following


@pytest.mark.parametrize("kind", ["series", "people", "categories"])
def test_following_twice_counts_once(
    viewer: User, targets: dict[str, Any], api: APIClient, api_as: ApiAs, kind: str
) -> None:
    target, own = targets[kind], api_as(viewer)
    url = f"{URL}/{kind}/{target.slug}"
    assert (api.post(url).status_code, api.delete(url).status_code) == (401, 401)
    answers = [own.post(url) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[1].json() == {"following": True, "followerCount": 1}
    (row,) = own.get(URL).json()["results"]
    assert (row["kind"], row["slug"], row["title"]) == (kind, target.slug, str(target))
    assert [own.delete(url).status_code for _ in range(2)] == [204, 204]
    assert (count(target), own.get(URL).json()["results"]) == (0, [])


def test_missing_and_unpublished_targets(
    viewer: User, targets: dict[str, Any], api_as: ApiAs
) -> None:
    own = api_as(viewer)
    own.post(f"{URL}/categories/drama")
    Series.objects.update(published=False)
    Category.objects.update(active=False)
    for path in ("series/hills", "series/nothing", "people/hills", "categories/x"):
        assert own.post(f"{URL}/{path}").status_code == 404
        assert own.delete(f"{URL}/{path}").status_code == 404
    assert own.post(f"{URL}/films/hills").status_code == 404
    assert own.get(URL).json()["results"] == []
    assert own.delete(f"{URL}/categories/drama").status_code == 204  # own follow
    assert (count(targets["categories"]), Follow.objects.count()) == (0, 0)


def test_a_banned_person_follows_nothing(
    viewer: User, targets: dict[str, Any], api_as: ApiAs
) -> None:
    own = api_as(viewer)
    own.get(URL)
    User.objects.update(is_banned=True)
    assert own.post(f"{URL}/series/hills").json()["code"] == "banned"
    assert (count(targets["series"]), Follow.objects.count()) == (0, 0)


def test_the_list_costs_the_same_at_2_and_at_20(
    viewer: User, stranger: User, api_as: ApiAs, django_assert_num_queries: Any
) -> None:
    own = api_as(viewer)
    own.get(URL)
    for rows in (2, 18):
        for n in range(rows):
            person = Person.objects.create(name="P", slug=f"p{rows}-{n}")
            for user in (viewer, stranger):
                follow_add("people", person.slug, user_id=user.pk, now=MORNING)
        with django_assert_num_queries(1):
            assert len(own.get(URL).json()["results"]) in {2, 20}
    assert len(pages(own, f"{URL}?limit=7")) == 20


@pytest.mark.django_db(transaction=True)
def test_concurrent_follows(user_factory: Any, targets: dict[str, Any]) -> None:
    def press(user: User) -> None:
        follow_add("people", "vj-junior", user_id=user.pk, now=MORNING)
        follow_remove("people", "vj-junior", user_id=user.pk)
        follow_add("people", "vj-junior", user_id=user.pk, now=MORNING)

    at_once(press, user_factory.create_batch(8) * 2, threads=6)
    assert count(targets["people"]) == Follow.objects.count() == 8


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_the_count_is_wrong(
    user_factory: Any, targets: dict[str, Any], monkeypatch: pytest.MonkeyPatch
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
    assert (count(targets["people"]), Follow.objects.count()) == (1, 2)


def test_an_erasure_removes_follows(
    viewer: User, stranger: User, targets: dict[str, Any], run_jobs: RunJobs
) -> None:
    for kind, target in targets.items():
        for user in (viewer, stranger):
            follow_add(kind, target.slug, user_id=user.pk, now=MORNING)
    erase(viewer, run_jobs)
    assert [count(target) for target in targets.values()] == [1, 1, 1]


# ── New films ───────────────────────────────────────────────────────────────────────────


@pytest.fixture
def episode(targets: dict[str, Any], movie_factory: Any) -> Movie:
    """Create an unpublished episode of the series, person and category."""
    season = Season.objects.create(series=targets["series"], number=1)
    made: Movie = movie_factory(
        title="The Goat", slug="the-goat", kind=MovieKind.EPISODE, season=season,
        episode_number=1, category=targets["categories"], published=False, published_at=None,
    )  # fmt: skip
    for job in ("VJ", "CAST"):
        Credit.objects.create(movie=made, person=targets["people"], job=job)
    return made


def notified() -> list[str]:
    return sorted(Notification.objects.values_list("user__name", flat=True))


def test_a_follower_of_several_targets_is_notified_once(
    viewer: User, stranger: User, user_factory: Any, targets: dict[str, Any], episode: Movie,
    run_jobs: RunJobs, mailoutbox: Any,
) -> None:  # fmt: skip
    User.objects.update(email_verified=True)
    User.objects.filter(pk=viewer.pk).update(emailed_types=["NEW_CONTENT"])
    user_factory(name="Nobody")
    for kind, target in targets.items():
        follow_add(kind, target.slug, user_id=viewer.pk, now=MORNING)
    follow_add("people", "vj-junior", user_id=stranger.pk, now=MORNING)
    movie_publish(episode, now=timezone.now())
    run_jobs()
    assert notified() == ["Aisha", "Stranger"]
    note = Notification.objects.filter(user=viewer).get()
    assert (note.type, note.title) == ("NEW_CONTENT", "New: Hills: The Goat")
    assert note.action_url == "/movies/the-goat"
    (mail,) = mailoutbox
    assert mail.to == [viewer.email]


def test_a_second_publication_is_not_announced(
    viewer: User, stranger: User, targets: dict[str, Any], episode: Movie, run_jobs: RunJobs
) -> None:
    now = timezone.now()
    follow_add("series", "hills", user_id=viewer.pk, now=MORNING)
    movie_publish(episode, now=now)
    run_jobs()
    follow_add("series", "hills", user_id=stranger.pk, now=now + timedelta(days=1))
    movie_unpublish(episode)
    movie_publish(episode, now=now + timedelta(days=2))
    run_jobs()
    assert notified() == ["Aisha"]


def test_a_film_unpublished_before_the_fan_out_is_announced_later(
    viewer: User, targets: dict[str, Any], episode: Movie, run_jobs: RunJobs
) -> None:
    follow_add("categories", "drama", user_id=viewer.pk, now=MORNING)
    movie_publish(episode, now=timezone.now())
    movie_unpublish(episode)
    run_jobs()
    assert notified() == []
    movie_publish(episode, now=timezone.now())
    run_jobs()
    assert notified() == ["Aisha"]


def test_a_film_without_followers_enqueues_no_job(episode: Movie, run_jobs: RunJobs) -> None:
    movie_publish(episode, now=timezone.now())
    assert (run_jobs(), notified()) == (0, [])
