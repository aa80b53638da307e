"""Films, series, people and categories in the back office."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts.models import AuditLog, User
from catalog.models import Credit, Movie, Person, Season, Series
from catalog.services.episodes import episode_assign
from catalog.services.film_edits import movie_update
from catalog.services.people import person_create
from catalog.services.schedule import movie_schedule
from catalog.services.series import season_create, series_create
from kushfilms.core import storage
from kushfilms.core.pictures import picture_keys, share_key

SiteAs = Callable[[User], Client]
MOVIES = "/admin/catalog/movie/"

pytestmark = pytest.mark.django_db


def _act(browser: Client, action: str, *movies: Movie) -> str:
    form = {"action": action, "_selected_action": [str(movie.pk) for movie in movies]}
    return browser.post(MOVIES, form, follow=True).content.decode()


def test_publishing_names_films_that_are_not_ready(
    admin: User, site_as: SiteAs, movie_factory: Any
) -> None:
    ready, empty = movie_factory.draft(title="Ready"), movie_factory.draft(title="Empty")
    Movie.objects.filter(pk=ready.pk).update(playable=True)
    page = _act(site_as(admin), "publish", ready, empty)
    assert "“Ready” is published." in page
    assert "“Empty” has no finished video yet." in page
    assert list(Movie.objects.filter(published=True)) == [ready]


def test_feature_unfeature_and_unpublish(admin: User, site_as: SiteAs, movie_factory: Any) -> None:
    browser, movie = site_as(admin), movie_factory()
    _act(browser, "feature", movie)
    movie.refresh_from_db()
    assert movie.featured
    _act(browser, "unfeature", movie)
    _act(browser, "unpublish", movie)
    movie.refresh_from_db()
    assert (movie.featured, movie.published) == (False, False)


def test_moderators_cannot_change_films(
    moderator: User, site_as: SiteAs, movie_factory: Any
) -> None:
    movie = movie_factory()
    form = {"action": "unpublish", "_selected_action": [str(movie.pk)]}
    assert site_as(moderator).post(MOVIES, form).status_code == 403
    movie.refresh_from_db()
    assert movie.published


def form_of(**fields: Any) -> dict[str, Any]:
    """Return a film's form with these changes and no credits."""
    seen = {
        "kind": "FILM", "language": "Luganda", "country": "Uganda", "access_level": "FREE",
        "age_rating": "G",
    }  # fmt: skip
    before = {f"initial-{name}": value for name, value in seen.items()}
    return {"credits-TOTAL_FORMS": "0", "credits-INITIAL_FORMS": "0", **seen, **before, **fields}


def credit(number: int, person: Person, job: str, **fields: Any) -> dict[str, Any]:
    row = {"id": "", "person": person.pk, "job": job, "character": "", "order": number, **fields}
    return {f"credits-{number}-{name}": value for name, value in row.items()}


def test_the_form_creates_a_draft_and_sets_no_state(
    admin: User, site_as: SiteAs, category_factory: Any
) -> None:
    browser, category = site_as(admin), category_factory()
    form = {
        "title": "Seven Hills", "kind": "FILM", "language": "Luganda", "country": "Uganda",
        "access_level": "BASIC", "category": category.pk, "published": "on", "playable": "on",
    }  # fmt: skip
    page = browser.post(f"{MOVIES}add/", form, follow=True).content.decode()
    assert "“Seven Hills” is saved as a draft." in page
    movie = Movie.objects.get()
    assert (movie.slug, movie.access_level, movie.category) == ("seven-hills", "BASIC", category)
    assert (movie.published, movie.playable) == (False, False)
    assert AuditLog.objects.get().action == "movie.create"


def test_a_film_is_published_from_its_own_page(
    admin: User, site_as: SiteAs, movie_factory: Any
) -> None:
    browser, movie = site_as(admin), movie_factory.draft(title="Seven Hills")
    url, form = f"{MOVIES}{movie.pk}/change/", form_of(title="Eight Hills")
    refused = browser.post(url, form | {"_publish": ""}, follow=True).content.decode()
    assert "“Eight Hills” has no finished video yet." in refused  # the form is saved all the same
    Movie.objects.filter(pk=movie.pk).update(playable=True)
    assert 'name="_publish"' in browser.get(url).content.decode()
    page = browser.post(url, form | {"_publish": ""}, follow=True).content.decode()
    assert "“Eight Hills” is published." in page
    assert 'name="_unpublish"' in page
    browser.post(url, form | {"_feature": ""})
    browser.post(url, form | {"_unpublish": ""})
    movie.refresh_from_db()
    assert (movie.published, movie.featured, movie.title) == (False, True, "Eight Hills")


