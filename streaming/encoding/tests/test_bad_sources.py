"""Uploads that cannot become a film: each has its code, and no reference is followed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from streaming.encoding.errors import EncodingError, ErrorCode
from streaming.encoding.probe import probe_source
from streaming.encoding.tests.clips import AAC, X264, make, picture, sound
from streaming.encoding.tests.films import encode_film
from streaming.encoding.tools import packager_path, run_tool

pytestmark = pytest.mark.encode


def clip(folder: Path, suffix: str = "mp4", *args: str) -> Path:
    return make(folder / f"whole.{suffix}", *picture(), *sound(), *X264, *AAC, *args)


def cut(source: Path, share: float) -> Path:
    data = source.read_bytes()
    source.write_bytes(data[: int(len(data) * share)])
    return source


def written(folder: Path, data: bytes) -> Path:
    path = folder / "film.mp4"
    path.write_bytes(data)
    return path


def playlist(folder: Path) -> Path:
    clip(folder, "ts")
    return written(
        folder, b"#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\nwhole.ts\n#EXT-X-ENDLIST\n"
    )


def concat_script(folder: Path) -> Path:
    clip(folder)
    return written(folder, b"ffconcat version 1.0\nfile whole.mp4\n")


def encrypted(folder: Path) -> Path:
    return _encrypt(clip(folder), folder / "encrypted.mp4")


def _encrypt(source: Path, out: Path) -> Path:
    key = "0123456789abcdef0123456789abcdef"
    done = run_tool(
        [
            packager_path(),
            "--quiet",
            f"in={source},stream=video,output={out}",
            "--enable_raw_key_encryption",
            "--clear_lead=0",
            f"--keys=label=:key_id={key}:key={key}",
        ],
        timeout_seconds=60,
    )
    assert done.exit_code == 0, done.stderr
    return out


def encrypted_webm(folder: Path) -> Path:
    source = make(
        folder / "whole.webm", *picture(), "-c:v", "libvpx", "-b:v", "500k", "-deadline", "realtime"
    )
    return _encrypt(source, folder / "encrypted.webm")


def encrypted_piff(folder: Path) -> Path:
    """Write encryption like Smooth Streaming's, where the sample entry has the codec's name."""
    out = encrypted(folder)
    out.write_bytes(out.read_bytes().replace(b"encv", b"avc1"))
    return out


def huge(folder: Path) -> Path:
    return make(folder / "film.avi", "-f", "lavfi", "-i", "color=s=10000x10000:r=1:d=1",
                "-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-q:v", "31")  # fmt: skip


def frameless(folder: Path) -> Path:
    return make(folder / "film.mp4", *picture(), "-frames:v", "0", *X264, "-movflags", "empty_moov")


def audio_only(folder: Path) -> Path:
    return make(folder / "film.mp4", *sound(), *AAC)


CASES: list[tuple[str, Callable[[Path], Path], ErrorCode]] = [
    ("empty", lambda folder: written(folder, b""), ErrorCode.EMPTY_FILE),
    ("text", lambda folder: written(folder, b"I am a text.\n" * 99), ErrorCode.NOT_A_VIDEO),
    ("zeros", lambda folder: written(folder, bytes(100_000)), ErrorCode.NOT_A_VIDEO),
    ("m3u8", playlist, ErrorCode.NOT_A_VIDEO),
    ("concat", concat_script, ErrorCode.NOT_A_VIDEO),
    ("cut mp4", lambda folder: cut(clip(folder), 0.5), ErrorCode.TRUNCATED),
    (
        "cut faststart mp4",
        lambda folder: cut(clip(folder, "mp4", "-movflags", "+faststart"), 0.5),
        ErrorCode.TRUNCATED,
    ),
    ("cut mkv", lambda folder: cut(clip(folder, "mkv"), 0.5), ErrorCode.TRUNCATED),
    ("audio only", audio_only, ErrorCode.NO_VIDEO_STREAM),
    ("encrypted", encrypted, ErrorCode.ENCRYPTED),
    ("encrypted WebM", encrypted_webm, ErrorCode.ENCRYPTED),
    ("encrypted PIFF", encrypted_piff, ErrorCode.ENCRYPTED),
    ("huge picture", huge, ErrorCode.PICTURE_TOO_LARGE),
    ("no frames", frameless, ErrorCode.NO_FRAMES),
]


@pytest.mark.parametrize(("build", "code"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_bad_source_is_refused(
    build: Callable[[Path], Path], code: ErrorCode, tmp_path: Path
) -> None:
    source = build(tmp_path)
    with pytest.raises(EncodingError) as refused:
        probe_source(str(source), size_bytes=source.stat().st_size)
    assert (refused.value.code, refused.value.retryable) == (code, False), refused.value.detail
    assert str(tmp_path) not in refused.value.message


def test_missing_source_is_retryable(tmp_path: Path) -> None:
    with pytest.raises(EncodingError) as refused:
        probe_source(str(tmp_path / "gone.mp4"), size_bytes=1)
    assert refused.value.code is ErrorCode.SOURCE_UNAVAILABLE
    assert refused.value.retryable


def test_unreachable_source_is_retryable() -> None:
    with pytest.raises(EncodingError) as refused:
        probe_source("http://127.0.0.1:9/film.mp4", size_bytes=1)
    assert refused.value.code is ErrorCode.SOURCE_UNAVAILABLE


def test_a_few_broken_frames_are_tolerated(tmp_path: Path) -> None:
    """Keep the frame count exact: a damaged moment, not a shorter film."""
    source = clip(tmp_path, "mp4", "-g", "25", "-b:v", "400k")
    data = bytearray(source.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 3000] = bytes(3000)
    source.write_bytes(data)
    film = encode_film(source, tmp_path)
    assert sum(result.files[0].frames for result in film.chunks) == film.plan.total_frames == 75
