"""API of staff for films, and its denial to everyone else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import AuditLog, User
from catalog.models import Credit, FormerSlug, Movie, Person
from catalog.services.deletion import movie_remove
from catalog.tests.admin_client import AdminClient

ApiAs = Callable[[User], APIClient]

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff_api(admin: User, api_as: ApiAs) -> AdminClient:
    return AdminClient(api_as(admin))


def test_a_film_is_created_published_and_deleted(
    staff_api: AdminClient, category_factory: Any
) -> None:
    category = category_factory(name="Drama")
    film = staff_api.post("movies", {
        "title": " Seven  Hills ", "director": "Nalwanga Sarah, Joel", "cast": ["Aisha", "Joel"],
        "vjs": ["VJ Junior"], "genres": ["Drama", "Drama", " Thriller"], "year": 2025,
        "categoryId": str(category.pk), "accessLevel": "BASIC", "allowedCountries": ["ug", "KE"],
    })  # fmt: skip
    assert (film["title"], film["slug"], film["published"]) == ("Seven Hills", "seven-hills", False)
    assert (film["director"], film["cast"]) == ("Nalwanga Sarah, Joel", ["Aisha", "Joel"])
    assert [(row["person"]["name"], row["job"]) for row in film["credits"]] == [
        ("Aisha", "CAST"), ("Joel", "CAST"), ("Nalwanga Sarah", "DIRECTOR"), ("Joel", "DIRECTOR"),
        ("VJ Junior", "VJ"),
    ]  # fmt: skip
    assert Person.objects.count() == 4
    assert (film["genres"], film["allowedCountries"]) == (["Drama", "Thriller"], ["UG", "KE"])
    url = f"movies/{film['id']}"
    refused = staff_api.post(f"{url}/publish", status=409)
    assert refused["code"] == "not_ready"
    Movie.objects.update(playable=True)
    assert staff_api.post(f"{url}/publish", status=200)["published"]
    assert staff_api.post(f"{url}/feature", status=200)["featured"]
    assert not staff_api.post(f"{url}/feature", {"featured": False}, status=200)["featured"]
    assert not staff_api.post(f"{url}/unpublish", {"reason": "Sound"}, status=200)["published"]
    staff_api.delete(url)
    staff_api.get(url, status=404)
    assert not Movie.objects.exists()
    assert Person.objects.count() == 4
    actions = AuditLog.objects.order_by("created_at").values_list("action", flat=True)
    assert list(actions) == [
        "movie.create", "movie.publish", "movie.feature", "movie.unfeature",
        "movie.unpublish", "movie.delete",
    ]  # fmt: skip


def test_missing_fields_stay_and_the_audit_log_has_old_and_new_values(
    staff_api: AdminClient, movie_factory: Any
) -> None:
    movie = movie_factory(title="Film", slug="film", description="Old", year=2020)
    answer = staff_api.put(f"movies/{movie.pk}", {"description": "New", "year": 2020})
    assert (answer["description"], answer["year"], answer["title"]) == ("New", 2020, "Film")
    entry = AuditLog.objects.get()
    assert (entry.action, entry.old_values, entry.new_values) == (
        "movie.change", {"description": "Old"}, {"description": "New"},
    )  # fmt: skip
    staff_api.put(f"movies/{movie.pk}", {"description": "New"})
    assert AuditLog.objects.count() == 1


def test_the_old_address_of_a_renamed_film_redirects(
    staff_api: AdminClient, movie_factory: Any
) -> None:
    movie = movie_factory(title="First", slug="first")
    url = f"movies/{movie.pk}"
    assert staff_api.put(url, {"title": "Second"})["slug"] == "second"
    assert staff_api.put(url, {"title": "Third"})["slug"] == "third"
    targets = FormerSlug.objects.values_list("slug", "target_id")
    assert set(targets) == {("first", movie.pk), ("second", movie.pk)}  # no chains
    # A new film takes over the address of its title; one renamed to that title gets the next
    # number.
    assert staff_api.post("movies", {"title": "First"})["slug"] == "first"
    assert list(FormerSlug.objects.values_list("slug", flat=True)) == ["second"]
    assert staff_api.put(url, {"title": "First"})["slug"] == "first-2"
    assert staff_api.put(url, {"title": "Second"})["slug"] == "second"
    assert set(FormerSlug.objects.values_list("slug", flat=True)) == {"third", "first-2"}
    staff_api.delete(url)
    assert FormerSlug.objects.exists()  # a restored film has its addresses back
    assert movie_remove(movie.pk)
    assert not FormerSlug.objects.exists()


def test_a_chosen_slug(staff_api: AdminClient, movie_factory: Any) -> None:
    movie, other = movie_factory(slug="mine"), movie_factory(slug="theirs")
    for slug in ("theirs", "search", "No Such", "ÄÖ"):
        fault = staff_api.put(f"movies/{movie.pk}", {"slug": slug}, status=400)
        assert list(fault["fields"]) == ["slug"], slug
    assert staff_api.put(f"movies/{movie.pk}", {"slug": "yours"})["slug"] == "yours"
    assert staff_api.post("movies", {"title": "Search"})["slug"] == "search-film"
    other.refresh_from_db()
    assert other.slug == "theirs"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"year": 1066}, "year"),
        ({"year": 10**30}, "year"),
        ({"accessLevel": "GOLD"}, "accessLevel"),
        ({"ageRating": "99"}, "ageRating"),
        ({"allowedCountries": ["U1"]}, "allowedCountries"),
        ({"genres": ["x" * 61]}, "genres.0"),
        ({"imdbRating": "NaN"}, "imdbRating"),
        ({"imdbRating": 11}, "imdbRating"),
        ({"categoryId": str(uuid4())}, "categoryId"),
        ({"seasonId": str(uuid4())}, "seasonId"),
        ({"kind": "EPISODE"}, "season"),
        ({"director": "x" * 130}, "director"),
        ({"licenceStartsAt": "2026-05-01T00:00Z", "licenceEndsAt": "2026-04-01T00:00Z"},
         "licenceEndsAt"),
        ({"publishAt": "2001-01-01T00:00Z"}, "publishAt"),
        ({"credits": [{"job": "CAST"}]}, "credits.0.name"),
        ({"credits": [{"job": "KING", "name": "A"}]}, "credits.0.job"),
        ({"credits": [{"job": "CAST", "name": "@nobody"}]}, "credits"),
        ({"credits": [], "cast": []}, "credits"),
        ([], "nonFieldErrors"),
    ],
)  # fmt: skip
def test_invalid_fields_are_named_and_change_nothing(
    staff_api: AdminClient, movie_factory: Any, body: Any, field: str
) -> None:
    movie = movie_factory.draft(title="Film", slug="film", year=2020)
    before = Movie.objects.values().get()
    answer = staff_api.put(f"movies/{movie.pk}", body, status=400)
    assert answer["code"] == "validation_error"
    assert field in answer["fields"] or field == "nonFieldErrors", answer
    assert Movie.objects.values().get() == before
    assert not AuditLog.objects.exists()
    assert not Person.objects.exists()


def test_viewers_and_moderators_are_denied(
    viewer: User, moderator: User, api: APIClient, api_as: ApiAs, movie_factory: Any
) -> None:
    movie = movie_factory()
    before = Movie.objects.values().get()
    for client, status in ((api, 401), (api_as(viewer), 403), (api_as(moderator), 403)):
        denied = AdminClient(client)
        for path in ("movies", "categories", "people", "series", f"movies/{movie.pk}"):
            denied.get(path, status=status)
        denied.post("movies", {"title": "Mine"}, status=status)
        denied.put(f"movies/{movie.pk}", {"title": "Hacked"}, status=status)
        for verb in ("publish", "unpublish", "schedule", "feature"):
            denied.post(f"movies/{movie.pk}/{verb}", {}, status=status)
        denied.delete(f"movies/{movie.pk}", status=status)
    assert Movie.objects.values().get() == before
    assert not AuditLog.objects.exists()


def test_unknown_films_are_404(staff_api: AdminClient) -> None:
    url = f"movies/{uuid4()}"
    staff_api.get(url, status=404)
    staff_api.put(url, {"title": "x"}, status=404)
    staff_api.delete(url, status=404)
    for verb in ("publish", "unpublish", "feature"):
        staff_api.post(f"{url}/{verb}", {}, status=404)
    staff_api.post(f"{url}/schedule", {"publishAt": None}, status=404)


def test_the_list_is_searched_filtered_and_counted(
    staff_api: AdminClient, movie_factory: Any, category_factory: Any
) -> None:
    drama = category_factory(slug="drama")
    hills = movie_factory(title="Seven Hills", category=drama)
    movie_factory.draft(title="Draft", slug="draft-one")
    movie_factory(title="Down", published=False)
    staff_api.put(f"movies/{hills.pk}", {"cast": ["Nakato Aisha"]})

    def titles(query: str) -> set[str]:
        page = staff_api.get(f"movies?{query}")
        assert page["count"] == len(page["results"])
        return {row["title"] for row in page["results"]}

    assert titles("") == {"Seven Hills", "Draft", "Down"}
    assert titles("search=HILLS") == titles("search=nakato") == {"Seven Hills"}
    assert titles("search=draft-one") == titles("playable=false") == {"Draft"}
    assert titles("published=false") == {"Draft", "Down"}
    assert titles("published=false&playable=true") == {"Down"}
    assert titles("category=drama") == titles(f"category={drama.pk}") == {"Seven Hills"}
    assert titles("search=%25") == titles("category=none") == set()
    for bad in ("published=perhaps", "search=%00", "page=0", "limit=101", f"search={'x' * 201}"):
        staff_api.get(f"movies?{bad}", status=400)


def test_the_list_costs_the_same_at_2_and_at_20(
    staff_api: AdminClient,
    movie_factory: Any,
    category_factory: Any,
    django_assert_num_queries: Any,
) -> None:
    staff_api.get("movies")
    for rows in (2, 18):
        movie_factory.create_batch(rows, category=category_factory())
        with django_assert_num_queries(2):  # the count and the page; the user is cached
            staff_api.get("movies?limit=100")


# ── Credits ─────────────────────────────────────────────────────────────────────────────


def test_two_people_of_one_name_are_distinguished(
    staff_api: AdminClient, movie_factory: Any
) -> None:
    first = staff_api.post("people", {"name": "Okello"})
    second = staff_api.post("people", {"name": "okello"})
    assert (first["slug"], second["slug"]) == ("okello", "okello-2")
    movie = movie_factory()
    url = f"movies/{movie.pk}"
    fault = staff_api.put(url, {"cast": ["OKELLO"]}, status=400)
    assert "@okello or @okello-2" in fault["fields"]["cast"][0]
    assert staff_api.put(url, {"cast": ["@okello-2"]})["credits"][0]["person"]["id"] == second["id"]
    # The name alone now means the person who is credited already.
    answer = staff_api.put(url, {"cast": ["Okello", "Aisha"]})
    assert [row["person"]["slug"] for row in answer["credits"]] == ["okello-2", "aisha"]
    by_id = {"credits": [{"personId": first["id"], "job": "CAST", "character": "The rider"},
                         {"name": "Aisha", "job": "WRITER"}]}  # fmt: skip
    answer = staff_api.put(url, by_id)
    assert (answer["cast"], answer["credits"][0]["character"]) == (["Okello"], "The rider")
    assert answer["credits"][1]["job"] == "WRITER"


def test_a_person_renamed_is_renamed_in_every_film(
    staff_api: AdminClient, movie_factory: Any
) -> None:
    films = [movie_factory() for _ in range(3)]
    for film in films:
        staff_api.put(f"movies/{film.pk}", {"director": "Joel", "vjs": ["VJ Juniour", "VJ Emmy"]})
    vj = Person.objects.get(name="VJ Juniour")
    staff_api.put(f"people/{vj.pk}", {"name": "VJ Junior"})
    for film in films:
        film.refresh_from_db()
        assert (film.vjs, film.director) == (["VJ Junior", "VJ Emmy"], "Joel")
    assert FormerSlug.objects.get().slug == "vj-juniour"


def test_duplicate_people_are_merged(
    staff_api: AdminClient, movie_factory: Any, viewer: User, stranger: User
) -> None:
    both, one = movie_factory(), movie_factory()
    staff_api.put(f"movies/{both.pk}", {"vjs": ["VJ Jr", "VJ Junior"]})
    staff_api.put(f"movies/{one.pk}", {"vjs": ["VJ Jr"]})
    wrong, right = Person.objects.get(name="VJ Jr"), Person.objects.get(name="VJ Junior")
    wrong.followers.create(user=viewer)
    wrong.followers.create(user=stranger)
    right.followers.create(user=viewer)
    Person.objects.filter(pk=right.pk).update(follower_count=1)
    staff_api.post(f"people/{wrong.pk}/merge", {"into": str(wrong.pk)}, status=400)
    staff_api.post(f"people/{wrong.pk}/merge", {"into": str(uuid4())}, status=400)
    kept = staff_api.post(f"people/{wrong.pk}/merge", {"into": str(right.pk)}, status=200)
    assert (kept["name"], kept["creditCount"], kept["followerCount"]) == ("VJ Junior", 2, 2)
    for film in (both, one):
        film.refresh_from_db()
        assert film.vjs == ["VJ Junior"]
    assert FormerSlug.objects.get(slug="vj-jr").target_id == right.pk
    assert not Person.objects.filter(pk=wrong.pk).exists()


def test_a_credited_person_is_not_deleted(staff_api: AdminClient, movie_factory: Any) -> None:
    movie = movie_factory()
    staff_api.put(f"movies/{movie.pk}", {"cast": ["Aisha"]})
    aisha = Person.objects.get()
    assert staff_api.delete(f"people/{aisha.pk}", status=409)["code"] == "has_credits"
    assert Credit.objects.count() == 1
    staff_api.put(f"movies/{movie.pk}", {"cast": []})
    staff_api.delete(f"people/{aisha.pk}")
    assert not Person.objects.exists()


def test_a_schedule_is_set_and_cancelled(staff_api: AdminClient, movie_factory: Any) -> None:
    draft, live = movie_factory.draft(), movie_factory()
    tomorrow = (timezone.now() + timedelta(days=1)).isoformat()
    answer = staff_api.post(f"movies/{draft.pk}/schedule", {"publishAt": tomorrow}, status=200)
    assert answer["publishAt"] is not None
    for movie, moment in ((live, tomorrow), (draft, "2020-01-01T00:00:00Z"), (draft, "soon")):
        fault = staff_api.post(f"movies/{movie.pk}/schedule", {"publishAt": moment}, status=400)
        assert list(fault["fields"]) == ["publishAt"]
    answer = staff_api.post(f"movies/{draft.pk}/schedule", {"publishAt": None}, status=200)
    assert answer["publishAt"] is None
    staff_api.post(f"movies/{draft.pk}/schedule", {}, status=400)
    assert AuditLog.objects.filter(action="movie.schedule").count() == 2
