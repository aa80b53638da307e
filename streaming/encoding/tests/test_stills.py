"""Seek previews, posters and the moving preview from real frames."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from streaming.encoding.results import Still
from streaming.encoding.stills import frame_count, make_preview, make_storyboard, rank_posters
from streaming.encoding.tests.clips import X264, make, picture
from streaming.encoding.tests.films import encode_film

pytestmark = pytest.mark.encode


def test_storyboard_and_preview(tmp_path: Path) -> None:
    film = encode_film(make(tmp_path / "source.mp4", *picture(seconds=11), *X264), tmp_path)
    low = [result for result in film.chunks if result.tier == "low"]
    thumbs = [thumb for result in low for thumb in result.thumbs]
    assert [thumb.seconds for thumb in thumbs] == [0.0, 5.0, 10.0]
    board = make_storyboard(film.plan, thumbs=thumbs)
    assert list(board.sprites) == ["sprite-1.webp"]
    with Image.open(io.BytesIO(board.sprites["sprite-1.webp"])) as sheet:
        assert sheet.size == (480, 90)
    assert "00:00:10.000 --> 00:00:11.000\nsprite-1.webp#xywh=320,0,160,90" in board.vtt
    assert len([poster for result in low for poster in result.posters]) >= 6
    preview = make_preview(film.rungs["144p"][:3], work_dir=tmp_path)
    assert len(preview) <= 150_000
    assert frame_count(preview) == 30


def test_black_and_flat_frames_are_no_posters(tmp_path: Path) -> None:
    stills = []
    for number, source in enumerate(["color=c=black:", "color=c=gray:", "testsrc2="]):
        path = tmp_path / f"{number}.jpg"
        make(path, "-f", "lavfi", "-i", f"{source}s=320x180:d=1", "-frames:v", "1", "-update", "1")
        stills.append(Still(seconds=number, path=path))
    assert [poster.seconds for poster in rank_posters(stills)] == [2]
    assert [poster.seconds for poster in rank_posters(stills[:1])] == [0]
