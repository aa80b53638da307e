"""Audio added to a finished film: uploaded, encoded, offered and removed during playback."""

from pathlib import Path
from typing import Any

import pytest

from accounts.models import AuditLog
from catalog.models import Credit, Movie
from kushfilms.core.models import Job
from streaming.encoding.tests import clips
from streaming.models import AudioTrack, VideoAsset, WorkItem
from streaming.services import repackage
from streaming.services.sweeps import storage_sweep
from streaming.tests.audio_client import (
    Api,
    announce,
    audio_file,
    decoded,
    folders,
    objects_in,
    upload_audio,
)
from streaming.tests.conftest import Send, run_ledger
from streaming.tests.stored_packages import checked, get, read
from streaming.worker.run import work_next

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.encode,
    pytest.mark.timeout(120),
]


@pytest.fixture(scope="module")
def narration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a narration as VJs deliver it: an MP3 in step with the film, a second too long."""
    folder = tmp_path_factory.mktemp("sound")
    return clips.make(folder / "luganda.mp3", *clips.sound(seconds=4), "-c:a", "libmp3lame")


def test_a_narration_comes_is_replaced_and_goes_under_a_viewer(
    send: Send,
    small_film: Path,
    narration: Path,
    tmp_path: Path,
    admin_api: Api,
    free_api: Api,
    run_jobs: Any,
) -> None:
    asset = send(small_film)
    run_ledger(until=lambda: Movie.objects.filter(published=True).exists())
    movie = Movie.objects.get()
    url = f"/api/v1/admin/movies/{movie.pk}/audio-tracks"
    before = checked(asset)
    assert before.stage == "EARLY"
    watching = free_api.get(f"/api/v1/movies/{movie.slug}/stream").json()

    # Added to the early package.
    upload = upload_audio(admin_api, movie, narration, vj="VJ Junior")
    (coming,) = admin_api.get(url).json()["coming"]
    assert (coming["label"], coming["vj"], coming["status"]) == (
        "Luganda (VJ Junior)",
        "VJ Junior",
        "PROBING",
    )
    run_ledger(until=lambda: VideoAsset.objects.get(pk=upload.pk).status == "READY")
    run_jobs()
    early = checked(asset)
    master = read(early, "master.m3u8")
    manifest = read(early, "manifest.mpd")
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
    # Running playback keeps its package.
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
    run_ledger()
    full = checked(asset)
    assert (full.stage, "Luganda (VJ Junior)" in read(full, "master.m3u8")) == ("FULL", True)
    assert admin_api.post(f"/api/v1/admin/videos/{asset.pk}/transcode").status_code == 202
    run_ledger()
    again = checked(asset)
    assert again.encode_id != full.encode_id
    assert set(made) <= folders(again)
    storage_sweep()
    assert AudioTrack.objects.filter(pk=added.pk, encode__swept_at=None).exists()

    # The same again is refused, unless it is meant to take the first one's place.
    refused = announce(admin_api, movie, narration, vj="vj junior")
    assert (refused.status_code, refused.json()["code"]) == (409, "track_exists")
    upload_audio(admin_api, movie, narration, vj="vj junior", replace=True, default=True)
    run_ledger()
    run_jobs()
    third = checked(asset)
    assert not set(made) & folders(third)
    assert 'NAME="Luganda (VJ Junior)",LANGUAGE="lg",DEFAULT=YES' in read(third, "master.m3u8")
    assert read(third, "manifest.mpd").count('value="main"') == 1
    row = AudioTrack.objects.get(source="UPLOADED")
    assert list(AudioTrack.objects.filter(default=True)) == [row]

    # Removed: the film's own track is the default again, and the credit is gone.
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
        "movie.audio_add",
        "movie.audio_add",
        "movie.audio_remove",
    ]


class PowerCut(BaseException):
    """An exception that no handler catches, like a kill."""


def test_killed_in_the_middle_it_is_done_by_the_next(
    send: Send,
    small_film: Path,
    admin_api: Api,
    run_jobs: Any,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    asset = send(small_film)
    run_ledger(until=lambda: Movie.objects.filter(published=True).exists())
    WorkItem.objects.filter(encode__asset=asset).exclude(state="DONE").delete()
    path = audio_file(tmp_path, "dub.flac", 2.5, "-c:a", "flac")
    upload = upload_audio(admin_api, asset.movie, path, language="sw")

    def cut(*_args: Any, **_named: Any) -> None:
        raise PowerCut

    with monkeypatch.context() as dark:
        dark.setattr("streaming.worker.audio.encode_audio", cut)
        with pytest.raises(PowerCut):
            run_ledger()
    assert WorkItem.objects.get(encode__asset=upload, kind="AUDIO").state == "RUNNING"
    assert not work_next()  # the dead worker still holds the lease
    WorkItem.objects.filter(encode__asset=upload).update(lease_expires_at="2020-01-01T00:00Z")
    run_ledger()
    upload.refresh_from_db()
    assert upload.status == "READY"
    # The packaging is cut off when all but the last lies in storage.
    before = checked(asset)
    with monkeypatch.context() as dark:
        dark.setattr(repackage, "_go_live", cut)
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
