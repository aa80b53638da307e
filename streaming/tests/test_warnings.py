"""Warnings about changes and omissions, on the film's admin page and in the API."""

# ruff: noqa: RUF001 - characters of other scripts are tested

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from catalog.models import Movie
from streaming.encoding.facts import NoticeCode
from streaming.encoding.tests import clips
from streaming.encoding.tests.corpus import joined
from streaming.models import VideoAsset, VideoWarning
from streaming.services.staff import encode_again
from streaming.tests.conftest import Send, run_ledger
from streaming.tests.stored_packages import checked
from streaming.warning_texts import SENTENCES, warning_text

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(180)]


@pytest.fixture
def admin_page(admin: User, site_as: Any) -> Client:
    client: Client = site_as(admin)
    return client


def test_every_notice_has_a_sentence() -> None:
    assert set(SENTENCES) == set(NoticeCode)


def test_a_code_of_another_version_is_shown_as_it_is() -> None:
    assert warning_text("from_the_future", {}).message == "from_the_future"


@pytest.mark.encode
def test_joined_recordings_are_warned_about_in_the_api_and_the_admin(
    send: Send, tmp_path: Path, admin_api: APIClient, admin_page: Client
) -> None:
    asset = send(joined()(tmp_path))
    run_ledger()
    checked(asset)
    answer = admin_api.get(f"/api/v1/admin/videos/{asset.pk}").json()
    assert (answer["status"], round(answer["duration"])) == ("READY", 16)
    message = "The file holds 2 recordings with separate clocks. They were joined."
    assert answer["warnings"] == [{"code": "recordings_joined", "message": message}]
    film = Movie.objects.get()
    assert message in admin_page.get(f"/admin/catalog/movie/{film.pk}/change/").content.decode()
    page = admin_page.get(f"/admin/streaming/videoasset/{asset.pk}/change/").content.decode()
    assert message in page


@pytest.mark.encode
def test_encoding_again_warns_once(send: Send, tmp_path: Path) -> None:
    (tmp_path / "lines.srt").write_text(clips.SRT)
    film = clips.make(
        tmp_path / "film.mkv", *clips.picture(), *clips.sound(), "-i", str(tmp_path / "lines.srt"),
        *clips.X264, *clips.AAC, "-c:s", "srt",
    )  # fmt: skip
    film.write_bytes(film.read_bytes().replace(b"S_TEXT/UTF8", b"S_HDMV/XXXX"))
    asset = send(film)
    run_ledger()
    encode_again(VideoAsset.objects.get(pk=asset.pk))
    run_ledger()
    rows = VideoWarning.objects.filter(asset=asset).values_list("code", "step")
    assert list(rows) == [("unreadable_subtitles_left_out", "PROBE")]


@pytest.mark.encode
def test_an_ordinary_film_has_no_warning(
    send: Send, small_film: Path, admin_api: APIClient
) -> None:
    asset = send(small_film)
    run_ledger()
    assert admin_api.get(f"/api/v1/admin/videos/{asset.pk}").json()["warnings"] == []


def test_a_preview_saves_nothing(
    finished: VideoAsset, admin_api: APIClient, admin_page: Client
) -> None:
    words = "Işık açık, değil mi?"
    data = f"1\n00:00:01,000 --> 00:00:02,000\n{words}\n".encode("cp1254")

    def sent(**fields: Any) -> dict[str, Any]:
        return {"file": SimpleUploadedFile("tr.srt", data), "language": "tr", **fields}

    url = f"/api/v1/admin/movies/{finished.movie_id}/subtitles"
    answer = admin_api.post(url, sent(preview=True), format="multipart")
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "encoding": "cp1254",
            "damagedLetters": 0,
            "lines": 1,
            "cues": [{"start": 1.0, "end": 2.0, "text": words}],
        },
    )
    page = admin_page.post(
        f"/desk/{finished.movie_id}/subtitles", sent(step="preview", default="on")
    )
    assert page.status_code == 200
    assert words in page.content.decode()
    assert finished.subtitles.count() == 0

    text = page.context["text"]
    saved = admin_page.post(
        f"/desk/{finished.movie_id}/subtitles",
        {"text": text, "language": "tr", "default": "on"},
    )
    assert saved.status_code == 302
    assert [row.language for row in finished.subtitles.all()] == ["tr"]
