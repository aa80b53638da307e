"""Deletion of films: hidden at once, restorable for 30 days, then removed."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import AuditLog, User
from catalog.models import Comment, Credit, Favorite, Movie, WatchHistory
from catalog.services.deletion import (
    movie_delete,
    movie_remove,
    movie_restore,
    movies_remove_due,
)
from catalog.services.film_edits import movie_update
from catalog.services.films import movie_media_update, movie_publish
from kushfilms.core.errors import NotFound
from tests.factories import (
    CategoryFactory,
    CreditFactory,
    EpisodeFactory,
    MovieFactory,
    PersonFactory,
    SeasonFactory,
)

SiteAs = Callable[[User], Client]
ApiAs = Callable[[User], APIClient]
API, MOVIES = "/api/v1/admin/movies", "/admin/catalog/movie/"

pytestmark = pytest.mark.django_db


def watched(movie: Movie, people: int) -> None:
    """Give a film this many viewers, each with a row of history and one on their list."""
    viewers = User.objects.bulk_create(
        User(email=f"w{n}-{movie.slug}@example.ug", name="W") for n in range(people)
    )
    WatchHistory.objects.bulk_create(
        WatchHistory(user=viewer, movie=movie, progress=60) for viewer in viewers
    )
    Favorite.objects.bulk_create(Favorite(user=viewer, movie=movie) for viewer in viewers)


def test_a_deleted_film_is_hidden_and_keeps_its_rows(
    admin: User, api: APIClient, api_as: ApiAs, client: Client
) -> None:
    movie = MovieFactory.create(title="Boda", slug="boda", featured=True, trending=True)
    watched(movie, 3)
    staff_api = api_as(admin)
    assert staff_api.delete(f"{API}/{movie.pk}").status_code == 204
    for path in ("/boda", f"/{movie.pk}"):
        assert api.get(f"/api/v1/movies{path}").status_code == 404
    for path in ("", "/featured", "/trending", "/recent", "/search?q=boda"):
        assert api.get(f"/api/v1/movies{path}").json()["results"] == []
    assert client.get("/movies/boda").status_code == 404
    assert staff_api.get(f"{API}/{movie.pk}").status_code == 404
    assert staff_api.get(API).json()["results"] == []
    assert staff_api.delete(f"{API}/{movie.pk}").status_code == 404
    (row,) = staff_api.get(f"{API}?deleted=true").json()["results"]
    assert (row["title"], row["published"], bool(row["deletedAt"])) == ("Boda", False, True)
    assert WatchHistory.objects.count() == Favorite.objects.count() == 3


def test_restoring_brings_the_film_back_as_a_draft(admin: User, api_as: ApiAs) -> None:
    movie = MovieFactory.create(title="Boda", slug="boda")
    watched(movie, 2)
    staff_api = api_as(admin)
    staff_api.delete(f"{API}/{movie.pk}")
    restored = staff_api.post(f"{API}/{movie.pk}/restore").json()
    assert (restored["slug"], restored["published"], restored["deletedAt"]) == ("boda", False, None)
    assert staff_api.post(f"{API}/{movie.pk}/publish").status_code == 200
    assert Movie.objects.get().watch_history.count() == 2
    assert staff_api.post(f"{API}/{movie.pk}/restore").status_code == 404
    actions = AuditLog.objects.filter(entity_id=str(movie.pk)).order_by("created_at")
    assert [row.action for row in actions] == ["movie.delete", "movie.restore", "movie.publish"]


def test_the_address_of_a_deleted_film_is_free() -> None:
    first = MovieFactory.create(title="Boda", slug="boda")
    movie_delete(first, now=timezone.now())
    second = MovieFactory.create(title="Boda", slug="boda")
    assert movie_restore(first.pk).slug == "boda-2"
    movie_delete(second, now=timezone.now())
    assert movie_restore(second.pk).slug == "boda"


def test_former_addresses_lead_to_a_restored_film(client: Client) -> None:
    movie = MovieFactory.create(title="Boda", slug="boda")
    movie_update(movie, changes={"title": "Matatu"})
    assert client.get("/movies/boda")["Location"] == "/movies/matatu"
    movie_delete(movie, now=timezone.now())
    assert client.get("/movies/boda").status_code == 404
    movie_publish(movie_restore(movie.pk), now=timezone.now())
    assert client.get("/movies/boda")["Location"] == "/movies/matatu"


def test_a_restored_episode_gets_its_position_if_it_is_free() -> None:
    season = SeasonFactory.create()
    one = EpisodeFactory.create(season=season, episode_number=1)
    two = EpisodeFactory.create(season=season, episode_number=2)
    for episode in (one, two):
        movie_delete(episode, now=timezone.now())
    assert not season.episodes.exists()
    EpisodeFactory.create(season=season, episode_number=2)
    back = movie_restore(one.pk)
    assert (back.kind, back.season, back.episode_number) == ("EPISODE", season, 1)
    back = movie_restore(two.pk)
    assert (back.kind, back.season, back.episode_number) == ("FILM", None, None)


def test_after_thirty_days_the_sweep_removes_it_for_good() -> None:
    now = timezone.now()
    old, young = MovieFactory.create(), MovieFactory.create()
    watched(old, 3)
    CreditFactory.create(movie=old)
    movie_delete(old, now=now - timedelta(days=30))
    movie_delete(young, now=now - timedelta(days=29, hours=23))
    assert movies_remove_due(now=now) == 1
    assert list(Movie.every.all()) == [young]
    assert not WatchHistory.objects.exists()
    assert not Credit.objects.exists()
    with pytest.raises(NotFound):
        movie_restore(old.pk)
    assert not movie_remove(MovieFactory.create().pk)  # of a film that is not deleted: nothing
    assert Movie.objects.count() == 1


def test_an_encode_does_not_publish_a_deleted_film() -> None:
    movie = MovieFactory.draft(publish_when_ready=True)
    movie_delete(movie, now=timezone.now())
    movie_media_update(movie, playable=True, duration=60)
    movie = Movie.every.get()
    assert (movie.playable, movie.published) == (True, False)
    with pytest.raises(NotFound):
        movie_publish(movie, now=timezone.now())
    assert movie_restore(movie.pk).playable


def test_deleting_costs_the_same_for_a_film_that_many_watched(
    admin: User, site_as: SiteAs, api_as: ApiAs
) -> None:
    """Page, form and API: no statement more at 300 viewers than at 3."""
    browser, staff_api = site_as(admin), api_as(admin)
    browser.get(MOVIES)  # whom the cache knows afterwards
    staff_api.get(API)
    costs = set()
    for people in (3, 300):
        one = MovieFactory.create(slug=f"a{people}")
        other = MovieFactory.create(slug=f"b{people}")
        watched(one, people)
        watched(other, people)
        with CaptureQueriesContext(connection) as asked:
            page = browser.get(f"{MOVIES}{one.pk}/delete/").content.decode()
            assert browser.post(f"{MOVIES}{one.pk}/delete/", {"post": "yes"}).status_code == 302
            assert staff_api.delete(f"{API}/{other.pk}").status_code == 204
        assert f"Watch history: {people}" in " ".join(page.split())
        assert len(page) < 40_000
        costs.add(len(asked))
    assert len(costs) == 1


def test_the_list_deletes_and_restores_several(admin: User, site_as: SiteAs) -> None:
    browser, movies = site_as(admin), MovieFactory.create_batch(3)
    watched(movies[0], 40)
    chosen = {"action": "delete_selected", "_selected_action": [str(m.pk) for m in movies[:2]]}
    page = " ".join(browser.post(MOVIES, chosen).content.decode().split())
    assert "Watch history: 40" in page
    assert "for 30 days" in page
    browser.post(MOVIES, chosen | {"post": "yes"})
    assert list(Movie.objects.all()) == [movies[2]]
    deleted = f"{MOVIES}?state=deleted"
    page = browser.get(deleted).content.decode()
    assert "Deleted on" in page
    assert "Restore as drafts" in page
    assert "Publish" not in page.partition('name="action"')[2].partition("</select>")[0]
    browser.post(deleted, {"action": "restore", "_selected_action": [str(movies[0].pk)]})
    assert set(Movie.objects.all()) == {movies[0], movies[2]}
    assert browser.get(f"{MOVIES}{movies[1].pk}/change/").status_code == 302


def test_a_person_and_a_category_show_counts_too(admin: User, site_as: SiteAs) -> None:
    browser = site_as(admin)
    category, person = CategoryFactory.create(), PersonFactory.create()
    MovieFactory.create_batch(30, category=category)
    url = f"/admin/catalog/category/{category.pk}/delete/"
    page = " ".join(browser.get(url).content.decode().split())
    assert "Films (kept, without the link): 30" in page
    assert "Film 1" not in page
    gone = CreditFactory.create(person=person).movie
    page = browser.get(f"/admin/catalog/person/{person.pk}/delete/").content.decode()
    assert "Credits: 1" in " ".join(page.split())
    # Only a deleted film names the person: that does not keep the person.
    movie_delete(gone, now=timezone.now())
    url = f"/admin/catalog/person/{person.pk}/delete/"
    assert browser.post(url, {"post": "yes"}).status_code == 302
    assert not type(person).objects.filter(pk=person.pk).exists()


def test_comments_of_a_deleted_film_are_not_listed(viewer: User, api_as: ApiAs) -> None:
    movie = MovieFactory.create()
    Comment.objects.create(movie=movie, user=viewer, content="Good")
    movie_delete(movie, now=timezone.now())
    assert api_as(viewer).get(f"/api/v1/movies/{movie.pk}/comments").status_code == 404


def test_only_staff_for_content_restore(viewer: User, moderator: User, api_as: ApiAs) -> None:
    movie = MovieFactory.create()
    movie_delete(movie, now=timezone.now())
    for person in (viewer, moderator):
        assert api_as(person).post(f"{API}/{movie.pk}/restore").status_code == 403
    assert Movie.every.get().deleted_at is not None
