"""Sound added to a finished film: sent, encoded, offered, taken off, while somebody watches."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
import requests
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import AuditLog
from catalog.models import Credit, Movie, Person
from kushfilms.core import storage
from kushfilms.core.models import Job
from streaming.encoding.planning import plan_encode
from streaming.encoding.probe import probe_source
from streaming.encoding.tests import clips
from streaming.encoding.tools import ffmpeg_path, ffprobe_path, run
from streaming.models import AudioTrack, Encode, Package, VideoAsset, WorkItem
from streaming.services import retracking, sound_places
from streaming.services.sound_places import sound_check, sound_put
from streaming.services.sweeps import sweep_storage
from streaming.tests.conftest import Send, work_off
from streaming.tests.packages import checked, get, read
from streaming.worker.run import work_next

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.encode,
    pytest.mark.timeout(120),
]
Api = APIClient


@pytest.fixture(scope="module")
def narration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a VJ delivers: an MP3 that beeps where the film flashes, a second too long."""
    folder = tmp_path_factory.mktemp("sound")
    return clips.make(folder / "luganda.mp3", *clips.sound(seconds=4), "-c:a", "libmp3lame")


def announce(api: Api, movie: Movie, path: Path, **told: Any) -> Any:
    told = {"filename": path.name, "size": path.stat().st_size, "language": "Luganda"} | told
    return api.post(f"/api/v1/admin/movies/{movie.pk}/audio-tracks", told, format="json")


def send_sound(api: Api, movie: Movie, path: Path, **told: Any) -> VideoAsset:
    """Announced, put, completed: what is left is the workers'."""
    answer = announce(api, movie, path, **told)
    assert answer.status_code == 201, answer.content
    ticket = answer.json()
    requests.put(ticket["uploadUrl"], data=path.read_bytes(), timeout=30).raise_for_status()
    done = api.post(f"/api/v1/admin/videos/{ticket['videoId']}/complete", {}, format="json")
    assert done.status_code == 202, done.content
    return VideoAsset.objects.get(pk=ticket["videoId"])


def decoded(package: Package, rendition: str, folder: Path) -> tuple[float, float]:
    """Seconds of the whole rendition, and when its beep begins, by decoding all of it."""
    names = [item.key for item in storage.list_objects(f"{package.prefix}{rendition}/")]
    segments = sorted(
        (n for n in names if n.endswith(".m4s")), key=lambda n: int(n.split("/")[-1][:-4])
    )
    path = folder / f"{rendition}.mp4"
    keys = [f"{package.prefix}{rendition}/init.mp4", *segments]
    path.write_bytes(b"".join(storage.get_bytes(key) for key in keys))
    said: list[str] = []
    probe = [ffprobe_path(), "-v", "error", "-show_entries", "packet=pts_time,duration_time",
             "-of", "json", str(path)]  # fmt: skip
    assert run(probe, on_line=said.append, timeout_seconds=30).exit_code == 0
    last = json.loads("".join(said))["packets"][-1]
    listen = [ffmpeg_path(), "-v", "info", "-xerror", "-i", str(path), "-af",
              "silencedetect=n=-30dB:d=0.3", "-f", "null", "-"]  # fmt: skip
    heard = run(listen, timeout_seconds=30)
    assert heard.exit_code == 0, heard.stderr
    begins = heard.stderr.partition("silence_end: ")[2].split(" ")[0]
    return float(last["pts_time"]) + float(last["duration_time"]), float(begins)