def test_a_stale_form_writes_only_its_own_changes(
    admin: User, site_as: SiteAs, movie_factory: Any
) -> None:
    browser, movie = site_as(admin), movie_factory(title="Hills", description="Old")
    page = browser.get(f"{MOVIES}{movie.pk}/change/").content.decode()
    assert 'name="initial-title" value="Hills"' in page
    Movie.objects.update(title="Seven Hills")  # a colleague changes it in between
    form = form_of(**{
        "title": "Hills", "initial-title": "Hills", "description": "New",
        "initial-description": "Old",
    })  # fmt: skip
    for _ in range(2):
        assert browser.post(f"{MOVIES}{movie.pk}/change/", form).status_code == 302
    movie.refresh_from_db()
    assert (movie.title, movie.description) == ("Seven Hills", "New")
    assert AuditLog.objects.get().new_values == {"description": "New"}


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"publish_at_0": "2001-01-01", "publish_at_1": "10:00"}, "This time has passed."),
        ({"kind": "EPISODE"}, "An episode belongs to a season"),
        ({"title": ""}, "This field is required."),
        ({"year": "1066"}, "greater than or equal to 1888"),
        ({"allowed_countries": "U1"}, "is not a country code"),
        (
            {"licence_starts_at_0": "2030-01-01", "licence_starts_at_1": "10:00",
             "licence_ends_at_0": "2029-01-01", "licence_ends_at_1": "10:00"},
            "The licence must end after it starts.",
        ),
    ],
)  # fmt: skip
def test_invalid_values_show_an_error_and_change_nothing(
    admin: User, site_as: SiteAs, movie_factory: Any, fields: Any, fault: str
) -> None:
    movie = movie_factory(title="Film", published=False)
    before = Movie.objects.values().get()
    form = form_of(**{"title": "Film", "initial-title": "Film", **fields})
    answer = site_as(admin).post(f"{MOVIES}{movie.pk}/change/", form, follow=True)
    assert fault in answer.content.decode()
    assert Movie.objects.values().get() == before
    assert not AuditLog.objects.exists()


def test_credits_are_saved_in_order(admin: User, site_as: SiteAs, movie_factory: Any) -> None:
    browser, movie = site_as(admin), movie_factory(title="Film")
    junior, aisha = person_create(name="VJ Junior"), person_create(name="Aisha")
    form = form_of(
        title="Film",
        **credit(0, junior, "VJ"),
        **credit(1, junior, "CAST", order=5),
        **credit(2, aisha, "CAST", order=2, character="Nakato"),
    ) | {"credits-TOTAL_FORMS": "3"}
    assert browser.post(f"{MOVIES}{movie.pk}/change/", form).status_code == 302
    movie.refresh_from_db()
    assert (movie.cast, movie.vjs) == (["Aisha", "VJ Junior"], ["VJ Junior"])
    page = browser.get(f"{MOVIES}{movie.pk}/change/").content.decode()
    assert "narrated by VJ Junior" in page
    rows = {row.job + row.person.name: row for row in Credit.objects.select_related("person")}
    form = form_of(title="Film") | {"credits-TOTAL_FORMS": "1", "credits-INITIAL_FORMS": "1"}
    gone = credit(0, junior, "VJ", id=rows["VJVJ Junior"].pk, DELETE="on")
    assert browser.post(f"{MOVIES}{movie.pk}/change/", form | gone).status_code == 302
    movie.refresh_from_db()
    assert movie.vjs == []


def test_deleting_a_film(admin: User, site_as: SiteAs, movie_factory: Any) -> None:
    browser, movie, other = site_as(admin), movie_factory(), movie_factory()
    assert browser.post(f"{MOVIES}{movie.pk}/delete/", {"post": "yes"}).status_code == 302
    assert list(Movie.objects.all()) == [other]


