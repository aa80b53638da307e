"""Track names: a VJ's name survives in every container."""

from __future__ import annotations

from pathlib import Path

import pytest

from streaming.encoding.probe import probe_source
from streaming.encoding.tests.clips import AAC, X264, make, picture, sound

pytestmark = pytest.mark.encode


@pytest.mark.parametrize(
    ("container", "tag", "label"),
    [
        ("mkv", "title=VJ Ssebo", "VJ Ssebo"),
        ("mp4", "handler_name=VJ Ssebo", "VJ Ssebo"),
        ("mp4", "handler_name=SoundHandler", ""),
        ("mov", "handler_name=Core Media Audio", ""),
        ("mp4", "handler_name=SoundHandle", ""),
        ("mp4", "handler_name=\tGoPro AAC", ""),
        ("mp4", "handler_name=Ambarella AAC", ""),
        ("mp4", "handler_name=DJI.AAC", ""),
        ("mp4", "handler_name=Audio Track 1", ""),
        ("mp4", "handler_name=Director's commentary", "Director's commentary"),
    ],
)
def test_a_tracks_name_is_found(tmp_path: Path, container: str, tag: str, label: str) -> None:
    path = make(
        tmp_path / f"film.{container}",
        *picture(seconds=1),
        *sound(seconds=1),
        "-metadata:s:a:0",
        tag,
        *X264,
        *AAC,
    )
    facts = probe_source(str(path), size_bytes=path.stat().st_size)
    assert [track.title for track in facts.audio] == [label]
