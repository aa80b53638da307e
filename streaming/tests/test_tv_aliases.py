"""Older URLs that TVs were built against, which answer like the newer ones."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from catalog.models import WatchHistory

ApiAs = Callable[[User], APIClient]


@pytest.mark.django_db
def test_sign_in_and_browsing(
    viewer: User, password: str, api: APIClient, movie_factory: Any
) -> None:
    movie = movie_factory(slug="the-last-boda")
    signed_in = api.post("/api/auth/login", {"email": viewer.email, "password": password})
    assert set(signed_in.json()) == set(
        api.post("/api/v1/auth/login", {"email": viewer.email, "password": password}).json()
    )
    films = api.get("/api/videos").json()
    assert films["results"] == api.get("/api/v1/movies").json()["results"]
    assert [film["id"] for film in films["results"]] == [str(movie.pk)]
    for reference in ("the-last-boda", str(movie.pk)):
        old = api.get(f"/api/videos/{reference}")
        new = api.get(f"/api/v1/movies/{reference}")
        assert old.content == new.content
    assert api.get("/api/videos/no-such-film").json()["code"] == "not_found"


@pytest.mark.django_db
def test_playing_and_progress(
    viewer: User, api: APIClient, api_as: ApiAs, movie_factory: Any
) -> None:
    movie = movie_factory()
    tv = api_as(viewer)
    play = f"/api/videos/{movie.pk}/play"
    assert api.get(play).status_code == 401
    assert tv.get(play).json() == tv.get(f"/api/v1/movies/{movie.pk}/stream").json()
    progress = f"/api/videos/{movie.pk}/progress"
    assert api.put(progress, {"progress": 60}).status_code == 401
    assert tv.post(progress, {"progress": 60}).status_code == 405
    assert tv.put(progress, {"progress": 60}).json() == {"progress": 60, "completed": False}
    assert WatchHistory.objects.get(user=viewer, movie=movie).progress == 60
