"""Sound added to a finished film: sent, encoded, offered, taken off, while somebody watches."""

import json
from pathlib import Path
from typing import Any

import pytest
import requests
from rest_framework.test import APIClient

from accounts.models import AuditLog
from catalog.models import Credit, Movie
from kushfilms.core import storage
from streaming.encoding.tests import clips
from streaming.encoding.tools import ffmpeg_path, ffprobe_path, run
from streaming.models import AudioTrack, Package, VideoAsset
from streaming.services.sweeps import sweep_storage
from streaming.tests.conftest import Send, work_off
from streaming.tests.test_subtitles import checked, get, read

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
    made = [name for name in early_names(early) if name.startswith("a-")]
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
    assert set(made) <= early_names(again)
    sweep_storage()
    assert AudioTrack.objects.filter(pk=added.pk, encode__swept_at=None).exists()

    # The same again is refused, unless it is meant to take the first one's place.
    refused = announce(admin_api, movie, narration, vj="vj junior")
    assert (refused.status_code, refused.json()["code"]) == (409, "track_exists")
    send_sound(admin_api, movie, narration, vj="vj junior", replace=True, default=True)
    work_off()
    run_jobs()
    third = checked(asset)
    assert not set(made) & early_names(third)
    assert 'NAME="Luganda (VJ Junior)",LANGUAGE="lg",DEFAULT=YES' in read(third, "master.m3u8")
    assert read(third, "manifest.mpd").count('value="main"') == 1
    row = AudioTrack.objects.get(source="UPLOADED")
    assert list(AudioTrack.objects.filter(default=True)) == [row]

    # Taken off: the film's own plays first again, and nobody is credited.
    assert admin_api.delete(f"{url}/{row.pk}").status_code == 202
    run_jobs()
    bare = checked(asset)
    assert bare.object_count == full.object_count - len(early_objects(full, made))
    assert "VJ Junior" not in read(bare, "master.m3u8") + read(bare, "manifest.mpd")
    own = AudioTrack.objects.get(asset=asset)
    assert (own.default, Movie.objects.get().vjs, Credit.objects.count()) == (True, [], 0)
    refused = admin_api.delete(f"{url}/{own.pk}")
    assert (refused.status_code, refused.json()["code"]) == (409, "own_sound")
    noted = AuditLog.objects.filter(action__startswith="movie.audio").order_by("created_at")
    assert [row.action for row in noted] == [
        "movie.audio_add", "movie.audio_add", "movie.audio_remove",
    ]  # fmt: skip


def early_names(package: Package) -> set[str]:
    """Directories of a package."""
    listed = storage.list_objects(package.prefix)
    return {item.key.removeprefix(package.prefix).partition("/")[0] for item in listed}


def early_objects(package: Package, names: list[str]) -> list[str]:
    folders = tuple(f"{package.prefix}{name}/" for name in names)
    return [
        item.key for item in storage.list_objects(package.prefix) if item.key.startswith(folders)
    ]
