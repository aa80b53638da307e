"""Command `manage.py seed_demo`: once, twice, interrupted, beside staff, and in production."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from accounts.auth.principal import held_plan
from accounts.models import User
from accounts.roles import Role
from accounts.services.people import user_check_credentials
from billing.models import Plan
from catalog.models import Category, Comment, Movie, Play, Rating, WatchHistory
from dev.demo import uploads
from dev.demo.film import Film
from dev.demo.people import PEOPLE
from dev.demo.tasks import send_film
from kushfilms.core import storage
from kushfilms.core.storage import StorageError
from streaming.models import AssetStatus, Encode, VideoAsset

Films = tuple[Film, ...]
EVERYTHING = (User, Movie, Category, VideoAsset, Encode, Rating, Comment, Play, WatchHistory)


def seed(*options: str) -> str:
    out = StringIO()
    call_command("seed_demo", *options, stdout=out)
    return out.getvalue()


def arrived() -> int:
    return VideoAsset.objects.exclude(status=AssetStatus.AWAITING_UPLOAD).count()


def test_every_login_works_with_its_plan(two_films: Films) -> None:
    seed("--all")
    found = {
        person.email: user_check_credentials(email=person.email, password=person.password)
        for person in PEOPLE
    }
    assert [held_plan(user.pk).plan for user in found.values()] == [
        Plan.FREE, Plan.FREE, Plan.FREE, Plan.BASIC, Plan.PREMIUM,
    ]  # fmt: skip
    assert found["admin@kushfilms.com"].role == Role.SUPER_ADMIN
    assert found["moderator@kushfilms.com"].role == Role.MODERATOR
    assert all(user.email_verified and user.date_of_birth for user in found.values())


def test_films_stand_on_the_shelf_with_pictures_and_a_running_encode(two_films: Films) -> None:
    seed("--all")
    movies = list(Movie.objects.order_by("created_at"))
    assert [movie.title for movie in movies] == [film.title for film in two_films]
    for movie, film in zip(movies, two_films, strict=True):
        assert movie.publish_when_ready
        assert not movie.published
        for key in (movie.poster_key, movie.backdrop_key, movie.thumbnail_key):
            assert key.startswith(f"public/demo/{film.key}/")
            assert storage.head(key).content_type == "image/webp"
        asset = movie.assets.get()
        assert asset.filename == film.filename
        assert asset.encodes.count() == 1
    half = WatchHistory.objects.get(user__email="free@kushfilms.com")
    assert (half.movie, half.progress) == (movies[0], two_films[0].seconds // 2)


def test_again_changes_and_makes_nothing(two_films: Films, made: list[str]) -> None:
    seed("--all")
    Movie.objects.filter(title=two_films[0].title).update(title="Edited", slug="edited", rating=1)
    User.objects.filter(email="free@kushfilms.com").update(name="Renamed")
    Rating.objects.exclude(review="").update(review="Hidden by us", hidden=True)
    Comment.objects.filter(parent=None).update(content="Edited")
    counts = [model.objects.count() for model in EVERYTHING]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert "All films are uploaded." in seed("--all")
    assert len(queries) == 2  # who is there; which films have arrived
    assert counts == [model.objects.count() for model in EVERYTHING]
    assert Movie.objects.filter(title="Edited", rating=1).exists()
    assert not Rating.objects.filter(hidden=False).exclude(review="").exists()
    assert made == [film.key for film in two_films]


def test_the_first_film_is_sent_at_once_and_the_others_by_a_worker(
    two_films: Films, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(send_film, "apply_async", lambda *args, **_: asked.append(args))
    assert "A worker renders and uploads 1 more." in seed()
    assert (arrived(), len(asked)) == (1, 1)
    send_film()
    assert (arrived(), len(asked)) == (2, 2)
    send_film()  # no film is left, so no task follows
    assert (arrived(), len(asked)) == (2, 2)


def test_a_start_killed_before_the_upload_ended_is_taken_up(
    two_films: Films, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(*_: object) -> None:
        raise StorageError("the line is cut")

    with monkeypatch.context() as broken:
        broken.setattr("streaming.services.ingest._put", cut_off)
        with pytest.raises(CommandError, match="the line is cut"):
            seed("--all")
    left = VideoAsset.objects.get()
    assert left.status == AssetStatus.AWAITING_UPLOAD

    seed("--all")
    assert not VideoAsset.objects.filter(pk=left.pk).exists()
    assert arrived() == 2
    assert Movie.objects.count() == 2
    assert made == [film.key for film in two_films]  # the first source was kept


def test_an_editors_own_upload_in_progress_is_left_alone(two_films: Films) -> None:
    seed("--all")
    film = Movie.objects.order_by("created_at").first()
    assert film is not None
    asset = film.assets.get()
    VideoAsset.objects.filter(pk=asset.pk).update(
        status=AssetStatus.AWAITING_UPLOAD, filename="directors-cut.mp4"
    )
    seed("--all")
    assert {a.filename for a in film.assets.all()} == {"directors-cut.mp4", two_films[0].filename}


def test_of_two_that_want_to_send_one_steps_back(
    two_films: Films, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [uploads.LOCK])
        seed("--all")
        assert not Movie.objects.exists()
        # By itself the lock would go a moment after the connection, and the test on at once.
        cursor.execute("SELECT pg_advisory_unlock(%s)", [uploads.LOCK])
    other.close()
    seed("--all")
    assert Movie.objects.count() == 2


def test_production_refuses(two_films: Films, settings: Settings) -> None:
    settings.ENVIRONMENT = "production"
    with pytest.raises(CommandError, match="Only local runs"):
        seed()
    assert not User.objects.exists()
    assert not Movie.objects.exists()
