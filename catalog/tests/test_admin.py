"""The back office for films."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from catalog.models import Movie

SiteAs = Callable[[User], Client]
MOVIES = "/admin/catalog/movie/"

pytestmark = pytest.mark.django_db


def _act(browser: Client, action: str, *movies: Movie) -> str:
    form = {"action": action, "_selected_action": [str(movie.pk) for movie in movies]}
    return browser.post(MOVIES, form, follow=True).content.decode()


def test_publishing_says_which_film_is_not_ready(
    admin: User, site_as: SiteAs, movie_factory: Any
) -> None:
    ready, empty = movie_factory.draft(title="Ready"), movie_factory.draft(title="Empty")
    Movie.objects.filter(pk=ready.pk).update(playable=True)
    page = _act(site_as(admin), "publish", ready, empty)
    assert "“Ready” is published." in page
    assert "“Empty” has no finished video yet." in page
    assert list(Movie.objects.filter(published=True)) == [ready]


def test_the_other_actions(admin: User, site_as: SiteAs, movie_factory: Any) -> None:
    browser, movie = site_as(admin), movie_factory()
    _act(browser, "feature", movie)
    movie.refresh_from_db()
    assert movie.featured
    _act(browser, "unfeature", movie)
    _act(browser, "unpublish", movie)
    movie.refresh_from_db()
    assert (movie.featured, movie.published) == (False, False)


def test_moderators_do_not_touch_films(
    moderator: User, site_as: SiteAs, movie_factory: Any
) -> None:
    movie = movie_factory()
    form = {"action": "unpublish", "_selected_action": [str(movie.pk)]}
    assert site_as(moderator).post(MOVIES, form).status_code == 403
    movie.refresh_from_db()
    assert movie.published


def test_a_film_is_written_and_its_state_is_not(
    admin: User, site_as: SiteAs, category_factory: Any
) -> None:
    browser, category = site_as(admin), category_factory()
    form = {
        "title": "Seven Hills", "slug": "seven-hills", "language": "Luganda", "country": "Uganda",
        "access_level": "BASIC", "age_rating": "G", "cast": "Aisha,Joel", "category": category.pk,
        "published": "on", "playable": "on",
    }  # fmt: skip
    assert browser.post(f"{MOVIES}add/", form).status_code == 302
    movie = Movie.objects.get()
    assert (movie.cast, movie.access_level) == (["Aisha", "Joel"], "BASIC")
    assert (movie.published, movie.playable) == (False, False)
    page = browser.get(f"{MOVIES}{movie.pk}/change/").content.decode()
    assert "Seven Hills" in page


def test_a_film_is_published_from_its_own_page(
    admin: User, site_as: SiteAs, movie_factory: Any
) -> None:
    browser, movie = site_as(admin), movie_factory.draft(title="Seven Hills")
    url = f"{MOVIES}{movie.pk}/change/"
    form = {
        "title": "Eight Hills", "slug": movie.slug, "language": "Luganda", "country": "Uganda",
        "access_level": "BASIC", "age_rating": "G",
    }  # fmt: skip
    refused = browser.post(url, form | {"_publish": ""}, follow=True).content.decode()
    assert "“Eight Hills” has no finished video yet." in refused  # what was typed is saved
    Movie.objects.filter(pk=movie.pk).update(playable=True)
    assert 'name="_publish"' in browser.get(url).content.decode()
    page = browser.post(url, form | {"_publish": ""}, follow=True).content.decode()
    assert "“Eight Hills” is published." in page
    assert 'name="_unpublish"' in page
    browser.post(url, form | {"_unpublish": ""})
    movie.refresh_from_db()
    assert (movie.published, movie.title) == (False, "Eight Hills")


def test_deleting_a_film(admin: User, site_as: SiteAs, movie_factory: Any) -> None:
    browser, movie, other = site_as(admin), movie_factory(), movie_factory()
    assert browser.post(f"{MOVIES}{movie.pk}/delete/", {"post": "yes"}).status_code == 302
    assert list(Movie.objects.all()) == [other]


def test_the_list_costs_the_same_at_2_and_at_20(
    admin: User, site_as: SiteAs, movie_factory: Any, category_factory: Any,
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    browser = site_as(admin)
    browser.get(MOVIES)
    for rows in (2, 18):
        movie_factory.create_batch(rows, category=category_factory(), poster_key="public/p.jpg")
        with django_assert_num_queries(4):  # me, the count, the page, the category filter
            assert browser.get(MOVIES).status_code == 200
