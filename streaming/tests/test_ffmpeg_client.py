"""Playback in a foreign player, ffmpeg's HLS client, over HTTP with the token in the path."""

import math
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import m3u8
import pytest
import requests

from accounts.models import User
from catalog.services.films import movie_create
from streaming.encoding.tests import clips
from streaming.encoding.tools import ffmpeg_path
from streaming.models import AssetStatus, VideoAsset
from streaming.services.ingest import send_file
from streaming.worker.run import work_next

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.encode,
    pytest.mark.timeout(180),
]
SECONDS = 9
RATE = 12


@pytest.fixture
def master_url(admin: User, free_api: Any, live_server: Any, settings: Any, tmp_path: Path) -> str:
    """Return a viewer's stream URL of an encoded film with two audio tracks."""
    settings.ENCODE_WORK_DIR = tmp_path / "work"
    source = clips.make(
        tmp_path / "film.mkv",
        *clips.picture(size="854x480", rate=str(RATE), seconds=SECONDS),
        *clips.sound(seconds=SECONDS), *clips.sound(seconds=SECONDS, channels=1),
        "-map", "0", "-map", "1", "-map", "2", "-metadata:s:a:0", "language=eng",
        "-metadata:s:a:1", "language=lug", *clips.X264, *clips.AAC,
    )  # fmt: skip
    movie = movie_create(title="Ekibuga", publish_when_ready=True)
    asset = send_file(source, uploader_id=admin.pk, movie_id=movie.pk, sent=lambda _: None)
    while work_next():
        pass
    assert VideoAsset.objects.get(pk=asset.pk).status == AssetStatus.READY
    given = free_api.get(f"/api/v1/movies/{movie.pk}/stream").json()["streamUrl"]
    return f"{live_server.url}{urlsplit(given).path}"


def decode(*urls: str) -> dict[str, int]:
    """Return the count of decoded frames by stream type; any warning fails the test.

    Media playlists are read, not the master: from a master ffmpeg opens every variant, drops the
    unused ones in the middle of a segment, and then warns about the incomplete rest.
    """
    inputs = [arg for url in urls for arg in ("-i", url)]
    maps = [arg for number in range(len(urls)) for arg in ("-map", str(number))]
    done = subprocess.run(
        [ffmpeg_path(), "-v", "warning", "-xerror", *inputs, *maps,
         "-fps_mode", "passthrough", "-f", "framecrc", "-"],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    lines = [line.split() for line in done.stdout.splitlines()]
    kinds = {line[1].rstrip(":"): line[2] for line in lines if line[0] == "#media_type"}
    counts = dict.fromkeys(kinds.values(), 0)
    for line in lines:
        if not line[0].startswith("#"):
            counts[kinds[line[0].rstrip(",")]] += 1
    return counts


def test_lowest_and_highest_variant_decode_to_the_end(master_url: str) -> None:
    answer = requests.get(master_url, timeout=10)
    assert answer.headers["Content-Type"] == "application/vnd.apple.mpegurl"
    master = m3u8.loads(answer.text, uri=master_url)
    listening, lowest, *_, highest = sorted(
        master.playlists, key=lambda variant: variant.stream_info.bandwidth
    )
    assert listening.stream_info.resolution is None
    assert set(decode(listening.absolute_uri)) == {"audio"}
    for variant, size in ((lowest, (256, 144)), (highest, (854, 480))):
        assert variant.stream_info.resolution == size
        sounds = [media.absolute_uri for media in variant.media if media.type == "AUDIO"]
        assert len(sounds) == 2
        frames = decode(variant.absolute_uri, *sounds)
        assert frames["video"] == SECONDS * RATE
        assert frames["audio"] // 2 == math.ceil(SECONDS * 48000 / 1024)