def test_bulk_category_plan_and_genre(
    admin: User, site_as: SiteAs, movie_factory: Any, category_factory: Any
) -> None:
    browser, drama = site_as(admin), category_factory(name="Drama")
    movies = movie_factory.create_batch(4, genres=["Drama"])

    def act(action: str, **fields: Any) -> str:
        chosen = {"action": action, "_selected_action": [str(movie.pk) for movie in movies]}
        return browser.post(MOVIES, chosen | fields, follow=True).content.decode()

    assert "4 films: each is now in Drama." in act("set_category", category=str(drama.pk))
    assert "needs the plan Premium" in act("set_plan", plan="PREMIUM")
    assert "4 films" in act("add_genre", genre="Thriller")
    act("add_genre", genre="Thriller")
    for name in ("set_category", "set_plan", "add_genre"):
        assert "beside the action" in act(name)
    act("set_plan", plan="GOLD")
    for movie in Movie.objects.all():
        assert (movie.category, movie.access_level) == (drama, "PREMIUM")
        assert movie.genres == ["Drama", "Thriller"]
    assert AuditLog.objects.count() == 12


def test_the_list_shows_the_state_of_films(
    admin: User, site_as: SiteAs, movie_factory: Any, time_machine: Any
) -> None:
    browser = site_as(admin)
    live, empty = movie_factory(title="Alive"), movie_factory.draft(title="Empty")
    movie_update(live, changes={"cast": ["Nakato Aisha"], "director": "Nakato Aisha"})
    movie_factory(title="Waiting", published=False)
    movie_schedule(empty, publish_at=timezone.now() + timedelta(days=9), now=timezone.now())
    page = browser.get(MOVIES).content.decode()
    for words in ("Live", "Ready, not published", "Scheduled for"):
        assert words in page
    found = browser.get(f"{MOVIES}?q=NAKATO+ali").content.decode()
    assert found.count('class="field-picture"') == found.count("field-picture") == 1
    for state, title in (("live", "Alive"), ("scheduled", "Empty"), ("ready", "Waiting")):
        listed = browser.get(f"{MOVIES}?state={state}").content.decode()
        assert [name for name in ("Alive", "Empty", "Waiting") if f"{name}<div" in listed] == [
            title
        ]