def test_a_narration_comes_is_replaced_and_goes_under_a_viewer(
    send: Send, small_film: Path, narration: Path, tmp_path: Path, admin_api: Api, free_api: Api,
    run_jobs: Any,
) -> None:  # fmt: skip
    asset = send(small_film)
    work_off(until=lambda: Movie.objects.filter(published=True).exists())
    movie = Movie.objects.get()
    url = f"/api/v1/admin/movies/{movie.pk}/audio-tracks"
    before = checked(asset)
    assert before.stage == "EARLY"
    watching = free_api.get(f"/api/v1/movies/{movie.slug}/stream").json()

    # Added to the early package.
    upload = send_sound(admin_api, movie, narration, vj="VJ Junior")
    (coming,) = admin_api.get(url).json()["coming"]
    assert (coming["label"], coming["vj"], coming["status"]) == (
        "Luganda (VJ Junior)", "VJ Junior", "PROBING",
    )  # fmt: skip
    work_off(until=lambda: VideoAsset.objects.get(pk=upload.pk).status == "READY")
    run_jobs()
    early = checked(asset)
    master, manifest = read(early, "master.m3u8"), read(early, "manifest.mpd")
    for group in ("lo", "hi"):
        assert f'GROUP-ID="{group}",NAME="Luganda (VJ Junior)",LANGUAGE="lg",DEFAULT=NO' in master
    assert manifest.count("<Label>Luganda (VJ Junior)</Label>") == 1
    assert manifest.count('contentType="audio"') == 2
    added = AudioTrack.objects.get(source="UPLOADED")
    made = [name for name in folders(early) if name.startswith("a-")]
    assert len(made) == 2
    for name in made:
        seconds, beep = decoded(early, name, tmp_path)
        assert abs(seconds - asset.duration_seconds) <= 1 / 12
        assert abs(beep - 1.0) < 0.03
    # Whoever began before goes on with what they have.
    beat = {"progress": 1, "sessionId": watching["session"]["id"]}
    renewed = free_api.post(f"/api/v1/movies/{movie.slug}/watch", beat, format="json").json()
    master_now = get(renewed["streamUrl"])
    assert (master_now.status_code, b"VJ Junior" in master_now.content) == (200, False)
    assert get(renewed["streamUrl"].replace("master.m3u8", "v144/1.m4s")).status_code == 200
    begun_now = free_api.get(f"/api/v1/movies/{movie.slug}/stream").json()
    segment = begun_now["streamUrl"].replace("master.m3u8", f"{made[0]}/1.m4s")
    assert get(segment).status_code == 200
    assert Movie.objects.get().vjs == ["VJ Junior"]
    assert Movie.objects.get().audio_languages == ["lg"]

    # The full package and a second encode keep it.
    work_off()
    full = checked(asset)
    assert (full.stage, "Luganda (VJ Junior)" in read(full, "master.m3u8")) == ("FULL", True)
    assert admin_api.post(f"/api/v1/admin/videos/{asset.pk}/transcode").status_code == 202
    work_off()
    again = checked(asset)
    assert again.encode_id != full.encode_id
    assert set(made) <= folders(again)
    sweep_storage()
    assert AudioTrack.objects.filter(pk=added.pk, encode__swept_at=None).exists()

    # The same again is refused, unless it is meant to take the first one's place.
    refused = announce(admin_api, movie, narration, vj="vj junior")
    assert (refused.status_code, refused.json()["code"]) == (409, "track_exists")
    send_sound(admin_api, movie, narration, vj="vj junior", replace=True, default=True)
    work_off()
    run_jobs()
    third = checked(asset)
    assert not set(made) & folders(third)
    assert 'NAME="Luganda (VJ Junior)",LANGUAGE="lg",DEFAULT=YES' in read(third, "master.m3u8")
    assert read(third, "manifest.mpd").count('value="main"') == 1
    row = AudioTrack.objects.get(source="UPLOADED")
    assert list(AudioTrack.objects.filter(default=True)) == [row]

    # Taken off: the film's own plays first again, and nobody is credited.
    assert admin_api.delete(f"{url}/{row.pk}").status_code == 202
    run_jobs()
    bare = checked(asset)
    assert bare.object_count == full.object_count - len(objects_in(full, made))
    assert "VJ Junior" not in read(bare, "master.m3u8") + read(bare, "manifest.mpd")
    own = AudioTrack.objects.get(asset=asset)
    assert (own.default, Movie.objects.get().vjs, Credit.objects.count()) == (True, [], 0)
    refused = admin_api.delete(f"{url}/{own.pk}")
    assert (refused.status_code, refused.json()["code"]) == (409, "own_sound")
    noted = AuditLog.objects.filter(action__startswith="movie.audio").order_by("created_at")
    assert [row.action for row in noted] == [
        "movie.audio_add", "movie.audio_add", "movie.audio_remove",
    ]  # fmt: skip


def folders(package: Package) -> set[str]:
    """Directories of a package."""
    listed = storage.list_objects(package.prefix)
    return {item.key.removeprefix(package.prefix).partition("/")[0] for item in listed}


