"""Sources out of public bug reports through the whole engine; the package is decoded and read."""

from __future__ import annotations

from pathlib import Path

import pytest

from streaming.encoding.conformance import check_package
from streaming.encoding.errors import EncodingError
from streaming.encoding.probe import probe_source
from streaming.encoding.tests.barcodes import PATCHES, beeps, colors, decoded, numbers
from streaming.encoding.tests.corpus import SOURCES, Expected, Source
from streaming.encoding.tests.films import Film, decode_errors, encode_film

pytestmark = pytest.mark.encode
FAST = [source for source in SOURCES if source.fast]
SLOW = [source for source in SOURCES if not source.fast]
BEEP_SLACK = 0.04
COLOR_SLACK = 8


@pytest.mark.parametrize("source", FAST, ids=lambda source: source.name)
def test_source_comes_out_as_it_is(source: Source, tmp_path: Path) -> None:
    check(source, tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("source", SLOW, ids=lambda source: source.name)
def test_every_source_comes_out_as_it_is(source: Source, tmp_path: Path) -> None:
    check(source, tmp_path)


def check(source: Source, folder: Path) -> None:
    path, expected = source.build(folder), source.expected
    if expected.refused:
        with pytest.raises(EncodingError) as refused:
            probe_source(str(path), size_bytes=path.stat().st_size)
        assert refused.value.code is expected.refused
        return
    film = encode_film(path, folder, segment_gops=1, chunk_segments=2)
    package = film.package()
    assert [str(violation) for violation in check_package(film.plan, package=package)] == []
    assert {notice.code for notice in film.facts.notices} == expected.notices
    for rendition in package.renditions:
        assert decode_errors(film.whole(rendition.name)) == ""
    _check_picture(film, expected)
    sound = film.whole(film.plan.audio[0].renditions[0].name)
    assert beeps(sound) == pytest.approx(expected.beeps, abs=BEEP_SLACK)


def _check_picture(film: Film, expected: Expected) -> None:
    top = film.plan.rungs[-1]
    assert (top.width, top.height) == expected.size, "size"
    assert film.plan.frame_rate == expected.rate
    whole = film.whole(f"v{top.name.removesuffix('p')}")
    if expected.frames is not None:
        shown = numbers(whole)
        wrong = [pair for pair in enumerate(zip(shown, expected.frames, strict=False))
                 if pair[1][0] != pair[1][1]]  # fmt: skip
        assert (len(shown), wrong[:6]) == (len(expected.frames), []), f"{len(wrong)} are wrong"
    if expected.red:
        for frame in (5, len(expected.frames or [0]) - 5):
            red = colors(whole, frame=frame)["red"]
            assert red == pytest.approx(expected.red, abs=COLOR_SLACK), frame
    if expected.black_sides_at is not None:
        assert max(_sides(whole, expected.black_sides_at)) < 24
        assert colors(whole, frame=5)["red"] == pytest.approx(PATCHES["red"], abs=COLOR_SLACK)


def _sides(path: Path, frame: int) -> bytes:
    """The leftmost and rightmost eighth of a frame, in grey."""
    pick = f"select=eq(n\\,{frame}),scale=8:8:flags=area,format=gray"
    data = decoded(path, "-map", "0:v", "-frames:v", "1", "-vf", pick, "-f", "rawvideo")
    return bytes(data[at] for at in range(0, 64)[:64] if at % 8 in (0, 7))
