"""Rungs of the ladder for a picture, without an encoder."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming.encoding.ladder import RungTier, choose_rungs

FILM_RATE = Fraction(24)


def sizes(width: int, height: int, rate: Fraction = FILM_RATE) -> dict[str, tuple[int, int]]:
    rungs = choose_rungs(width=width, height=height, frame_rate=rate)
    return {rung.name: (rung.width, rung.height) for rung in rungs}


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ((1920, 1080), ["144p", "240p", "360p", "480p", "720p", "1080p"]),
        ((1920, 800), ["144p", "240p", "360p", "480p", "720p", "1080p"]),
        ((1080, 1920), ["144p", "240p", "360p", "480p", "720p", "1080p"]),
        ((3840, 2160), ["144p", "240p", "360p", "480p", "720p", "1080p"]),
        ((1916, 1076), ["144p", "240p", "360p", "480p", "720p", "1080p"]),
        ((1280, 720), ["144p", "240p", "360p", "480p", "720p"]),
        ((1024, 576), ["144p", "240p", "360p", "480p", "576p"]),
        ((720, 576), ["144p", "240p", "360p", "480p", "576p"]),
        ((900, 500), ["144p", "240p", "360p", "480p"]),
        ((100, 80), ["80p"]),
    ],
)
def test_rungs_by_source(source: tuple[int, int], names: list[str]) -> None:
    assert list(sizes(*source)) == names


def test_sizes_keep_the_shape() -> None:
    assert sizes(1920, 800)["480p"] == (854, 356)
    assert sizes(1080, 1920)["720p"] == (720, 1280)
    assert sizes(321, 181) == {"144p": (256, 144), "181p": (320, 180)}


def test_cap_of_a_native_rung_lies_between_its_neighbours() -> None:
    top = choose_rungs(width=1024, height=576, frame_rate=FILM_RATE)[-1]
    assert 1000 < top.max_kbps < 2500


@pytest.mark.parametrize(("rate", "step"), [(25, 1), (30, 1), (50, 2), (60, 2)])
def test_low_rungs_of_fast_films_run_at_half_rate(rate: int, step: int) -> None:
    rungs = choose_rungs(width=1920, height=1080, frame_rate=Fraction(rate))
    assert {rung.frame_step for rung in rungs if rung.tier is RungTier.LOW} == {step}
    assert {rung.frame_step for rung in rungs if rung.tier is RungTier.HIGH} == {1}


@settings(deadline=None)
@given(width=st.integers(2, 8192), height=st.integers(2, 8192))
def test_any_picture_gets_a_sound_ladder(width: int, height: int) -> None:
    rungs = choose_rungs(width=width, height=height, frame_rate=FILM_RATE)
    assert rungs[0].tier is RungTier.LOW
    assert len({rung.name for rung in rungs}) == len(rungs)
    assert [r.max_kbps for r in rungs] == sorted(r.max_kbps for r in rungs)
    for rung in rungs:
        assert rung.width % 2 == rung.height % 2 == 0
        assert rung.width <= max(2, width)
        assert rung.height <= max(2, height)