def objects_in(package: Package, names: list[str]) -> list[str]:
    folders = tuple(f"{package.prefix}{name}/" for name in names)
    return [
        item.key for item in storage.list_objects(package.prefix) if item.key.startswith(folders)
    ]


# ── Refused, interrupted, at once ───────────────────────────────────────────────────────


@pytest.fixture
def three_seconds(finished: VideoAsset, small_film: Path) -> VideoAsset:
    """A finished film of three seconds, as far as a sound asks about it."""
    facts = probe_source(str(small_film), size_bytes=small_film.stat().st_size)
    assert finished.live_package is not None
    finished.live_package.encode.plan = plan_encode(facts).to_json()
    finished.live_package.encode.save()
    finished.audio_tracks.create(position=0, language="lg", label="Luganda", default=True)
    return finished


def sound_file(folder: Path, name: str, seconds: float, *args: str) -> Path:
    return clips.make(folder / name, *clips.sound(seconds=seconds), *args)


def locked_file(folder: Path) -> Path:
    key = ["-encryption_scheme", "cenc-aes-ctr", "-encryption_key", "0" * 32,
           "-encryption_kid", "1" * 32]  # fmt: skip
    return sound_file(folder, "locked.m4a", 3, *clips.AAC, *key, "-f", "mp4")


def noise_file(folder: Path) -> Path:
    path = folder / "noise.mp3"
    path.write_bytes(b"no sound at all, only words. " * 200)
    return path


def half_file(folder: Path) -> Path:
    whole = sound_file(folder, "whole.m4a", 60, *clips.AAC, "-movflags", "faststart")
    path = folder / "half.m4a"
    path.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    return path


@pytest.mark.parametrize(("make", "code", "words"), [
    (lambda at: sound_file(at, "long.mp3", 9, "-c:a", "libmp3lame"), "wrong_length",
     "lasts 0:00:09 and the film 0:00:03: it is 0:00:06 too long"),
    (lambda at: clips.make(at / "mute.mp4", *clips.picture(), *clips.X264), "no_sound",
     "There is no sound in this file"),
    (locked_file, "encrypted", "copy-protected"),
    (noise_file, "not_sound", "not sound we can read"),
    (half_file, "truncated", "ends too early"),
])  # fmt: skip
def test_what_cannot_be_a_sound_of_the_film_says_why(
    three_seconds: VideoAsset, admin_api: Api, tmp_path: Path, settings: Any, make: Any, code: str,
    words: str,
) -> None:  # fmt: skip
    settings.ENCODE_WORK_DIR = tmp_path / "work"
    movie = three_seconds.movie
    upload = send_sound(admin_api, movie, make(tmp_path), language="sw")
    work_off()
    answer = admin_api.get(f"/api/v1/admin/movies/{movie.pk}/audio-tracks").json()
    (coming,) = answer["coming"]
    assert (coming["videoId"], coming["error"]["code"]) == (str(upload.pk), code)
    assert words in coming["error"]["message"]
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
    path = sound_file(tmp_path, "short.ogg", 54, "-c:a", "libopus")
    upload = send_sound(admin_api, three_seconds.movie, path, language="sw")
    work_off()
    upload.refresh_from_db()
    assert "lasts 0:00:54 and the film 0:01:00: it is 0:00:06 too short" in upload.error_message
    # Half a second inside of what is evened out.
    path = sound_file(tmp_path, "nearly.ogg", 55.5, "-c:a", "libopus")
    send_sound(admin_api, three_seconds.movie, path, language="sw")
    work_off()
    assert AudioTrack.objects.filter(asset=three_seconds, language="sw").exists()


@pytest.mark.parametrize(("told", "status", "code"), [
    ({"language": "no language!"}, 400, "validation_error"),
    ({"language": "sw", "label": "Luganda"}, 400, "validation_error"),
    ({"language": "sw", "vj": "x" * 130}, 400, "validation_error"),
    ({"language": "sw", "vj": "\0"}, 400, "validation_error"),
    ({"language": "sw", "filename": "words.pdf"}, 415, "unsupported_media_type"),
    ({"language": "sw", "size": 0}, 400, "validation_error"),
    ({"language": "lg"}, 409, "track_exists"),
    ({"language": "lg", "replace": True}, 409, "track_exists"),
])  # fmt: skip
def test_what_is_announced_wrongly_leaves_nothing(
    three_seconds: VideoAsset, admin_api: Api, tmp_path: Path, told: dict[str, Any], status: int,
    code: str,
) -> None:  # fmt: skip
    path = tmp_path / "sound.mp3"
    path.write_bytes(b"x")
    answer = announce(admin_api, three_seconds.movie, path, **told)
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


