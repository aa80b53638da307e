"""Subtitles of a finished film: added, replaced and removed during playback."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import AuditLog, User
from catalog.models import Movie
from catalog.services.deletion import movie_delete, movie_remove
from kushfilms.core import storage
from kushfilms.core.models import Job
from streaming.models import Package, Subtitle, VideoAsset
from streaming.services import repackage, subtitles
from streaming.services.package_tracks import package_facts_write
from streaming.services.subtitles import subtitle_add
from streaming.services.sweeps import trash_sweep
from streaming.tests.conftest import Send, run_ledger
from streaming.tests.stored_packages import checked, get, read

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.encode,
    pytest.mark.timeout(120),
]
SRT = "1\n00:00:00,500 --> 00:00:01,500\nTugende e Kampala, mwatu\n"


def file_of(text: str, *, name: str = "lines.srt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode("cp1252"))


def test_subtitles_come_and_go_under_a_viewer(
    send: Send, small_film: Path, admin_api: APIClient, free_api: APIClient, run_jobs: Any
) -> None:
    asset = send(small_film)
    run_ledger()
    movie = Movie.objects.get()
    assert movie.subtitle_languages == []  # the language of the file's own is unknown
    url = f"/api/v1/admin/movies/{movie.pk}/subtitles"
    before = checked(asset)
    watching = free_api.get(f"/api/v1/movies/{movie.slug}/stream").json()

    run_jobs()  # those of the upload
    sent = {"file": file_of(SRT), "language": "Luganda", "default": True}
    answer = admin_api.post(url, sent, format="multipart")
    assert (answer.status_code, answer.json()["live"]) == (202, False)
    assert run_jobs() == 1
    after = checked(asset)
    assert admin_api.get(url).json()["live"]
    added = Subtitle.objects.get(source="UPLOADED")
    assert (added.language, added.label, added.default) == ("lg", "Luganda", True)
    offered = 'GROUP-ID="subs",NAME="Luganda",LANGUAGE="lg",DEFAULT=YES'
    assert offered in read(after, "master.m3u8")
    assert "Tugende e Kampala" in read(after, f"{added.name}/1.vtt")
    assert read(after, "manifest.mpd").count('contentType="text"') == 2
    assert Movie.objects.get().subtitle_languages == ["lg"]
    # Nothing of what is being watched has changed, and it goes on.
    assert offered not in read(before, "master.m3u8")
    beat = {"progress": 1, "sessionId": watching["session"]["id"]}
    renewed = free_api.post(f"/api/v1/movies/{movie.slug}/watch", beat, format="json").json()
    for name in ("master.m3u8", "v144/1.m4s"):
        assert get(renewed["streamUrl"].replace("master.m3u8", name)).status_code == 200
    begun_now = free_api.get(f"/api/v1/movies/{movie.slug}/stream").json()
    segment = get(begun_now["streamUrl"].replace("master.m3u8", f"{added.name}/1.vtt"))
    assert b"Tugende" in segment.content

    # The language again: in its place.
    answer = admin_api.post(
        url, sent | {"file": file_of(SRT.replace("Tugende", "Tuddeyo"))}, format="multipart"
    )
    assert answer.status_code == 202
    run_jobs()
    replaced = Subtitle.objects.get(source="UPLOADED")
    third = checked(asset)
    assert "Tuddeyo" in read(third, f"{replaced.name}/all.vtt")
    assert added.name not in read(third, "master.m3u8") + read(third, "manifest.mpd")

    for row in Subtitle.objects.all():
        assert admin_api.delete(f"{url}/{row.pk}").status_code == 202
    assert Job.objects.filter(kind="streaming.retrack", state="WAITING").count() == 1
    run_jobs()
    bare = checked(asset)
    assert "SUBTITLES" not in read(bare, "master.m3u8")
    noted = AuditLog.objects.filter(action__contains="subtitle").order_by("created_at")
    assert [row.action.partition("_")[2] for row in noted] == ["add", "add", "remove", "remove"]


def test_subtitles_added_during_the_encode_are_in_the_full_package(
    send: Send,
    small_film: Path,
    admin_api: APIClient,
    run_jobs: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asset = send(small_film)
    run_ledger(until=lambda: Movie.objects.filter(published=True).exists())
    url = f"/api/v1/admin/movies/{asset.movie_id}/subtitles"
    sent = {"file": file_of(SRT), "language": "sw", "label": 'Kis"wahili, "'}
    assert admin_api.post(url, sent, format="multipart").status_code == 202
    run_jobs()
    assert "Kis wahili" in read(checked(asset), "master.m3u8")
    run_ledger()
    full = checked(asset)
    assert (full.stage, "Kis wahili" in read(full, "master.m3u8")) == ("FULL", True)
    run_jobs()
    # Encoded again from its file, it keeps what was added.
    assert admin_api.post(f"/api/v1/admin/videos/{asset.pk}/transcode").status_code == 202
    run_ledger()
    assert "Kis wahili" in read(checked(asset), "master.m3u8")

    # Deleted while a package of it is being made: nothing of that stays either.
    def deleted_meanwhile(*args: Any) -> int:
        movie_delete(asset.movie, now=timezone.now())
        assert movie_remove(asset.movie_id)
        trash_sweep()
        return package_facts_write(*args)

    monkeypatch.setattr(repackage, "package_facts_write", deleted_meanwhile)
    assert admin_api.delete(f"{url}/{Subtitle.objects.latest('pk').pk}").status_code == 202
    run_jobs()
    assert list(storage.list_objects(f"media/{asset.pk}/"))
    Job.objects.filter(kind="streaming.retrack").update(not_before="2020-01-01T00:00Z")
    run_jobs()
    trash_sweep()
    assert not list(storage.list_objects(f"media/{asset.pk}/"))


# ── Refused: nothing changed, nothing to do ─────────────────────────────────────────────


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        ({"language": "lg"}, 400, "file"),
        ({"file": "1\n00:00:01,000 --> now\nx"}, 400, "Line 2"),
        ({"file": "1\n00:02:01,000 --> 00:02:02,000\nx"}, 400, "the film ends at 00:01:00"),
        ({"file": SRT, "language": "no language!"}, 400, "Luganda, lg"),
        ({"file": SRT, "language": "\0"}, 400, "language"),
        ({"file": SRT + "x" * 2 * 1024**2}, 413, "2 MiB"),
    ],
)
def test_bad_subtitles_change_nothing(
    finished: VideoAsset, admin_api: APIClient, sent: dict[str, Any], status: int, words: str
) -> None:
    sent = {"language": "lg"} | sent
    if "file" in sent:
        sent["file"] = file_of(sent["file"])
    url = f"/api/v1/admin/movies/{finished.movie_id}/subtitles"
    answer = admin_api.post(url, sent, format="multipart")
    assert (answer.status_code, words in answer.content.decode()) == (status, True)
    assert not Subtitle.objects.exists()
    assert not Job.objects.exists()
    assert not list(storage.list_objects(f"tracks/{finished.pk}/"))


def test_a_film_without_video_or_with_an_old_package_is_refused(
    finished: VideoAsset, admin_api: APIClient, movie_factory: Any
) -> None:
    draft = movie_factory.draft()
    sent = {"file": file_of(SRT), "language": "lg"}
    answer = admin_api.post(f"/api/v1/admin/movies/{draft.pk}/subtitles", sent, format="multipart")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_ready")
    assert finished.live_package is not None
    storage.delete(f"{finished.live_package.prefix}facts.gz")
    url = f"/api/v1/admin/movies/{finished.movie_id}/subtitles"
    answer = admin_api.post(url, sent | {"file": file_of(SRT)}, format="multipart")
    assert (answer.status_code, answer.json()["code"]) == (409, "encode_again")
    assert not Subtitle.objects.exists()


def test_another_films_subtitles_are_404(
    finished: VideoAsset, make_asset: Any, admin_api: APIClient, admin: User
) -> None:
    row = finished.subtitles.create(position=0, name="s1-en", language="en", label="English")
    other = make_asset(title="Other")
    encode = other.encodes.create(state="DONE")
    other.live_package = Package.objects.create(asset=other, encode=encode, number=1, stage="FULL")
    other.is_current = True
    other.save()
    url = f"/api/v1/admin/movies/{other.movie_id}/subtitles/{row.pk}"
    assert admin_api.delete(url).status_code == 404
    assert admin_api.delete(f"{url}9999999999999999999").status_code == 404
    assert Subtitle.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("locked", [True, False], ids=["locked", "control"])
def test_two_concurrent_files_in_one_language(
    finished: VideoAsset, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    """Replace the earlier of two files with the later.

    Without the lock neither sees the other, and the constraint refuses one of them.
    """
    both = Barrier(2, timeout=60)
    save = Subtitle.save

    def look(asset_id: UUID) -> VideoAsset:
        return VideoAsset.objects.select_related("movie").get(pk=asset_id)

    def save_together(row: Subtitle) -> None:
        both.wait()  # both have looked what is there
        save(row)

    def send(words: str) -> str:
        try:
            subtitle_add(finished.movie, data=SRT.replace("mwatu", words).encode(), language="lg")
        except IntegrityError:
            return "refused"
        else:
            return "added"
        finally:
            connection.close()

    if not locked:
        monkeypatch.setattr(subtitles, "asset_locked", look)
        monkeypatch.setattr(Subtitle, "save", save_together)
    with ThreadPoolExecutor(2) as pool:
        ends = sorted(pool.map(send, ["ssebo", "nnyabo"]))
    assert ends == (["added", "added"] if locked else ["added", "refused"])
    assert Subtitle.objects.count() == 1
    finished.refresh_from_db()
    assert finished.tracks_version == ends.count("added")
