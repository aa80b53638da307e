"""Packaging on its own: bounded disk, failures that surface, conformance rules that bite."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import m3u8
import pytest

from streaming.encoding import mp4
from streaming.encoding.conformance import check_package
from streaming.encoding.errors import EncodingError, ErrorCode
from streaming.encoding.packaging import package_film
from streaming.encoding.results import PackageResult
from streaming.encoding.tests.clips import AAC, SRT, X264, make, picture, sound
from streaming.encoding.tests.films import Film, encode_film, frame_means

pytestmark = pytest.mark.encode
Breaking = Callable[[PackageResult], PackageResult]


@pytest.fixture(scope="module")
def film(tmp_path_factory) -> Film:
    folder = tmp_path_factory.mktemp("film")
    (folder / "in.srt").write_text(SRT)
    source = make(
        folder / "source.mkv", *picture(size="854x480", seconds=5), *sound(seconds=5),
        "-i", str(folder / "in.srt"), "-map", "0", "-map", "1", "-map", "2", *X264, *AAC,
    )  # fmt: skip
    return encode_film(source, folder)


@pytest.fixture(scope="module")
def package(film: Film) -> PackageResult:
    return film.package()


def repeated(path: Path, *, times: int, frames: int, ticks: int) -> Iterator[bytes]:
    """Repeat a chunk, each copy later than the last: a long film for little work."""
    data = path.read_bytes()
    for number in range(times):
        copy = bytearray(data)
        mp4.shift(copy, ticks=number * frames * ticks)
        yield bytes(copy)


def test_disk_stays_bounded_on_a_long_film(film: Film, tmp_path: Path) -> None:
    """Use a slow sink: without back-pressure all 50 MB would fill the disk."""
    chunk = film.plan.chunks[0]
    times = 120
    names = [rung.name for rung in film.plan.rungs]
    result = package_film(
        film.plan,
        rungs={
            name: repeated(film.rungs[name][0], times=times, frames=chunk.frames, ticks=1000)
            for name in names
        },
        audio={},
        subtitles={},
        work_dir=tmp_path / "work",
        sink=lambda *_: time.sleep(0.005),
        disk_budget_bytes=300_000,
        parallel_sinks=1,
    )
    assert [len(one.segments) for one in result.renditions] == [times] * len(names)
    # on top come the packager's read-ahead, and what local disks feed it between two looks
    # (5 to 11 MB seen here, by the machine's mood); without the budget it would be all of it
    assert result.total_bytes > 3 * result.peak_disk_bytes > 0


def test_early_package_holds_low_rungs_only(film: Film, tmp_path: Path) -> None:
    low = replace(film, folder=tmp_path, rungs={"144p": film.rungs["144p"]}, subtitles={})
    result = low.package()
    assert "v144/media.m3u8" in result.playlists
    assert check_package(film.plan, package=result) == []


def test_a_sink_that_fails_stops_the_run(film: Film, tmp_path: Path) -> None:
    def sink(*_: object) -> None:
        raise ConnectionError("storage is away")

    with pytest.raises(ConnectionError):
        package_film(
            film.plan,
            rungs={"144p": (path.read_bytes() for path in film.rungs["144p"])},
            audio={},
            subtitles={},
            work_dir=tmp_path / "work",
            sink=sink,
        )


def test_a_stream_that_fails_stops_the_run(film: Film, tmp_path: Path) -> None:
    def blocks() -> Iterator[bytes]:
        yield film.rungs["144p"][0].read_bytes()
        raise ConnectionError("storage is away")

    with pytest.raises(ConnectionError):
        package_film(
            film.plan,
            rungs={"144p": blocks()},
            audio={},
            subtitles={},
            work_dir=tmp_path / "work",
            sink=lambda *_: None,
        )


def test_chunks_of_different_encodes_do_not_mix(film: Film, tmp_path: Path) -> None:
    mixed = [film.rungs["144p"][0].read_bytes(), film.rungs["240p"][1].read_bytes()]
    with pytest.raises(EncodingError) as refused:
        package_film(
            film.plan,
            rungs={"144p": mixed},
            audio={},
            subtitles={},
            work_dir=tmp_path / "work",
            sink=lambda *_: None,
        )
    assert refused.value.code is ErrorCode.INTERNAL


def test_garbage_is_an_error_not_a_hang(film: Film, tmp_path: Path) -> None:
    with pytest.raises(EncodingError):
        package_film(
            film.plan,
            rungs={"144p": [b"\0\0\0\x10ftyp" + b"x" * 8, b"\0\0\0\x08mdat"]},
            audio={},
            subtitles={},
            work_dir=tmp_path / "work",
            sink=lambda *_: None,
            timeout_seconds=20,
        )


def test_everything_handed_on_once_and_deleted(film: Film, package: PackageResult) -> None:
    paths = [item.path for item in package.objects]
    assert len(paths) == len(set(paths))
    on_disk = {
        p.relative_to(film.package_dir).as_posix()
        for p in film.package_dir.rglob("*")
        if p.is_file()
    }
    assert set(paths) <= on_disk
    left = [p.name for p in (film.folder / "work").rglob("*") if p.is_file()]
    assert left == ["packager.m3u8"]


def test_whole_package_conforms(film: Film, package: PackageResult) -> None:
    assert check_package(film.plan, package=package) == []
    assert PackageResult.from_json(package.to_json()) == package


def test_listed_iframes_decode_alone(tmp_path: Path) -> None:
    """Check the byte ranges that scrubbing fetches: one per GOP, two in a segment."""
    film = encode_film(
        make(tmp_path / "source.mp4", *picture(seconds=6), *X264), tmp_path, segment_gops=2
    )
    package = film.package()
    assert check_package(film.plan, package=package) == []
    folder = film.package_dir / "v144"
    init = (folder / "init.mp4").read_bytes()
    frames = m3u8.loads(package.playlists["v144/iframes.m3u8"]).segments
    assert [frame.duration for frame in frames] == [2.0, 2.0, 2.0]
    for number, frame in enumerate(frames):
        length, start = map(int, frame.byterange.split("@"))
        single = tmp_path / f"{number}.mp4"
        single.write_bytes(init + (folder / frame.uri).read_bytes()[start : start + length])
        assert len(frame_means(single, tmp_path)) == 1


def text(old: str, new: str, path: str = "master.m3u8") -> Breaking:
    def breaking(package: PackageResult) -> PackageResult:
        before = package.playlists[path]
        assert old in before
        return replace(package, playlists={**package.playlists, path: before.replace(old, new)})

    return breaking


def rendition(name: str, **changes: Any) -> Breaking:
    def breaking(package: PackageResult) -> PackageResult:
        found = tuple(
            replace(one, **changes) if one.name == name else one for one in package.renditions
        )
        return replace(package, renditions=found)

    return breaking


def segment(name: str, number: int, **changes: Any) -> Breaking:
    def breaking(package: PackageResult) -> PackageResult:
        one = next(one for one in package.renditions if one.name == name)
        segments = list(one.segments)
        segments[number] = replace(segments[number], **changes)
        return rendition(name, segments=tuple(segments))(package)

    return breaking


def without_object(path: str) -> Breaking:
    def breaking(package: PackageResult) -> PackageResult:
        return replace(package, objects=tuple(o for o in package.objects if o.path != path))

    return breaking


def scaled_bandwidth(field: str) -> Breaking:
    def breaking(package: PackageResult) -> PackageResult:
        one = next(one for one in package.renditions if one.name == "v240")
        return rendition("v240", **{field: getattr(one, field) * 2})(package)

    return breaking


BROKEN: dict[str, Breaking] = {
    "independent": text("#EXT-X-INDEPENDENT-SEGMENTS", ""),
    "codecs": text('CODECS="mp4a.40.2",', ""),
    "codecs-true": text("avc1.64000c", "avc1.64000d"),
    "resolution": text("RESOLUTION=256x144", "RESOLUTION=256x146"),
    "frame-rate": text("FRAME-RATE=25.000", "FRAME-RATE=30.000"),
    "average": text("AVERAGE-BANDWIDTH", "X-AVERAGE"),
    "peak-true": scaled_bandwidth("peak_bps"),
    "average-true": scaled_bandwidth("average_bps"),
    "cellular-peak": text("BANDWIDTH=", "BANDWIDTH=9"),
    "first-listed": text("AVERAGE-BANDWIDTH=", "AVERAGE-BANDWIDTH=9"),
    "iframes": text("#EXT-X-I-FRAMES-ONLY", "", "v144/iframes.m3u8"),
    "language": text('LANGUAGE="und",', ""),
    "unique-names": text('GROUP-ID="hi"', 'GROUP-ID="lo"'),
    "separate-audio": text('AUDIO="lo"', 'AUDIO="no"'),
    "same-tracks": text('GROUP-ID="hi",NAME="Audio 1"', 'GROUP-ID="hi",NAME="Other"'),
    "aspect": rendition("v240", width=300),
    "referenced": without_object("v240/media.m3u8"),
    "vod": text("#EXT-X-ENDLIST", "", "v240/media.m3u8"),
    "map": text("init.mp4", "other.mp4", "v240/media.m3u8"),
    "sync": segment("v240", 1, starts_with_sync=False),
    "idr-interval": segment("v240", 0, sync_samples=3),
    "iframes-dense": text("#EXT-X-ENDLIST", "#EXTINF:2.0,\n1.m4s", "v144/iframes.m3u8"),
    "target": text("#EXT-X-TARGETDURATION:3", "#EXT-X-TARGETDURATION:1", "v240/media.m3u8"),
    "same-target": text("#EXT-X-TARGETDURATION:", "#EXT-X-TARGETDURATION:1", "v240/media.m3u8"),
    "aligned": segment("v240", 1, start_ticks=51_000),
    "continuous": segment("v240", 1, start_ticks=50_001),
    "extinf-sum": text("#EXTINF:2.000", "#EXTINF:2.500", "v240/media.m3u8"),
    "extinf-true": text("#EXTINF:2.000", "#EXTINF:2.010", "v240/media.m3u8"),
    "audio-covers": segment("a1-und-lo", -1, duration_ticks=1024),
    "captions-cover": text("#EXTINF:5.000", "#EXTINF:4.000", "s1-und/media.m3u8"),
    "avc1": rendition("v240", codec="avc3.640015"),
    "level": rendition("v240", codec="avc1.64003c"),
    "aac-lc": rendition("a1-und-lo", codec="mp4a.40.5"),
    "aac-rate": rendition("a1-und-lo", average_bps=200_000),
    "peak-cap": rendition("v240", peak_bps=2_000_000),
    "objects": without_object("v240/2.m4s"),
    "manifest": lambda package: replace(package, manifest=""),
}


@pytest.mark.parametrize("rule", BROKEN)
def test_rule_reports_what_breaks_it(rule: str, film: Film, package: PackageResult) -> None:
    broken = BROKEN[rule](package)
    assert rule in {violation.rule for violation in check_package(film.plan, package=broken)}


def test_every_rule_has_a_test() -> None:
    from streaming.encoding import rules_master, rules_media

    rules = [rule.id for rule in (*rules_master.RULES, *rules_media.RULES)]
    assert sorted(rules) == sorted(BROKEN)
