"""Demo series: published, in order, editable by staff, and followed to its next episode."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from catalog.models import Movie, MovieKind, Season, Series
from catalog.services.episodes import episode_assign
from catalog.services.series import season_create, series_update
from dev.demo.film import Film
from dev.demo.shelf import film_shelve
from kushfilms.core import storage
from streaming.models import Encode, VideoAsset
from streaming.selectors.playback import movie_next

Films = tuple[Film, ...]


def seed() -> str:
    out = StringIO()
    call_command("seed_demo", "--all", stdout=out)
    return out.getvalue()


def encoded() -> None:
    """Mark the films as playable."""
    Movie.objects.update(published=True, playable=True)


def test_it_is_made_once_with_its_episodes_in_order(episodes: Films) -> None:
    seed()
    series = Series.objects.get()
    assert series.published
    for key in (series.poster_key, series.backdrop_key):
        assert storage.head(key).content_type == "image/webp"
    season = Season.objects.get(series=series, number=1)
    placed = season.episodes.order_by("episode_number")
    assert [(one.episode_number, one.title, one.kind) for one in placed] == [
        (film.episode, film.title, MovieKind.EPISODE) for film in episodes
    ]
    assert len({one.poster_key for one in placed} | {series.poster_key}) == 3
    assert VideoAsset.objects.count() == Encode.objects.count() == len(episodes)
    assert [film.episode for film in episodes] == [1, 2]

    assert "All films are uploaded." in seed()
    assert (Series.objects.count(), Season.objects.count(), Movie.objects.count()) == (1, 1, 2)


def test_people_find_it_and_go_on_to_the_next_episode(episodes: Films, client: Client) -> None:
    first, second = (film_shelve(film) for film in episodes)
    series = Series.objects.get()
    assert "Series are coming soon" in client.get("/series").content.decode()
    encoded()
    for page in ("/series", "/"):
        assert f'href="/series/{series.slug}"' in client.get(page).content.decode()
    shown = client.get(f"/series/{series.slug}").content.decode()
    assert shown.index(f"1. {first.title}") < shown.index(f"2. {second.title}")
    answer = client.get(f"/api/v1/movies/{first.slug}").json()
    assert answer["nextEpisode"]["slug"] == second.slug
    now = timezone.now()
    assert movie_next(Movie.objects.get(pk=first.pk), now=now, country="UG") == second
    assert answer["accessLevel"] == "FREE"


def test_an_editors_changes_survive_a_start_that_was_killed(episodes: Films) -> None:
    first = film_shelve(episodes[0])
    series = series_update(Series.objects.get(), changes={"title": "Jackfruit Stage"})
    second = film_shelve(episodes[1])
    assert Series.objects.get() == series
    assert series.slug == "jackfruit-stage"
    assert second.season_id == Movie.objects.get(pk=first.pk).season_id is not None


@pytest.mark.parametrize("where", ["moved", "taken"])
def test_an_episode_goes_where_its_sibling_is(episodes: Films, where: str) -> None:
    first = film_shelve(episodes[0])
    if where == "moved":
        season = season_create(Series.objects.get(), number=3)
        episode_assign(first, season=season, number=7)
        assert film_shelve(episodes[1]).season == season
    else:
        episode_assign(first, season=Season.objects.get(), number=2)
        assert film_shelve(episodes[1]).episode_number == 3
