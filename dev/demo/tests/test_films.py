"""Pictures of the demo films within their limits, and sources that the encoder accepts."""

import io
from pathlib import Path

import pytest
from PIL import Image

from billing.models import Plan
from dev.demo.art.scene import Path as Way
from dev.demo.art.scene import Scene, flattened, layer, still
from dev.demo.film import Film
from dev.demo.films import FILMS
from dev.demo.pictures import LIMITS, pictures_of
from dev.demo.rendering import film_make
from dev.demo.shelf import CATEGORIES
from dev.demo.tests.conftest import shortened
from streaming.encoding.probe import probe_source

EVERY_FILM = pytest.mark.parametrize("film", FILMS, ids=lambda film: film.key)
SIZES = {"poster": (600, 900), "backdrop": (1280, 720), "thumbnail": (480, 270)}


@EVERY_FILM
def test_pictures_have_their_size_and_weigh_little(film: Film) -> None:
    pictures = pictures_of(film)
    assert pictures.keys() == LIMITS.keys()
    for name, data in pictures.items():
        picture = Image.open(io.BytesIO(data))
        assert (picture.format, picture.size) == ("WEBP", SIZES[name])
        assert len(data) <= LIMITS[name]


@pytest.mark.encode
@EVERY_FILM
def test_the_encoder_takes_the_source(film: Film, tmp_path: Path) -> None:
    source = tmp_path / film.filename
    film_make(shortened(film), source)
    assert [path.name for path in tmp_path.iterdir()] == [film.filename]  # nothing left over

    facts = probe_source(str(source), size_bytes=source.stat().st_size)
    assert facts.duration_seconds == pytest.approx(5, abs=0.1)
    assert (facts.video.display_width, facts.video.display_height) == (320, 180)
    original = "lg" if film.language == "Luganda" else "en"
    assert [track.language for track in facts.audio] == [original] + ["lg"] * bool(film.vj)
    if film.vj:
        assert facts.audio[1].title == f"{film.vj.name} (Luganda)"
    assert [track.language for track in facts.subtitles] == ["en", "lg"] * film.subtitled
    assert not facts.skipped


def test_the_films_cover_every_plan_and_rating() -> None:
    assert len({film.key for film in FILMS}) == len(FILMS) >= 10
    assert {film.access_level for film in FILMS} == set(Plan)
    assert {film.category for film in FILMS} == CATEGORIES.keys()
    assert {film.container for film in FILMS} == {"mp4", "mkv", "mov"}
    assert (1920, 1080) in {film.frame for film in FILMS}
    assert sum(film.featured for film in FILMS) == 1
    assert sum(film.vj is not None for film in FILMS) >= 2
    assert sum(film.subtitled for film in FILMS) >= 2
    assert all(18 <= film.seconds <= 30 for film in FILMS)
    assert all(film.access_level == Plan.FREE for film in FILMS if film.show)


@EVERY_FILM
def test_a_flattened_scene_looks_the_same(film: Film) -> None:
    scene = film.paint((320, 180))
    before = still(scene, t=3)
    after = still(flattened(scene), t=3)
    # Blending in another order rounds differently, a step or two of 256.
    differences = [abs(a - b) for a, b in zip(before.tobytes(), after.tobytes(), strict=True)]
    assert max(differences) <= 4
    assert len(flattened(scene).layers) <= len(scene.layers)


def test_a_layer_follows_its_path() -> None:
    way = Way(10, 20, vx=-30, wrap=100, sway_y=5, period=4)
    assert [way.at(t) for t in (0, 1, 3, 4)] == [(10, 20), (-20, 25), (-80, 15), (-10, 20)]
    assert way.expressions[0] == "10-mod(30*t,100)+0*sin(2*PI*t/4)"


def test_a_layer_outside_the_picture_is_cropped() -> None:
    red = Image.new("RGBA", (4, 4), "red")
    scene = Scene(
        Image.new("RGB", (6, 6)), (layer(red, -2, -2), layer(red, 5, 5), layer(red, 9, 0))
    )
    seen = still(scene, t=0)
    assert seen.getpixel((1, 1)) == seen.getpixel((5, 5)) == (255, 0, 0)
    assert seen.getpixel((3, 3)) == (0, 0, 0)
