"""Three hours of film through probe, both tiers, sound and packaging: disk and memory stay flat.

A strip of a picture, 854x40 at 10 fps, is wide enough for the high tier and costs next to nothing
a frame. Grain for a third of the time makes the package far larger than the disk it may use.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest

from streaming.encoding.tests import clips
from streaming.tests.encoding_stack import encoding_stack
from streaming.tests.resource_usage import Watch

pytestmark = [pytest.mark.soak, pytest.mark.timeout(3 * 3600)]

LONG_SECONDS = 3 * 3600
SHORT_SECONDS = 600
LOOP_SECONDS = 60
MIB = 2**20
PACKAGE_BUDGET = 256 * MIB
# Chunks under way, one a worker: 32 s of every rung's cap, and stills.
CHUNKS = 64 * MIB
# What a film 18 times as long may cost more: ffmpeg's demuxer keeps an entry for every frame of
# picture and sound (600 000 here), the others the ledger's rows and the playlists.
MEMORY_GROWTH = {"ffmpeg": 40 * MIB, "packager": 16 * MIB, "worker": 64 * MIB}


@dataclass(frozen=True, kw_only=True)
class Figures:
    packaged: int  # bytes of the live package
    disk: int
    memory: dict[str, int]
    wall: float


def film(folder: Path, *, seconds: int) -> Path:
    """Make a minute once, and repeat it by stream copy."""
    loop = folder / "loop.mp4"
    if not loop.exists():
        clips.make(
            loop,
            "-f", "lavfi", "-i",
            f"smptebars=s=854x40:r=10:d={LOOP_SECONDS},noise=alls=40:allf=t:enable='lt(t,20)'"
            ",format=yuv420p",
            "-f", "lavfi", "-i", f"sine=frequency=440:d={LOOP_SECONDS}:r=48000",
            "-c:v", "libx264", "-preset", "veryfast", "-crf", "24", "-bf", "0", "-c:a", "aac",
        )  # fmt: skip
    repeats = str(seconds // LOOP_SECONDS - 1)
    return clips.make(
        folder / f"{seconds}.mp4", "-stream_loop", repeats, "-i", str(loop), "-c", "copy"
    )


def encode(source: Path, home: Path) -> Figures:
    with encoding_stack(home, deadline_seconds=2 * 3600) as house:
        with Watch(house) as watch:
            house.ingest(source)
            house.wait_until_ready(poll_seconds=2)
        [(packaged, wall)] = house.ask(
            "SELECT p.total_bytes, extract(epoch FROM e.finished_at - e.started_at)"
            " FROM streaming_videoasset a JOIN streaming_package p ON p.id = a.live_package_id"
            " JOIN streaming_encode e ON e.id = p.encode_id WHERE p.stage = 'FULL'"
        )
        [(tiers,)] = house.ask(
            "SELECT count(DISTINCT tier) FROM streaming_workitem WHERE kind = 'VIDEO'"
        )
        assert tiers == 2
    return Figures(
        packaged=int(packaged), disk=watch.peak_disk, memory=dict(watch.peak_rss), wall=float(wall)
    )


def test_three_hours_need_no_more_room_than_ten_minutes(tmp_path: Path) -> None:
    found = {}
    for seconds in (SHORT_SECONDS, LONG_SECONDS):
        home = tmp_path / f"home-{seconds}"
        found[seconds] = encode(film(tmp_path, seconds=seconds), home)
        print(seconds, found[seconds])  # noqa: T201  # the figures are what a soak run is for
    short = found[SHORT_SECONDS]
    long = found[LONG_SECONDS]
    assert long.packaged > 2 * PACKAGE_BUDGET, "too small a film to show that disk is bounded"
    assert long.disk < CHUNKS + PACKAGE_BUDGET
    for role, growth in MEMORY_GROWTH.items():
        assert long.memory[role] < short.memory[role] + growth, (role, short, long)
