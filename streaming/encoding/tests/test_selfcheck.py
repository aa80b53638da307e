"""Self-check of the finished film: sound that is lost, turned down or shifted is noticed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from streaming.encoding.facts import NoticeCode
from streaming.encoding.plan import AudioRendition, AudioTrackPlan
from streaming.encoding.selfcheck import check_film
from streaming.encoding.selfcheck_audio import BINS_A_SECOND, compare_levels
from streaming.encoding.tests.barcodes import make_clip
from streaming.encoding.tests.clips import make
from streaming.encoding.tests.films import encode_film

TRACK = AudioTrackPlan(
    index=0,
    stream_index=1,
    language="en",
    label="English",
    default=True,
    source_channels=2,
    renditions=(AudioRendition(name="a1-en-lo", groups=("lo",), kbps=64, channels=2),),
)


def levels(seconds: int = 60, *, late: int = 0, down: float = 0) -> list[float]:
    """Make speech-like levels: a burst of 0.3 s in every second, at varying times."""
    found = [-90.0] * (seconds * BINS_A_SECOND)
    for second in range(seconds):
        begin = second * BINS_A_SECOND + (second * 7) % 23 + late
        for place in range(begin, min(begin + 15, len(found))):
            found[max(0, place)] = -20.0 - down
    return found


def codes(source: list[float], made: list[float]) -> list[NoticeCode]:
    return [notice.code for notice in compare_levels(source, made, track=TRACK)]


def test_the_same_sound_is_no_warning() -> None:
    assert codes(levels(), levels(down=1)) == []


@pytest.mark.parametrize("late", [-5, 5, 12])
def test_sound_out_of_step(late: int) -> None:
    (notice,) = compare_levels(levels(), levels(late=late), track=TRACK)
    assert notice.code is NoticeCode.SOUND_OUT_OF_STEP
    assert notice.values["milliseconds"] == str(late * 20)


def test_sound_turned_down() -> None:
    assert codes(levels(), levels(down=9)) == [NoticeCode.LOUDNESS_DIFFERS]


def test_sound_that_ends_early() -> None:
    made = levels()
    made[20 * BINS_A_SECOND :] = [-90.0] * (40 * BINS_A_SECOND)
    (notice,) = compare_levels(levels(), made, track=TRACK)
    assert notice.code is NoticeCode.SILENCE_DIFFERS
    assert notice.values == {"track": "1", "at": "20.0", "seconds": "40.0"}


def test_a_silent_source_is_no_warning() -> None:
    silence = [-90.0] * (60 * BINS_A_SECOND)
    assert codes(silence, silence) == []


@pytest.mark.encode
def test_lost_sound_and_a_frozen_picture_are_noticed(tmp_path: Path) -> None:
    """Check a right package against silence and a still picture."""
    source = make_clip(tmp_path / "film.mp4", "-g", "25", seconds=6)
    film = encode_film(source, tmp_path)
    package = film.package()
    assert film.checked(source, package) == ()
    fragments = ["-movflags", "empty_moov+default_base_moof+frag_keyframe"]
    silent = make(tmp_path / "silent.mp4", "-f", "lavfi", "-i", "anullsrc=r=48000:cl=stereo:d=6",
                  "-c:a", "aac", *fragments)  # fmt: skip
    still = make(tmp_path / "still.mp4", "-f", "lavfi", "-i", "color=gray:s=256x144:r=25:d=6",
                 "-c:v", "libx264", "-pix_fmt", "yuv420p", *fragments)  # fmt: skip
    plan = replace(film.plan, total_frames=film.plan.total_frames + 25)
    found = check_film(
        str(source),
        plan,
        renditions=package.renditions,
        lowest=[still.read_bytes()],
        audio={0: [silent.read_bytes()]},
    )
    assert {notice.code for notice in found} == {
        NoticeCode.LENGTH_DIFFERS,
        NoticeCode.FRAMES_DIFFER,
        NoticeCode.SILENCE_DIFFERS,
        NoticeCode.PICTURE_FROZEN,
    }
