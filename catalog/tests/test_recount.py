"""`manage.py recount`, and that an erasure leaves it nothing to do."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from accounts.models import User
from catalog.models import Category, Comment, Movie, Person, Series
from catalog.services.comments import comment_create, comment_hide
from catalog.services.favorites import favorite_add
from catalog.services.films import movie_create
from catalog.services.follows import follow_add
from catalog.services.likes import comment_like
from catalog.services.ratings import rating_set
from catalog.tests.viewer_actions import erase
from tests.factories import MORNING

pytestmark = pytest.mark.django_db


def recount() -> str:
    output = StringIO()
    call_command("recount", stdout=output)
    return output.getvalue()


@pytest.fixture
def house(
    viewer: User, stranger: User, movie_factory: Any, category_factory: Any
) -> dict[str, Any]:
    """Create two people with every kind of row, and follows of one of them."""
    movie = movie_factory(title="Seven Hills", rating="4.30", rating_count=218)
    Series.objects.create(title="S", slug="s", published=True, published_at=MORNING)
    Person.objects.create(name="P", slug="p")
    category_factory(slug="c")
    for user, stars in ((viewer, 1), (stranger, 5)):
        favorite_add(movie, user_id=user.pk, now=MORNING)
        rating_set(movie, user_id=user.pk, stars=stars)
        output = comment_create(movie, user_id=user.pk, content="Good", now=MORNING)
        for liker in (viewer, stranger):
            comment_like(output.pk, movie=movie, user_id=liker.pk)
    for kind, slug in (("series", "s"), ("people", "p"), ("categories", "c")):
        follow_add(kind, slug, user_id=viewer.pk, now=MORNING)
    comment_hide(output, reason="Spam")
    return {"movie": movie}


COUNTERS = {
    Movie: {"favorite_count": 2, "comment_count": 1, "rating_count": 220, "rating_sum": 943},
    Comment: {"like_count": 2},
    Series: {"follower_count": 1},
    Person: {"follower_count": 1},
    Category: {"follower_count": 1},
}


@pytest.mark.usefixtures("house")
def test_correct_counters_are_left_alone() -> None:
    assert recount() == "Every counter is correct.\n"


@pytest.mark.usefixtures("house")
def test_wrong_counters_are_listed_and_corrected() -> None:
    for model, columns in COUNTERS.items():
        model._default_manager.update(**dict.fromkeys(columns, 77))
    output = recount()
    assert "(Seven Hills): favorite_count was 77, is 2" in output
    assert "(Seven Hills): rating_count was 77, is 220" in output
    assert output.count(" was 77, is ") == 9  # two comments
    for model, columns in COUNTERS.items():
        for row in model._default_manager.values(*columns):
            assert row == columns
    assert float(Movie.objects.get().rating) == 4.29
    assert recount() == "Every counter is correct.\n"


@pytest.mark.usefixtures("house")
def test_a_wrong_mean_is_corrected() -> None:
    Movie.objects.update(rating=1)
    assert "rating was 1.00, is 4.29" in recount()


def test_stars_without_rows_survive() -> None:
    made = movie_create(title="Demo", rating="4.37", rating_count=2051)
    Movie.objects.bulk_create(
        Movie(title=f"F{n}", slug=f"f{n}", rating="3.33", rating_count=n) for n in range(5)
    )
    Movie.objects.create(title="None", slug="none")
    assert recount() == "Every counter is correct.\n"
    made.refresh_from_db()
    assert (float(made.rating), made.rating_count) == (4.37, 2051)


@pytest.mark.usefixtures("house")
def test_every_counter_is_right_after_an_erasure(
    viewer: User, stranger: User, run_jobs: Callable[[], int]
) -> None:
    for person in (viewer, stranger):
        erase(person, run_jobs)
        assert recount() == "Every counter is correct.\n"
    movie = Movie.objects.get()
    assert (movie.favorite_count, movie.rating_count, movie.comment_count) == (0, 218, 0)
    assert Series.objects.get().follower_count == 0