class PowerCut(BaseException):
    """Nothing catches it, as nothing catches a kill."""


def test_killed_in_the_middle_it_is_done_by_the_next(
    send: Send, small_film: Path, admin_api: Api, run_jobs: Any, monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:  # fmt: skip
    asset = send(small_film)
    work_off(until=lambda: Movie.objects.filter(published=True).exists())
    WorkItem.objects.filter(encode__asset=asset).exclude(state="DONE").delete()
    path = sound_file(tmp_path, "dub.flac", 2.5, "-c:a", "flac")
    upload = send_sound(admin_api, asset.movie, path, language="sw")

    def cut(*_args: Any, **_named: Any) -> None:
        raise PowerCut

    with monkeypatch.context() as dark:
        dark.setattr("streaming.worker.audio.encode_audio", cut)
        with pytest.raises(PowerCut):
            work_off()
    assert WorkItem.objects.get(encode__asset=upload, kind="AUDIO").state == "RUNNING"
    assert not work_next()  # somebody has it, as far as anybody knows
    WorkItem.objects.filter(encode__asset=upload).update(lease_expires_at="2020-01-01T00:00Z")
    work_off()
    upload.refresh_from_db()
    assert upload.status == "READY"
    # The packaging is cut off when all but the last lies in storage.
    before = checked(asset)
    with monkeypatch.context() as dark:
        dark.setattr(retracking, "_go_live", cut)
        with pytest.raises(PowerCut):
            run_jobs()
    asset.refresh_from_db()
    assert asset.live_package == before
    Job.objects.filter(state="RUNNING").update(lease_expires_at="2020-01-01T00:00Z")
    run_jobs()
    after = checked(asset)
    assert after.number == before.number + 2
    (hi,) = [name for name in folders(after) if name.startswith("a-") and name.endswith("-hi")]
    seconds, _beep = decoded(after, hi, tmp_path)
    assert abs(seconds - asset.duration_seconds) <= 1 / 12  # padded with silence


@pytest.mark.parametrize("locked", [True, False], ids=["locked", "control"])
def test_two_of_one_language_and_vj_at_once(
    three_seconds: VideoAsset, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    """The later is told that there is one. Without the lock neither sees the other, and only the
    constraint refuses one of them."""
    assert three_seconds.live_package is not None
    plan = three_seconds.live_package.encode.plan
    encodes = []
    for number in range(2):
        upload = VideoAsset.objects.create(
            movie=three_seconds.movie, kind="SOUND", filename="a.mp3", source_size=1,
            source_key=f"source/{number}/a.mp3", status="ENCODING",
        )  # fmt: skip
        upload.audio_tracks.create(position=0, language="sw", label="Kiswahili", source="UPLOADED")
        encodes.append(upload.encodes.create(plan=plan))
    both = Barrier(2, timeout=10)

    def look(asset_id: UUID) -> VideoAsset:
        asset = VideoAsset.objects.select_related("movie").get(pk=asset_id)
        asset.audio_tracks.count()
        return asset

    def check_together(film: VideoAsset, row: AudioTrack) -> None:
        sound_check(film, row)
        both.wait()

    def put(encode: Encode) -> str:
        try:
            with transaction.atomic():
                sound_put(Encode.objects.select_for_update().get(pk=encode.pk))
        except IntegrityError:
            return "refused by the database"
        else:
            encode.refresh_from_db()
            return f"{encode.state} {encode.error_code}".strip()
        finally:
            connection.close()

    if not locked:
        monkeypatch.setattr(sound_places, "asset_locked", look)
        monkeypatch.setattr(sound_places, "sound_check", check_together)
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
                movie=three_seconds.movie, kind="SOUND", filename="a.mp3", source_size=1,
                source_key=f"source/{number}/a.mp3",
            )  # fmt: skip
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
