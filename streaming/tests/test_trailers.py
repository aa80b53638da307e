"""Trailers: anyone may play them while and where their film is shown."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import AuditLog, User
from catalog.models import Movie
from catalog.services.films import movie_unpublish
from kushfilms.core import storage
from streaming.models import Package, PlaybackSession, VideoAsset
from streaming.services.encodes import package_go_live
from streaming.services.playback_sessions import REVOKED_KEY, revocations_publish

pytestmark = pytest.mark.django_db
SEGMENT = bytes(range(256))


@pytest.fixture
def film(make_asset: Callable[..., VideoAsset], movie_factory: Any) -> Movie:
    """Return a published Premium film for adults in Uganda with a playable trailer."""
    movie: Movie = movie_factory(
        access_level="PREMIUM", age_rating="18", allowed_countries=["UG"], slug="seven-hills"
    )
    trailer_of(make_asset, movie, seconds=42.4)
    movie.refresh_from_db()
    return movie


def trailer_of(make_asset: Any, movie: Movie, *, seconds: float) -> VideoAsset:
    asset: VideoAsset = make_asset(movie=movie, kind="TRAILER", duration_seconds=seconds)
    encode = asset.encodes.create(state="DONE")
    package = Package.objects.create(asset=asset, encode=encode, number=1, stage="FULL")
    package_go_live(encode, package)
    for name in ("master.m3u8", "v144/1.m4s"):
        storage.put_bytes(package.prefix + name, SEGMENT, content_type="video/iso.segment")
    return asset


def fetch(url: str, name: str = "v144/1.m4s") -> Any:
    return Client().get("/" + url.split("/", 3)[3].replace("master.m3u8", name))


UGANDA = {"CF-IPCountry": "UG"}


def test_anyone_can_watch_it_and_nothing_is_saved(
    film: Movie, api: APIClient, settings: Any
) -> None:
    settings.COUNTRY_HEADER = "CF-IPCountry"
    detail = api.get(f"/api/v1/movies/{film.slug}").json()
    path = f"/api/v1/movies/{film.pk}/trailer"
    assert detail["trailer"] == {"duration": 42, "streamPath": path}
    answer = api.get(path, headers=UGANDA)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
    body = answer.json()
    assert (body["expiresIn"], body["duration"]) == (42 + 15 * 60, 42.4)
    assert b"".join(fetch(body["streamUrl"]).streaming_content) == SEGMENT
    assert not PlaybackSession.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert fetch(body["streamUrl"]).json()["code"] == "token_expired"
    elsewhere = api.get(path, headers={"CF-IPCountry": "DE"})
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (403, "region_blocked")


def test_the_page_is_the_player_without_a_session(
    film: Movie, client: Client, settings: Any
) -> None:
    settings.COUNTRY_HEADER = "CF-IPCountry"
    shop = client.get(f"/movies/{film.slug}", headers=UGANDA).content.decode()
    assert f'href="/watch/{film.slug}/trailer"' in shop
    page = client.get(f"/watch/{film.slug}/trailer", headers=UGANDA)
    found = re.search(r'id="watch-data"[^>]*>(.+?)</script>', page.content.decode())
    assert found
    data = json.loads(found.group(1))
    assert (data["session"], data["next"], data["movie"]["id"]) == (
        None,
        None,
        f"trailer-{film.pk}",
    )
    assert fetch(data["streamUrl"]).status_code == 200
    refused = client.get(f"/watch/{film.slug}/trailer", headers={"CF-IPCountry": "DE"})
    assert (refused.status_code, b"where you are" in refused.content) == (403, True)
    assert (
        "/trailer"
        not in client.get(f"/movies/{film.slug}", headers={"CF-IPCountry": "DE"}).content.decode()
    )


def test_it_ends_with_the_film(
    film: Movie, api: APIClient, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.COUNTRY_HEADER = "CF-IPCountry"
    path = f"/api/v1/movies/{film.slug}/trailer"
    url = api.get(path, headers=UGANDA).json()["streamUrl"]
    assert fetch(url).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        movie_unpublish(film, reason="Sound")
    assert fetch(url).json()["code"] == "no_entitlement"
    assert api.get(path, headers=UGANDA).status_code == 404
    revocations_publish()
    revoked = json.loads(storage.get_bytes(REVOKED_KEY))
    assert revoked[str(VideoAsset.objects.get().pk)] == "no_entitlement"


def test_a_newer_trailer_replaces_it_and_staff_remove_it(
    film: Movie,
    make_asset: Any,
    api: APIClient,
    admin: User,
    site_as: Callable[[User], Client],
) -> None:
    trailer_of(make_asset, film, seconds=20)
    detail = f"/api/v1/movies/{film.slug}"
    assert api.get(detail).json()["trailer"]["duration"] == 20
    assert VideoAsset.objects.filter(is_current=True).count() == 1
    staff = site_as(admin)
    url = f"/desk/{film.pk}/trailer/remove"
    for _twice in range(2):
        assert staff.post(url).status_code == 302
    assert api.get(detail).json()["trailer"] is None
    assert api.get(f"{detail}/trailer").json()["message"] == "This film has no trailer."
    assert AuditLog.objects.filter(action="movie.trailer_remove").count() == 1
    cache.clear()


@pytest.mark.parametrize(
    ("sent", "status", "kind"),
    [
        ({}, 201, "FEATURE"),
        ({"kind": "TRAILER"}, 201, "TRAILER"),
        ({"kind": "SONG"}, 400, None),
        ({"kind": "TRAILER", "movieId": None}, 400, None),
    ],
)
def test_an_upload_has_its_kind(
    admin_api: APIClient, movie_factory: Any, sent: dict[str, Any], status: int, kind: str | None
) -> None:
    movie = movie_factory.draft()
    body = {"filename": "t.mp4", "contentType": "video/mp4", "size": 9, "movieId": str(movie.pk)}
    answer = admin_api.post("/api/v1/admin/videos/upload-url", body | sent, format="json")
    assert answer.status_code == status
    made = VideoAsset.objects.values_list("kind", flat=True)
    assert list(made) == ([kind] if kind else [])
    assert Movie.objects.count() == 1


def test_a_trailers_url_is_for_any_number_of_addresses(
    film: Movie, api: APIClient, settings: Any
) -> None:
    """Check that the token is not a viewer's own."""
    settings.COUNTRY_HEADER = "CF-IPCountry"
    settings.TRUSTED_PROXY_COUNT = 1
    url = api.get(f"/api/v1/movies/{film.pk}/trailer", headers=UGANDA).json()["streamUrl"]
    path = "/" + url.split("/", 3)[3].replace("master.m3u8", "v144/1.m4s")
    fetched = [
        Client().get(path, headers={"X-Forwarded-For": f"41.75.1.{n}"}).status_code
        for n in range(30)
    ]
    assert set(fetched) == {200}
