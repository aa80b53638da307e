"""Credits of narrators: one per film, for as long as they narrate one of its tracks."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.models import AuditLog, User
from catalog.models import Credit, Movie, Person
from catalog.services.people import person_merge
from streaming.models import AudioTrack, Package, VideoAsset
from streaming.services import narrators
from streaming.services.narrators import narrator_set

pytestmark = pytest.mark.django_db


@pytest.fixture
def tracks(make_asset: Callable[..., VideoAsset], movie_factory: Any) -> list[AudioTrack]:
    """Return a film's original audio track and two narrated ones."""
    asset = make_asset(movie=movie_factory(title="Seven Hills"))
    encode = asset.encodes.create(state="DONE")
    asset.live_package = Package.objects.create(asset=asset, encode=encode, number=1, stage="FULL")
    asset.is_current = True
    asset.save()
    return [
        asset.audio_tracks.create(position=n, language=tag, label=f"Track {n}")
        for n, tag in enumerate(["en", "lg", "sw"])
    ]


def vjs(movie: Movie) -> tuple[list[str], list[str]]:
    credited = Credit.objects.filter(movie=movie, job="VJ").order_by("order")
    return [credit.person.name for credit in credited], Movie.objects.get(pk=movie.pk).vjs


def test_the_credit_follows_the_tracks(
    admin: User, site_as: Callable[[User], Client], api: Any, tracks: list[AudioTrack]
) -> None:
    movie = tracks[0].asset.movie
    staff = site_as(admin)

    def set_narrator(track: AudioTrack, name: str) -> None:
        url = f"/desk/{movie.pk}/audio/{track.pk}/vj"
        answer = staff.post(url, {f"vj-{track.pk}": name})
        assert answer["Location"] == f"/admin/catalog/movie/{movie.pk}/change/#tracks"

    for _again in range(2):
        set_narrator(tracks[1], " VJ  Junior ")
    set_narrator(tracks[2], "vj junior")
    assert Person.objects.get().name == "VJ Junior"
    assert vjs(movie) == (["VJ Junior"], ["VJ Junior"])
    assert AuditLog.objects.filter(action="movie.narrator").count() == 2
    page = api.get("/api/v1/people/vj-junior").json()
    (vj_films,) = page["films"]
    assert (vj_films["job"], [film["title"] for film in vj_films["movies"]]) == (
        "VJ",
        ["Seven Hills"],
    )
    set_narrator(tracks[1], "VJ Emmy")
    assert vjs(movie)[1] == ["VJ Junior", "VJ Emmy"]
    set_narrator(tracks[2], "")
    set_narrator(tracks[2], "")
    assert vjs(movie) == (["VJ Emmy"], ["VJ Emmy"])
    set_narrator(tracks[1], "@vj-junior")
    assert vjs(movie) == (["VJ Junior"], ["VJ Junior"])


def test_a_merged_person_goes_on_telling(tracks: list[AudioTrack]) -> None:
    movie = tracks[0].asset.movie
    narrator_set(movie, track_id=tracks[1].pk, name="VJ Jr")
    kept = Person.objects.create(name="VJ Junior", slug="vj-junior")
    person_merge(Person.objects.get(name="VJ Jr"), into=kept)
    assert AudioTrack.objects.get(pk=tracks[1].pk).narrator == kept
    assert vjs(movie) == (["VJ Junior"], ["VJ Junior"])


def test_namesakes_and_strange_tracks_change_nothing(
    admin: User, site_as: Callable[[User], Client], tracks: list[AudioTrack], movie_factory: Any
) -> None:
    movie = tracks[0].asset.movie
    staff = site_as(admin)
    for number in range(2):
        Person.objects.create(name="VJ Ice", slug=f"vj-ice-{number}")
    url = f"/desk/{movie.pk}/audio/{tracks[1].pk}/vj"
    answer = staff.post(url, {f"vj-{tracks[1].pk}": "VJ Ice"}, follow=True)
    assert "Write @vj-ice-0 or @vj-ice-1" in answer.content.decode()
    other = movie_factory()
    staff.post(f"/desk/{other.pk}/audio/{tracks[1].pk}/vj", {f"vj-{tracks[1].pk}": "VJ New"})
    assert staff.get(url).status_code == 405
    assert not AudioTrack.objects.exclude(narrator=None).exists()
    assert not Credit.objects.exists()
    assert not AuditLog.objects.exists()


# ── At once ─────────────────────────────────────────────────────────────────────────────


def taken_off_together(movie: Movie, tracks: list[AudioTrack]) -> tuple[list[str], list[str]]:
    """Clear both tracks of one VJ at the same time; return the film's credits."""

    def take_off(track: AudioTrack) -> None:
        narrator_set(movie, track_id=track.pk, name="")
        connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(take_off, tracks))
    return vjs(movie)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locked", [True, False], ids=["locked", "control"])
def test_the_last_two_tracks_at_once(
    tracks: list[AudioTrack], monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    """Show that without the lock each sees the other's VJ, and the credit stays."""
    movie = tracks[0].asset.movie
    for track in tracks[1:]:
        narrator_set(movie, track_id=track.pk, name="VJ Junior")
    if not locked:
        both = Barrier(2, timeout=60)
        really = narrators._narrates

        def look_together(*args: Any) -> bool:
            found = really(*args)
            both.wait()
            return found

        monkeypatch.setattr(narrators, "_narrates", look_together)
        monkeypatch.setattr("django.db.models.QuerySet.select_for_update", lambda self, **_: self)
    assert taken_off_together(movie, tracks[1:])[0] == ([] if locked else ["VJ Junior"])
