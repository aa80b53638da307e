"""Refused audio uploads: nothing changes, and a sentence gives the reason."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from catalog.models import Person
from kushfilms.core.models import Job
from streaming.encoding.planner import plan_encode
from streaming.encoding.probe import probe_source
from streaming.encoding.tests import clips
from streaming.models import AudioTrack, Encode, Package, VideoAsset
from streaming.services import audio_track_slots
from streaming.services.audio_track_slots import audio_track_publish
from streaming.tests.audio_client import (
    Api,
    announce,
    audio_file,
    upload_audio,
)
from streaming.tests.conftest import run_ledger

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.encode,
    pytest.mark.timeout(120),
]


@pytest.fixture
def three_seconds(finished: VideoAsset, small_film: Path) -> VideoAsset:
    """Return a finished film of three seconds, with what an audio upload reads of it."""
    facts = probe_source(str(small_film), size_bytes=small_film.stat().st_size)
    assert finished.live_package is not None
    finished.live_package.encode.plan = plan_encode(facts).to_json()
    finished.live_package.encode.save()
    finished.audio_tracks.create(position=0, language="lg", label="Luganda", default=True)
    return finished


def locked_file(folder: Path) -> Path:
    key = ["-encryption_scheme", "cenc-aes-ctr", "-encryption_key", "0" * 32,
           "-encryption_kid", "1" * 32]  # fmt: skip
    return audio_file(folder, "locked.m4a", 3, *clips.AAC, *key, "-f", "mp4")


def noise_file(folder: Path) -> Path:
    path = folder / "noise.mp3"
    path.write_bytes(b"no sound at all, only text. " * 200)
    return path


def half_file(folder: Path) -> Path:
    whole = audio_file(folder, "whole.m4a", 60, *clips.AAC, "-movflags", "faststart")
    path = folder / "half.m4a"
    path.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    return path


@pytest.mark.parametrize(("make", "code", "text"), [
    (lambda at: audio_file(at, "long.mp3", 9, "-c:a", "libmp3lame"), "wrong_length",
     "lasts 0:00:09 and the film 0:00:03: it is 0:00:06 too long"),
    (lambda at: clips.make(at / "mute.mp4", *clips.picture(), *clips.X264), "no_sound",
     "The file has no sound"),
    (locked_file, "encrypted", "copy-protected"),
    (noise_file, "not_sound", "not audio we can read"),
    (half_file, "truncated", "ends too early"),
])  # fmt: skip
def test_unusable_audio_fails_with_a_reason(
    three_seconds: VideoAsset,
    admin_api: Api,
    tmp_path: Path,
    settings: Any,
    make: Any,
    code: str,
    text: str,
) -> None:
    settings.ENCODE_WORK_DIR = tmp_path / "work"
    movie = three_seconds.movie
    upload = upload_audio(admin_api, movie, make(tmp_path), language="sw")
    run_ledger()
    answer = admin_api.get(f"/api/v1/admin/movies/{movie.pk}/audio-tracks").json()
    (coming,) = answer["coming"]
    assert (coming["videoId"], coming["error"]["code"]) == (str(upload.pk), code)
    assert text in coming["error"]["message"]
    assert [row["label"] for row in answer["results"]] == ["Luganda"]
    assert not Job.objects.filter(kind="streaming.retrack").exists()
    three_seconds.refresh_from_db()
    assert three_seconds.tracks_version == 0


def test_too_short_for_its_film_is_refused(
    three_seconds: VideoAsset, admin_api: Api, tmp_path: Path, settings: Any
) -> None:
    settings.ENCODE_WORK_DIR = tmp_path / "work"
    assert three_seconds.live_package is not None
    encode = three_seconds.live_package.encode
    encode.plan = {**(encode.plan or {}), "total_frames": 12 * 60}
    encode.save()
    path = audio_file(tmp_path, "short.ogg", 54, "-c:a", "libopus")
    upload = upload_audio(admin_api, three_seconds.movie, path, language="sw")
    run_ledger()
    upload.refresh_from_db()
    assert "lasts 0:00:54 and the film 0:01:00: it is 0:00:06 too short" in upload.error_message
    # Half a second inside of what is evened out.
    path = audio_file(tmp_path, "nearly.ogg", 55.5, "-c:a", "libopus")
    upload_audio(admin_api, three_seconds.movie, path, language="sw")
    run_ledger()
    assert AudioTrack.objects.filter(asset=three_seconds, language="sw").exists()


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"language": "no language!"}, 400, "validation_error"),
        ({"language": "sw", "label": "Luganda"}, 400, "validation_error"),
        ({"language": "sw", "vj": "x" * 130}, 400, "validation_error"),
        ({"language": "sw", "vj": "\0"}, 400, "validation_error"),
        ({"language": "sw", "filename": "text.pdf"}, 415, "unsupported_media_type"),
        ({"language": "sw", "size": 0}, 400, "validation_error"),
        ({"language": "lg"}, 409, "track_exists"),
        ({"language": "lg", "replace": True}, 409, "track_exists"),
    ],
)
def test_a_wrong_announcement_leaves_nothing(
    three_seconds: VideoAsset,
    admin_api: Api,
    tmp_path: Path,
    fields: dict[str, Any],
    status: int,
    code: str,
) -> None:
    path = tmp_path / "sound.mp3"
    path.write_bytes(b"x")
    answer = announce(admin_api, three_seconds.movie, path, **fields)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert VideoAsset.objects.get() == three_seconds
    assert not Person.objects.exists()


def test_a_draft_has_no_sound_to_add_to(admin_api: Api, movie_factory: Any, tmp_path: Path) -> None:
    path = tmp_path / "sound.mp3"
    path.write_bytes(b"x")
    answer = announce(admin_api, movie_factory.draft(), path)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_ready")
    assert not VideoAsset.objects.exists()


def test_another_films_sound_is_404(
    three_seconds: VideoAsset, make_asset: Any, admin_api: Api
) -> None:
    row = three_seconds.audio_tracks.create(
        position=100, language="sw", label="Kiswahili", source="UPLOADED"
    )
    other = make_asset(title="Other")
    encode = other.encodes.create(state="DONE")
    other.live_package = Package.objects.create(asset=other, encode=encode, number=1, stage="FULL")
    other.is_current = True
    other.save()
    url = f"/api/v1/admin/movies/{other.movie_id}/audio-tracks/{row.pk}"
    assert admin_api.delete(url).status_code == 404
    assert AudioTrack.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("locked", [True, False], ids=["locked", "control"])
def test_two_concurrent_tracks_with_one_language_and_vj(
    three_seconds: VideoAsset, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    """Refuse the later of two tracks with a sentence.

    Without the lock neither sees the other, and only the constraint refuses one of them.
    """
    assert three_seconds.live_package is not None
    plan = three_seconds.live_package.encode.plan
    encodes = []
    for number in range(2):
        upload = VideoAsset.objects.create(
            movie=three_seconds.movie,
            kind="SOUND",
            filename="a.mp3",
            source_size=1,
            source_key=f"source/{number}/a.mp3",
            status="ENCODING",
        )
        upload.audio_tracks.create(position=0, language="sw", label="Kiswahili", source="UPLOADED")
        encodes.append(upload.encodes.create(plan=plan))
    both = Barrier(2, timeout=60)
    save = AudioTrack.save

    def look(asset_id: UUID) -> VideoAsset:
        asset = VideoAsset.objects.select_related("movie").get(pk=asset_id)
        asset.audio_tracks.count()
        return asset

    def save_together(row: AudioTrack) -> None:
        both.wait()  # both have looked what is there
        save(row)

    def put(encode: Encode) -> str:
        try:
            with transaction.atomic():
                audio_track_publish(Encode.objects.select_for_update().get(pk=encode.pk))
        except IntegrityError:
            return "refused by the database"
        else:
            encode.refresh_from_db()
            return f"{encode.state} {encode.error_code}".strip()
        finally:
            connection.close()

    if not locked:
        monkeypatch.setattr(audio_track_slots, "asset_locked", look)
        monkeypatch.setattr(AudioTrack, "save", save_together)
    with ThreadPoolExecutor(2) as pool:
        ends = sorted(pool.map(put, encodes))
    assert ends == ["DONE", "FAILED track_exists" if locked else "refused by the database"]
    assert AudioTrack.objects.filter(asset=three_seconds).count() == 2


def test_the_list_asks_the_same_of_two_as_of_twenty(
    three_seconds: VideoAsset, admin_api: Api, django_assert_num_queries: Any
) -> None:
    url = f"/api/v1/admin/movies/{three_seconds.movie_id}/audio-tracks"

    def grow(first: int, last: int) -> None:
        for number in range(first, last):
            upload = VideoAsset.objects.create(
                movie=three_seconds.movie,
                kind="SOUND",
                filename="a.mp3",
                source_size=1,
                source_key=f"source/{number}/a.mp3",
            )
            vj = Person.objects.create(name=f"VJ {number}", slug=f"vj-{number}")
            for asset in (upload, three_seconds):
                asset.audio_tracks.create(
                    position=number, language="sw", label=f"By {number}", narrator=vj
                )

    grow(1, 3)
    admin_api.get(url)  # what a session looks up once
    with CaptureQueriesContext(connection) as asked:
        assert len(admin_api.get(url).json()["coming"]) == 2
    grow(3, 20)
    with django_assert_num_queries(len(asked)):
        assert len(admin_api.get(url).json()["coming"]) == 19
