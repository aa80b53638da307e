"""The first film of a new account: the date of birth, and the hero of the home page."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.services.profiles import ProfileChange, profile_update

SiteAs = Callable[[User], Client]

# Committed: a changed date of birth drops the cached principal on commit.
pytestmark = pytest.mark.django_db(transaction=True)


def set_birth(user: User, day: date) -> None:
    profile_update(user.pk, ProfileChange(date_of_birth=day), now=timezone.now())


def hero_of(page: bytes) -> str:
    """Return the part of the home page that features a film; empty without one."""
    html = page.decode()
    return html.partition('<section class="hero')[2].partition("</section>")[0]


@pytest.fixture
def for_teens(movie_factory: Any) -> Any:
    return movie_factory(title="Teen Film", slug="teen-film", age_rating="13", featured=True)


@pytest.mark.usefixtures("for_teens")
def test_the_film_page_asks_for_a_missing_date_of_birth_and_leads_to_the_film(
    viewer: User, site_as: SiteAs
) -> None:
    browser = site_as(viewer)
    page = browser.get("/movies/teen-film").content.decode()
    assert "for 13 and over. Enter your date of birth to watch it." in page
    assert 'action="/account/birth"' in page
    form = {"date_of_birth": "2000-05-17", "next": "/watch/teen-film"}
    answer = browser.post("/account/birth", form)
    assert (answer.status_code, answer["Location"]) == (302, "/watch/teen-film")
    viewer.refresh_from_db()
    assert viewer.date_of_birth == date(2000, 5, 17)
    page = browser.get("/movies/teen-film").content.decode()
    assert 'href="/watch/teen-film"' in page
    assert 'action="/account/birth"' not in page


@pytest.mark.usefixtures("for_teens")
def test_the_watch_page_asks_too(viewer: User, site_as: SiteAs) -> None:
    answer = site_as(viewer).get("/watch/teen-film")
    page = answer.content.decode()
    assert answer.status_code == 403
    assert 'name="next" value="/watch/teen-film"' in page
    assert 'name="date_of_birth"' in page


@pytest.mark.usefixtures("for_teens")
def test_a_viewer_who_is_too_young_is_not_asked_again(viewer: User, site_as: SiteAs) -> None:
    set_birth(viewer, timezone.now().date() - timedelta(days=12 * 365))
    browser = site_as(viewer)
    for url, status in [("/movies/teen-film", 200), ("/watch/teen-film", 403)]:
        answer = browser.get(url)
        page = answer.content.decode()
        assert answer.status_code == status
        assert "This film is for 13 and over." in page
        assert 'action="/account/birth"' not in page


@pytest.mark.parametrize("wrong", ["", "yesterday", "1899-12-31", "2999-01-01", "2000-02-30"])
def test_an_invalid_date_is_refused_and_the_redirect_is_kept(
    viewer: User, site_as: SiteAs, wrong: str
) -> None:
    form = {"date_of_birth": wrong, "next": "/watch/teen-film"}
    answer = site_as(viewer).post("/account/birth", form)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'class="errorlist"' in page
    assert 'name="next" value="/watch/teen-film"' in page
    viewer.refresh_from_db()
    assert viewer.date_of_birth is None


def test_the_redirect_stays_on_this_site(viewer: User, site_as: SiteAs) -> None:
    form = {"date_of_birth": "2000-05-17", "next": "https://elsewhere.example/"}
    assert site_as(viewer).post("/account/birth", form)["Location"] == "/"


def test_the_api_distinguishes_a_missing_date_from_a_young_viewer(
    viewer: User, api_as: Any, for_teens: Any
) -> None:
    url = f"/api/v1/movies/{for_teens.pk}/stream"
    missing = api_as(viewer).get(url)
    assert (missing.status_code, missing.json()["code"]) == (403, "age_unknown")
    assert missing.json()["minimumAge"] == 13
    young = (timezone.now().date() - timedelta(days=12 * 365)).isoformat()
    assert api_as(viewer).put(
        "/api/v1/users/profile", {"dateOfBirth": young}, format="json"
    ).status_code == 200  # fmt: skip
    late = api_as(viewer).get(url)
    assert (late.status_code, late.json()["code"]) == (403, "age_restricted")


def test_the_hero_plays_for_the_viewer_who_sees_it(
    viewer: User, premium_viewer: User, site_as: SiteAs, movie_factory: Any, for_teens: Any
) -> None:
    movie_factory(title="For All", slug="for-all")
    movie_factory(title="Costly", slug="costly", access_level="PREMIUM", featured=True)
    # The newest featured film is Premium, the next one asks for an age, the third is for everyone.
    assert "For All" in hero_of(site_as(viewer).get("/").content)
    assert "Costly" in hero_of(site_as(premium_viewer).get("/").content)
    set_birth(viewer, date(2000, 5, 17))
    assert "Teen Film" in hero_of(site_as(viewer).get("/").content)
    assert "Teen Film" in hero_of(Client().get("/").content)


def test_the_hero_asks_where_every_film_needs_an_age(
    viewer: User, site_as: SiteAs, for_teens: Any
) -> None:
    hero = hero_of(site_as(viewer).get("/").content)
    assert "Teen Film" in hero
    assert 'action="/account/birth"' in hero
    young = timezone.now().date() - timedelta(days=9 * 365)
    set_birth(viewer, young)
    page = site_as(viewer).get("/").content
    assert hero_of(page) == ""
    assert page.count(b"<h1") == 1
    assert b"Opening soon" not in page
