"""Sources that break encoders, each through the whole engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from streaming.encoding.conformance import check_package
from streaming.encoding.tests.clips import AAC, SRT, X264, make, picture, sound
from streaming.encoding.tests.films import (
    decode_errors,
    encode_film,
    frame_means,
    samples,
)

pytestmark = pytest.mark.encode


@dataclass(frozen=True)
class Case:
    name: str
    build: Callable[[Path], Path]
    frames: int
    rate: Fraction = Fraction(25)
    size: tuple[int, int] = (320, 180)
    tracks: int = 1
    channels: int = 2
    captions: int = 0
    flash: bool = True
    low_step: int = 1


def simple(
    suffix: str = "mp4",
    *,
    video: dict[str, Any] | None = None,
    args: list[str] | None = None,
    channels: int = 2,
    seconds: float = 3,
):
    def build(folder: Path) -> Path:
        options = {"seconds": seconds, **(video or {})}
        return make(
            folder / f"source.{suffix}",
            *picture(**options),
            *sound(seconds=seconds, channels=channels),
            *X264,
            *AAC,
            *(args or []),
        )

    return build


def rotated(folder: Path) -> Path:
    upright = simple()(folder)
    return make(folder / "rotated.mp4", "-display_rotation", "90", "-i", str(upright), "-c", "copy")


def variable_rate(folder: Path) -> Path:
    drop = ",select='not(between(t,1.5,2.5)*mod(n,3))'"
    moving = picture(seconds=4, rate="30", after=drop)
    return make(folder / "source.mkv", *moving, *sound(seconds=4), "-fps_mode", "vfr", *X264, *AAC)


def interlaced(folder: Path) -> Path:
    return make(folder / "source.ts", *picture(rate="50", after=",tinterlace=interleave_top"),
                *sound(), "-c:v", "mpeg2video", "-b:v", "3M", "-flags", "+ilme+ildct", "-top", "1",
                "-c:a", "mp2")  # fmt: skip


def hdr(transfer: str):
    def build(folder: Path) -> Path:
        convert = (
            f",scale=in_transfer=bt709:in_primaries=bt709:in_color_matrix=bt709"
            f":out_transfer={transfer}:out_primaries=bt2020:out_color_matrix=bt2020nc"
            ",format=yuv420p10le"
        )
        return make(
            folder / "source.mp4", *picture(rate="25", seconds=2, after=convert), *sound(seconds=2),
            "-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le", "-x265-params",
            f"log-level=none:colorprim=bt2020:transfer={transfer}:colormatrix=bt2020nc", *AAC,
        )  # fmt: skip

    return build


def silent(folder: Path) -> Path:
    return make(folder / "source.mp4", *picture(), *X264)


def two_languages(folder: Path) -> Path:
    return make(
        folder / "source.mkv", *picture(), *sound(), *sound(channels=1), "-map", "0", "-map", "1",
        "-map", "2", "-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=lug",
        "-metadata:s:a:1", 'title=VJ "Junior", Katwe', *X264, *AAC,
    )  # fmt: skip


def captioned(suffix: str, codec: str):
    def build(folder: Path) -> Path:
        (folder / "in.srt").write_text(SRT)
        return make(
            folder / f"source.{suffix}", *picture(), *sound(), "-i", str(folder / "in.srt"),
            "-map", "0", "-map", "1", "-map", "2", "-metadata:s:s:0", "language=lug",
            *X264, *AAC, "-c:s", codec,
        )  # fmt: skip

    return build


def transport_stream(folder: Path) -> Path:
    return make(folder / "source.ts", *picture(), *sound(), *X264, "-bf", "2", *AAC,
                "-output_ts_offset", "3601.5")  # fmt: skip


def remuxed_avi(folder: Path) -> Path:
    """Copy B-frames into AVI, which has no presentation times: ffmpeg claims 600 fps."""
    original = simple(args=["-preset", "fast", "-bf", "3"])(folder)
    return make(folder / "source.avi", "-i", str(original), "-c", "copy")


def long_sound(folder: Path) -> Path:
    return make(folder / "source.mp4", *picture(seconds=2), *sound(seconds=4), *X264, *AAC)


NTSC_FILM = Fraction(24000, 1001)
NTSC = Fraction(30000, 1001)
CASES = [
    Case("plain", simple(), 75),
    Case("moov first", simple(args=["-movflags", "+faststart"]), 75),
    Case("rotation metadata", rotated, 75, size=(180, 320)),
    Case("anamorphic", simple(video={"size": "240x180", "after": ",setsar=4/3"}), 75),
    Case("odd size", simple(video={"size": "321x181"}, args=["-pix_fmt", "yuv444p"]), 75),
    Case("tiny", simple(video={"size": "128x72"}), 75, size=(128, 72)),
    Case("variable rate", variable_rate, 0, rate=Fraction(0)),
    Case("23.976", simple(video={"rate": "24000/1001"}), 72, rate=NTSC_FILM),
    Case("29.97", simple(video={"rate": "30000/1001"}), 90, rate=NTSC),
    Case("30", simple(video={"rate": "30"}), 90, rate=Fraction(30)),
    Case("50", simple(video={"rate": "50"}), 150, rate=Fraction(50), low_step=2),
    Case("60", simple(video={"rate": "60"}, seconds=5), 300, rate=Fraction(60), low_step=2),
    Case("interlaced", interlaced, 75),
    Case("PQ", hdr("smpte2084"), 50),
    Case("HLG", hdr("arib-std-b67"), 50),
    Case("4:2:2", simple("mov", args=["-pix_fmt", "yuv422p10le"]), 75),
    Case("silent", silent, 75, tracks=0),
    Case("mono", simple(channels=1), 75, channels=1),
    Case("5.1", simple("mkv", channels=6, args=["-c:a", "ac3"]), 75),
    Case("two languages", two_languages, 75, tracks=2),
    Case("mov_text", captioned("mp4", "mov_text"), 75, captions=1),
    Case("subrip", captioned("mkv", "subrip"), 75, captions=1),
    Case("ass", captioned("mkv", "ass"), 75, captions=1),
    Case("AVI", simple("avi", args=["-c:v", "mpeg4", "-c:a", "ac3"]), 75),
    Case("H.264 copied into AVI", remuxed_avi, 75),
    Case(
        "WebM",
        simple(
            "webm",
            args=["-c:v", "libvpx", "-b:v", "500k", "-deadline", "realtime", "-c:a", "libopus"],
        ),
        75,
    ),
    Case("transport stream", transport_stream, 75),
    Case("one second", simple(seconds=1), 25, flash=False),
    Case("many chunks", simple(seconds=9, args=["-g", "250", "-bf", "3"]), 225),
    Case("sound outlasts picture", long_sound, 100),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_source_comes_out_right(case: Case, tmp_path: Path) -> None:
    film = encode_film(case.build(tmp_path), tmp_path)
    package = film.package()
    plan = film.plan
    assert [str(violation) for violation in check_package(plan, package=package)] == []
    if case.rate:
        assert (plan.total_frames, plan.frame_rate) == (case.frames, case.rate)
    top = plan.rungs[-1]
    assert (top.width, top.height) == case.size
    assert {rung.frame_step for rung in plan.rungs} == {case.low_step}
    for rendition in package.renditions:
        assert decode_errors(film.whole(rendition.name)) == ""
        if rendition.kind == "video":
            produced = sum(segment.samples for segment in rendition.segments)
            assert produced * top.frame_step == plan.total_frames
    assert decode_errors(film.package_dir / "master.m3u8") == ""
    assert len(plan.audio) == case.tracks
    assert len(film.subtitles) == case.captions
    if case.tracks:
        assert plan.audio[0].renditions[0].channels == case.channels
    if case.flash:
        _assert_flash_and_beep(film, tmp_path, sound=bool(case.tracks))


def _assert_flash_and_beep(film, folder: Path, *, sound: bool) -> None:
    """Compare by frame and sample index, as ffmpeg's demuxer shifts negative-cts video."""
    rung = film.plan.rungs[-1]
    means = frame_means(film.whole(f"v{rung.name.removesuffix('p')}"), folder)
    flash = next(index for index, mean in enumerate(means) if mean > 190)
    at = flash * rung.frame_step / float(film.plan.frame_rate)
    assert at == pytest.approx(1.0, abs=0.04)
    if sound:
        decoded_sound = samples(film.whole(film.plan.audio[0].renditions[0].name), folder)
        beep = next(index for index, value in enumerate(decoded_sound) if abs(value) > 6000) / 48000
        assert beep == pytest.approx(at, abs=0.04)
