"""The whole pipeline: an upload becomes a film, or fails with a sentence for the uploader.

Storage and encoder are real; this process is the worker.
"""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Notification, User
from catalog.models import Movie
from kushfilms.core import storage
from streaming.encoding.tests import clips
from streaming.models import (
    AssetStatus,
    AudioTrack,
    EncodeState,
    Rendition,
    Subtitle,
    VideoAsset,
    WorkItem,
    WorkState,
)
from streaming.selectors.encodes import encode_report
from streaming.services.sweeps import work_objects_sweep
from streaming.tests.conftest import Send, run_ledger
from streaming.worker.run import work_next

# Leases are renewed on a connection of their own: nothing here may hide in a transaction.
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.encode,
    pytest.mark.timeout(120),
]


def test_a_film_opens_early_and_is_whole_in_the_end(
    send: Send, small_film: Path, admin: User
) -> None:
    asset = send(small_film)
    run_ledger(until=lambda: Movie.objects.filter(published=True).exists())
    asset.refresh_from_db()
    early = asset.live_package
    assert early is not None
    assert early.stage == "EARLY"
    assert asset.status == AssetStatus.ENCODING
    assert set(
        asset.movie.assets.get()
        .encodes.get()
        .renditions.filter(status="DONE")
        .values_list("name", flat=True)
    ) == {"144p", "240p", "360p", "audio"}
    report = encode_report(asset)
    assert report is not None
    assert 0 < report.progress < 100

    run_ledger()
    asset.refresh_from_db()
    assert (asset.status, asset.progress, asset.error_code) == (AssetStatus.READY, 100, "")
    full = asset.live_package
    assert full is not None
    assert (full.stage, full.has_storyboard) == ("FULL", True)
    listed = {item.key: item.size_bytes for item in storage.list_objects(full.prefix)}
    assert (len(listed), sum(listed.values())) == (full.object_count, full.total_bytes)
    for name in ("master.m3u8", "manifest.mpd", "storyboard.vtt", "v480/init.mp4"):
        assert full.prefix + name in listed
    # Viewers with the early package can continue with it.
    assert storage.head(early.prefix + "master.m3u8").size_bytes

    rungs = {rung.name: rung for rung in Rendition.objects.filter(encode__asset=asset)}
    assert set(rungs) == {"480p", "360p", "240p", "144p", "audio"}
    assert (rungs["480p"].width, rungs["480p"].height) == (640, 480)
    assert rungs["144p"].bandwidth <= 192_000
    assert all(rung.total_bytes and rung.codec for rung in rungs.values())
    assert AudioTrack.objects.get(asset=asset).language == "lg"
    assert Subtitle.objects.filter(asset=asset).count() == 1
    movie = Movie.objects.get(pk=asset.movie_id)
    assert (movie.playable, movie.published, movie.duration) == (True, True, 3)
    for key in (movie.poster_key, movie.backdrop_key, movie.preview_key):
        assert storage.head(key).content_type == "image/webp"
    assert Notification.objects.get(user=admin).title == "“Nnalongo” is ready"


def test_leftovers_of_workers_are_swept(send: Send, small_film: Path, settings: Any) -> None:
    from django.utils import timezone

    asset = send(small_film)
    run_ledger()
    encode = asset.encodes.get()
    assert list(storage.list_objects(encode.work_prefix))
    work_objects_sweep(now=timezone.now())
    assert not list(storage.list_objects(encode.work_prefix))
    assert not any(Path(settings.ENCODE_WORK_DIR).iterdir())
    assert storage.head(asset.source_key).size_bytes  # the original stays


def test_encoding_again_gives_viewers_a_new_package(
    send: Send, small_film: Path, admin: User, api_as: Any
) -> None:
    asset = send(small_film)
    run_ledger()
    before = VideoAsset.objects.get(pk=asset.pk).live_package_id
    answer = api_as(admin).post(f"/api/v1/admin/videos/{asset.pk}/transcode")
    assert answer.status_code == 202
    assert VideoAsset.objects.get(pk=asset.pk).live_package_id == before  # until it is better
    run_ledger()
    asset.refresh_from_db()
    assert asset.live_package_id != before
    assert asset.status == AssetStatus.READY