def test_the_list_costs_the_same_at_2_and_at_20(
    admin: User, site_as: SiteAs, movie_factory: Any, category_factory: Any,
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    browser, season = site_as(admin), season_create(series_create(title="Nights"))
    browser.get(MOVIES)
    for rows in (2, 18):
        made = movie_factory.create_batch(rows, category=category_factory(), poster_key="public/p")
        for movie in made:
            episode_assign(movie, season=season)
        # The user, the count, the page, the state of videos, categories of filter and action.
        with django_assert_num_queries(6):
            assert browser.get(MOVIES).status_code == 200


# ── Pictures ────────────────────────────────────────────────────────────────────────────


def picture(width: int = 1280, height: int = 720, kind: str = "WEBP") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#8f1a27").save(out, kind)
    return out.getvalue()


def test_a_still_becomes_the_poster(
    admin: User, site_as: SiteAs, movie_factory: Any, run_jobs: Any
) -> None:
    key = f"public/stills/{uuid4()}/still-0.webp"
    storage.put_bytes(key, picture(), content_type="image/webp")
    browser, movie = site_as(admin), movie_factory(poster_candidate_keys=[key])
    url = f"{MOVIES}{movie.pk}/poster/"
    assert f'value="{key}"' in browser.get(f"{MOVIES}{movie.pk}/change/").content.decode()
    browser.post(url, {"key": key})
    movie.refresh_from_db()
    first = movie.poster_key
    with Image.open(io.BytesIO(storage.get_bytes(first))) as poster:
        assert poster.size == (400, 600)
    with Image.open(io.BytesIO(storage.get_bytes(movie.thumbnail_key))) as thumbnail:
        assert thumbnail.size == (480, 270)
    with Image.open(io.BytesIO(storage.get_bytes(movie.backdrop_key))) as backdrop:
        assert backdrop.size == (1280, 720)
    assert len(storage.get_bytes(share_key(movie.backdrop_key))) < 300_000
    own = SimpleUploadedFile("p.png", picture(800, 800, "PNG"), content_type="image/png")
    browser.post(url, {"file": own})
    movie.refresh_from_db()
    assert movie.poster_key != first
    run_jobs()
    for gone in picture_keys(first):
        with pytest.raises(storage.ObjectMissing):
            storage.get_bytes(gone)
    assert storage.get_bytes(key)  # other choices stay


def test_an_invalid_picture_changes_nothing(
    admin: User, moderator: User, site_as: SiteAs, movie_factory: Any
) -> None:
    browser, movie = site_as(admin), movie_factory(poster_key="public/old.webp")
    url = f"{MOVIES}{movie.pk}/poster/"
    tries: list[tuple[dict[str, Any], str]] = [
        ({"key": "public/not-ours.webp"}, "This still no longer exists."),
        ({}, "Choose a still"),
        ({"file": SimpleUploadedFile("p.png", b"not a picture")}, "read this picture"),
        (
            {"file": SimpleUploadedFile("p.png", b"x" * (5 * 1024**2 + 1))},
            "picture of at most 5 MB",
        ),
    ]
    for body, fault in tries:
        assert fault in browser.post(url, body, follow=True).content.decode()
    assert browser.get(url).status_code == 405
    assert site_as(moderator).post(url, {}).status_code == 403
    movie.refresh_from_db()
    assert movie.poster_key == "public/old.webp"
    assert not AuditLog.objects.exists()


# ── Series, people, categories ──────────────────────────────────────────────────────────


def test_a_series_page_puts_episodes_in_order(
    admin: User, site_as: SiteAs, movie_factory: Any
) -> None:
    browser = site_as(admin)
    form = {"title": "Kampala Nights", "language": "Luganda", "country": "Uganda"}
    assert browser.post("/admin/catalog/series/add/", form).status_code == 302
    series = Series.objects.get()
    page = f"/admin/catalog/series/{series.pk}/"
    browser.post(f"{page}season/", {"title": ""})
    season = Season.objects.get()
    one, two = movie_factory(title="One"), movie_factory(title="Two")
    for movie in (one, two):
        form_with = form_of(title=movie.title, season=season.pk)
        browser.post(f"{MOVIES}{movie.pk}/change/", form_with)
    order = f"/admin/catalog/series/season/{season.pk}/order/"
    browser.post(order, {f"number-{one.pk}": "9", f"number-{two.pk}": "3"})
    two.refresh_from_db()
    assert (two.kind, two.episode_number) == ("EPISODE", 1)
    page_text = browser.post(order, {f"number-{one.pk}": "x"}, follow=True).content.decode()
    assert "Enter a number for every episode" in page_text
    away = f"/admin/catalog/series/season/{season.pk}/away/"
    assert "Move or delete them first." in browser.post(away, follow=True).content.decode()
    browser.post(f"{page}change/", form | {"_publish": ""})
    series.refresh_from_db()
    assert series.published
    shown = browser.get(f"{page}change/").content.decode()
    assert shown.index(">Two</a>") < shown.index(">One</a>")
    assert browser.get(f"/admin/autocomplete/?{AUTOCOMPLETE}&term=kampala").json()["results"]


AUTOCOMPLETE = "app_label=catalog&model_name=movie&field_name=season"


def test_a_persons_page_has_their_films_and_a_merge(
    admin: User, site_as: SiteAs, movie_factory: Any
) -> None:
    browser, movie = site_as(admin), movie_factory(title="Seven Hills")
    movie_update(movie, changes={"vjs": ["VJ Jr"]})
    wrong, right = Person.objects.get(), person_create(name="VJ Junior")
    page = f"/admin/catalog/person/{wrong.pk}/"
    assert "Seven Hills" in browser.get(f"{page}change/").content.decode()
    refused = browser.post(f"{page}delete/", {"post": "yes"}, follow=True).content.decode()
    assert "VJ Jr has 1 credit." in refused
    page_text = browser.post(f"{page}merge/", {"into": "nobody"}, follow=True).content.decode()
    assert "No person has the address" in page_text
    browser.post(f"{page}merge/", {"into": right.slug}, follow=True)
    movie.refresh_from_db()
    assert movie.vjs == ["VJ Junior"]
    assert "VJ Junior" in browser.get("/admin/catalog/person/?job=VJ").content.decode()


def test_categories_are_ordered_in_their_list(
    admin: User, site_as: SiteAs, category_factory: Any
) -> None:
    browser, category = site_as(admin), category_factory(name="Drama")
    form = {
        "form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-id": str(category.pk),
        "form-0-order": "7", "_save": "",
    }  # fmt: skip
    browser.post("/admin/catalog/category/", form)
    category.refresh_from_db()
    assert (category.order, category.active) == (7, False)
    assert AuditLog.objects.get().new_values == {"order": 7, "active": False}
