"""Sources from public bug reports through the whole engine, with their packages decoded."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from streaming.encoding.conformance import check_package
from streaming.encoding.errors import EncodingError
from streaming.encoding.probe import probe_source
from streaming.encoding.tests.barcodes import beeps, colors, decoded, numbers
from streaming.encoding.tests.corpus import SOURCES, Expected, Source
from streaming.encoding.tests.films import Film, decode_errors, encode_film
from streaming.encoding.tools import ffmpeg_path, run_tool

pytestmark = pytest.mark.encode
FAST = [source for source in SOURCES if source.fast]
BEEP_SLACK = 0.045
COLOR_SLACK = 12  # 4:2:0 twice, and a table of 65 steps


@pytest.mark.parametrize("source", FAST, ids=lambda source: source.name)
def test_source_comes_out_as_it_is(source: Source, tmp_path: Path) -> None:
    check(source, tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_every_source_comes_out_as_it_is(source: Source, tmp_path: Path) -> None:
    check(source, tmp_path)


def test_every_source_is_in_the_table() -> None:
    table = (Path(__file__).parents[3] / "docs" / "sources.md").read_text()
    assert [source.name for source in SOURCES if f"| {source.name} |" not in table] == []


def check(source: Source, folder: Path) -> None:
    path = source.build(folder)
    expected = source.expected
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
    assert film.checked(path, package) == ()
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
        wrong = [
            pair
            for pair in enumerate(zip(shown, expected.frames, strict=False))
            if pair[1][0] != pair[1][1]
        ]
        assert (len(shown), wrong[:6]) == (len(expected.frames), []), f"{len(wrong)} are wrong"
    if expected.red:
        for frame in (5, len(expected.frames or [0]) - 5):
            red = colors(whole, frame=frame)["red"]
            assert red == pytest.approx(expected.red, abs=COLOR_SLACK), frame
    if expected.black_sides_at is not None:
        assert max(_edges(whole, expected.black_sides_at, rows=False)) < 24
        assert max(_edges(whole, 5, rows=False)) > 24
    if expected.black_rows_at is not None:
        assert max(_edges(whole, expected.black_rows_at, rows=True)) < 24
        assert max(_edges(whole, 5, rows=True)) > 24
    if expected.uncombed:
        first, end = expected.uncombed
        assert _woven(whole, first, end) < (end - first) / 4  # all of them in the source


def _edges(path: Path, frame: int, *, rows: bool) -> bytes:
    """Return the first and last eighth of a frame's columns or rows, in grey."""
    pick = f"select=eq(n\\,{frame}),scale=8:8:flags=area,format=gray"
    data = decoded(path, "-map", "0:v", "-frames:v", "1", "-vf", pick, "-f", "rawvideo")
    return bytes(data[at] for at in range(64) if (at // 8 if rows else at % 8) in (0, 7))


def _woven(path: Path, first: int, end: int) -> int:
    """Count the frames that ffmpeg's `idet` finds interlaced."""
    picked = f"select=between(n\\,{first}\\,{end}),idet"
    result = run_tool(
        [ffmpeg_path(), "-hide_banner", "-nostdin", "-i", str(path), "-vf", picked,
         "-f", "null", "-"],
        timeout_seconds=120,
    )  # fmt: skip
    found = re.findall(r"Multi frame detection: TFF: *(\d+) BFF: *(\d+)", result.stderr)
    return sum(int(count) for count in found[-1])