# ── Bad input ───────────────────────────────────────────────────────────────────────────


def text(folder: Path) -> Path:
    path = folder / "poem.mp4"
    path.write_text("Roses are red. " * 100)
    return path


def audio_only(folder: Path) -> Path:
    return clips.make(folder / "song.mp4", *clips.sound(), *clips.AAC)


def truncated(folder: Path) -> Path:
    whole = clips.make(
        folder / "whole.mp4", *clips.picture(), *clips.X264, "-movflags", "+faststart"
    )
    path = folder / "half.mp4"
    path.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    return path


def playlist(folder: Path) -> Path:
    """Upload a playlist that points at another file."""
    path = folder / "list.mp4"
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile:///etc/passwd\n")
    return path


BAD: dict[Callable[[Path], Path], tuple[str, str]] = {
    text: ("not_a_video", "not a video"),
    audio_only: ("no_video_stream", "no picture"),
    truncated: ("truncated", "ends too early"),
    playlist: ("not_a_video", "not a video"),
}


@pytest.mark.parametrize("make", BAD, ids=lambda make: make.__name__)
def test_an_unusable_file_fails_with_a_sentence(
    send: Send, tmp_path: Path, admin: User, make: Callable[[Path], Path]
) -> None:
    asset = send(make(tmp_path))
    run_ledger()
    asset.refresh_from_db()
    code, expected = BAD[make]
    assert (asset.status, asset.error_code) == (AssetStatus.FAILED, code)
    assert expected in asset.error_message
    assert expected in Notification.objects.get(user=admin).message
    assert not asset.playable
    assert not Movie.objects.filter(published=True).exists()
    assert storage.head(asset.source_key).size_bytes  # kept for inspection
    assert not list(storage.list_objects(f"media/{asset.pk}/"))


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a real file system of one megabyte."""
    if os.geteuid() != 0:
        pytest.skip("mounting a file system takes root")
    folder = tmp_path / "tiny"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], check=False
    )
    if mounted.returncode:
        pytest.skip("this machine does not allow mounts")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_full_disk_is_tried_again_and_then_named(
    send: Send, small_film: Path, tiny_disk: Path, settings: Any
) -> None:
    asset = send(small_film)
    room = settings.ENCODE_WORK_DIR
    settings.ENCODE_WORK_DIR = tiny_disk
    run_ledger()
    asset.refresh_from_db()
    assert (asset.status, asset.error_code) == (AssetStatus.FAILED, "out_of_disk")
    assert "too little disk space" in asset.error_message
    failed = WorkItem.objects.get(state=WorkState.FAILED)
    assert failed.attempts == settings.ENCODE_MAX_ATTEMPTS
    assert not any(tiny_disk.iterdir())

    settings.ENCODE_WORK_DIR = room  # staff freed disk space and pressed the button
    from streaming.services.encodes import encode_retry

    encode_retry(asset)
    run_ledger()
    asset.refresh_from_db()
    assert asset.status == AssetStatus.READY


def test_an_encode_ended_from_outside_stops_its_workers(send: Send, small_film: Path) -> None:
    asset = send(small_film)
    run_ledger(until=lambda: WorkItem.objects.filter(kind="VIDEO").exists())
    asset.encodes.update(state=EncodeState.FAILED)
    assert not work_next()


def test_ingest_follows_the_film_and_fails_with_its_sentence(
    admin: User, tmp_path: Path, settings: Any
) -> None:
    settings.ENCODE_WORK_DIR = tmp_path / "work"
    with pytest.raises(CommandError, match=r"There is no file"):
        call_command("ingest", str(tmp_path / "nothing.mp4"), "--title=X")
    with pytest.raises(CommandError, match=r"MP4, MOV"):
        call_command("ingest", str(Path(__file__)), "--title=X")
    call_command("ingest", str(text(tmp_path)), "--title=Poem", "--no-wait")
    run_ledger()
    assert VideoAsset.objects.get().status == AssetStatus.FAILED
