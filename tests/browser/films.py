"""Small films for browser tests: made with ffmpeg, uploaded and encoded by the pipeline."""

import subprocess
from pathlib import Path

from accounts.models import User
from catalog.models import Movie
from catalog.services.films import movie_create
from streaming.encoding.tools import ffmpeg_path
from streaming.models import AssetStatus, VideoAsset
from streaming.services.ingest import send_file
from streaming.worker.run import work_next

CAPTIONS = """1
00:00:01,000 --> 00:00:{end},000
Omuntu tafa, akyuka.
"""


def source_make(path: Path, *, seconds: int = 24, size: str = "640x360", noise: int = 12) -> Path:
    """Make a film with original sound in English, a Luganda narrator and captions.

    The two tracks are tones of 220 and 660 Hz, so that a test can measure which one plays.
    """
    captions = path.with_suffix(".srt")
    captions.write_text(CAPTIONS.format(end=f"{min(seconds, 59):02d}"))
    tone = "sine=frequency={}:duration={}"
    command = [
        *(ffmpeg_path(), "-y", "-loglevel", "error"),
        *("-f", "lavfi", "-i", f"testsrc2=size={size}:rate=25:duration={seconds}"),
        *("-f", "lavfi", "-i", tone.format(220, seconds)),
        *("-f", "lavfi", "-i", tone.format(660, seconds)),
        *("-i", str(captions)),
        *("-map", "0:v", "-map", "1:a", "-map", "2:a", "-map", "3:s"),
        *("-vf", f"noise=alls={noise}:allf=t", "-c:v", "libx264", "-preset", "ultrafast"),
        *("-pix_fmt", "yuv420p", "-c:a", "aac", "-c:s", "srt"),
        *("-metadata:s:a:0", "language=eng", "-metadata:s:a:0", "title=Original"),
        *("-metadata:s:a:1", "language=lug", "-metadata:s:a:1", "title=VJ Junior"),
        *("-metadata:s:s:0", "language=lug", "-metadata:s:s:0", "title=Luganda"),
        str(path),
    ]
    subprocess.run(command, check=True)
    return path


def film_make(source: Path, *, uploader: User, title: str) -> Movie:
    """Upload, encode and publish a film. Raises AssertionError when the encode fails."""
    movie = movie_create(title=title, publish_when_ready=True)
    asset = send_file(source, uploader_id=uploader.pk, movie_id=movie.pk, sent=lambda _: None)
    while work_next():
        pass
    asset = VideoAsset.objects.get(pk=asset.pk)
    assert asset.status == AssetStatus.READY, asset.error_message
    movie.refresh_from_db()
    assert movie.published
    return movie
