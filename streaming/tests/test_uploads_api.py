"""Uploads through the API: announced, sent straight to storage, resumed, checked, started."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import requests
from django.db import connection
from django.utils import timezone

from catalog.models import Movie
from kushfilms.core import storage
from streaming.encoding.errors import EncodingError, ErrorCode
from streaming.models import AssetStatus, VideoAsset, WorkItem
from streaming.services.sweeps import expired_uploads_sweep, sources_sweep
from streaming.services.uploads import part_size
from streaming.worker.probe import source_head

pytestmark = pytest.mark.django_db
URL = "/api/v1/admin/videos"
MIB = 1024**2


@pytest.fixture
def small_parts(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Use multipart uploads from 5 MiB on, in parts of 5 MiB, the least S3 accepts."""
    settings.UPLOAD_SINGLE_PUT_BYTES = 5 * MIB
    monkeypatch.setattr("streaming.services.uploads.SMALLEST_PART_BYTES", 5 * MIB)


def announce(api: Any, **changes: Any) -> Any:
    body = {"filename": "kampala nights.mp4", "contentType": "video/mp4", "size": 1000}
    return api.post(f"{URL}/upload-url", body | changes)


def put(url: str, data: bytes) -> None:
    answer = requests.put(url, data=data, timeout=30)
    assert answer.status_code == 200, answer.text


def test_a_small_file_goes_up_in_one_put_and_its_encode_begins(admin_api: Any, admin: Any) -> None:
    answer = announce(admin_api)
    assert answer.status_code == 201
    ticket = answer.json()
    assert set(ticket) == {"videoId", "movieId", "expiresIn", "uploadUrl"}
    movie = Movie.objects.get(pk=ticket["movieId"])
    assert (movie.title, movie.published) == ("Kampala nights", False)
    put(ticket["uploadUrl"], b"x" * 1000)
    for _ in range(2):  # twice is once
        done = admin_api.post(f"{URL}/{ticket['videoId']}/complete", {})
        assert done.status_code == 202
        assert done.json()["status"] == "PROBING"
    asset = VideoAsset.objects.get(pk=ticket["videoId"])
    assert asset.uploaded_by == admin
    assert [item.kind for item in WorkItem.objects.filter(encode__asset=asset)] == ["PROBE"]


@pytest.mark.parametrize(
    ("announced", "kept"),
    [("video/mp4", "video/mp4"), ("", "application/octet-stream")],
)
def test_the_type_that_was_sent_with_the_file_does_not_stick(
    admin_api: Any, announced: str, kept: str
) -> None:
    ticket = announce(admin_api, contentType=announced).json()
    hostile = {"Content-Type": "text/html"}
    requests.put(ticket["uploadUrl"], b"x" * 1000, headers=hostile, timeout=30).raise_for_status()
    asset = VideoAsset.objects.get(pk=ticket["videoId"])
    assert storage.head(asset.source_key).content_type == "text/html"
    assert admin_api.post(f"{URL}/{asset.pk}/complete", {}).status_code == 202
    asset.refresh_from_db()
    assert storage.head(asset.source_key).content_type == kept
    assert storage.get_bytes(asset.source_key) == b"x" * 1000


def test_a_large_file_goes_up_in_parts_and_resumes(admin_api: Any, small_parts: None) -> None:
    content = bytes(range(256)) * (12 * MIB // 256)
    ticket = announce(admin_api, size=len(content)).json()
    assert [part["partNumber"] for part in ticket["parts"]] == [1, 2, 3]
    assert ticket["partSize"] == 5 * MIB
    video = f"{URL}/{ticket['videoId']}"

    put(ticket["parts"][0]["url"], content[: 5 * MIB])
    early = admin_api.post(f"{video}/complete", {})
    assert (early.status_code, early.json()["code"]) == (409, "upload_incomplete")
    assert early.json()["missing"] == [2, 3]

    state = admin_api.get(f"{video}/parts").json()
    assert [part["partNumber"] for part in state["arrived"]] == [1]
    assert [part["partNumber"] for part in state["parts"]] == [2, 3]
    put(state["parts"][1]["url"], content[10 * MIB :])  # the order does not matter
    put(state["parts"][0]["url"], content[5 * MIB : 10 * MIB])

    arrived = admin_api.get(f"{video}/parts").json()["arrived"]
    claimed = [{"partNumber": p["partNumber"], "etag": p["etag"]} for p in reversed(arrived)]
    assert admin_api.post(f"{video}/complete", {"parts": claimed}).status_code == 202
    asset = VideoAsset.objects.get(pk=ticket["videoId"])
    assert storage.get_bytes(asset.source_key) == content


def test_parts_that_differ_from_storage_are_refused(admin_api: Any, small_parts: None) -> None:
    ticket = announce(admin_api, size=6 * MIB).json()
    put(ticket["parts"][0]["url"], b"a" * 5 * MIB)
    put(ticket["parts"][1]["url"], b"b" * MIB)
    claims: list[Any] = [
        [],
        [{"partNumber": 1, "etag": "0" * 32}, {"partNumber": 2, "etag": "0" * 32}],
        [{"partNumber": 1, "etag": "a"}, {"partNumber": 1, "etag": "b"}],
        [{"partNumber": 0, "etag": "a"}],
        "not a list",
    ]
    for claim in claims:
        refused = admin_api.post(f"{URL}/{ticket['videoId']}/complete", {"parts": claim})
        assert refused.status_code == 400, claim
    assert VideoAsset.objects.get(pk=ticket["videoId"]).status == AssetStatus.AWAITING_UPLOAD


@pytest.mark.parametrize("sent", [999, 1001, 0])
def test_a_file_of_another_size_than_announced_is_not_taken(admin_api: Any, sent: int) -> None:
    ticket = announce(admin_api).json()
    key = VideoAsset.objects.get(pk=ticket["videoId"]).source_key
    storage.put_bytes(key, b"x" * sent, content_type="video/mp4")  # past the signed length
    refused = admin_api.post(f"{URL}/{ticket['videoId']}/complete", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "size_mismatch")
    put(ticket["uploadUrl"], b"x" * 1000)  # and can be sent again
    assert admin_api.post(f"{URL}/{ticket['videoId']}/complete", {}).status_code == 202


def test_a_part_of_another_size_counts_as_missing(admin_api: Any, small_parts: None) -> None:
    ticket = announce(admin_api, size=6 * MIB).json()
    put(ticket["parts"][0]["url"], b"a" * 5 * MIB)
    asset = VideoAsset.objects.get(pk=ticket["videoId"])
    storage._call(  # past the signed length
        "upload_part",
        Key=asset.source_key,
        UploadId=asset.upload_id,
        PartNumber=2,
        Body=b"b" * (MIB + 1),
    )
    state = admin_api.get(f"{URL}/{ticket['videoId']}/parts").json()
    assert [part["partNumber"] for part in state["parts"]] == [2]
    assert admin_api.post(f"{URL}/{ticket['videoId']}/complete", {}).status_code == 409


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"filename": "film.exe"}, 415, "unsupported_media_type"),
        ({"filename": "film.mp4", "contentType": "text/html"}, 415, "unsupported_media_type"),
        ({"filename": "film"}, 415, "unsupported_media_type"),
        ({"filename": "  "}, 400, "validation_error"),
        ({"filename": "../../"}, 400, "validation_error"),
        ({"filename": "a\x00.mp4"}, 400, "validation_error"),
        ({"size": 0}, 400, "validation_error"),
        ({"size": -1}, 400, "validation_error"),
        ({"size": 51 * 1024**3}, 413, "too_large"),
        ({"size": 10**30}, 400, "validation_error"),
        ({"size": "many"}, 400, "validation_error"),
        ({"movieId": "not-an-id"}, 400, "validation_error"),
        ({"movieId": "72847f5c-4b4f-4d2a-8128-a9a890d62ff1"}, 404, "not_found"),
    ],
)
def test_unsupported_files_are_refused_and_leave_nothing(
    admin_api: Any, changes: dict[str, Any], status: int, code: str
) -> None:
    answer = announce(admin_api, **changes)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert VideoAsset.objects.count() == Movie.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("a.MP4", "video/mp4"),
        ("a.mov", "video/quicktime"),
        ("a.avi", "video/x-msvideo"),
        ("a.mkv", ""),
        ("a.webm", "video/webm"),
        ("a.ts", "video/mp2t"),
        ("a.ts", "video/vnd.dlna.mpeg-tts"),
        ("a.m2ts", "video/vnd.dlna.mpeg-tts"),
        ("a.mts", "video/avchd-stream"),
        ("a.mkv", "application/x-matroska"),
        ("a.mov", "video/mp4"),
        ("a.mkv", "video/webm; codecs=vp9"),
        ("C:\\films\\a.mp4", "application/octet-stream"),
    ],
)
def test_the_owners_six_containers_are_taken(admin_api: Any, name: str, content_type: str) -> None:
    answer = announce(admin_api, filename=name, contentType=content_type)
    assert answer.status_code == 201
    assert VideoAsset.objects.get().filename == name.rpartition("\\")[2]


def test_only_its_uploader_can_complete_an_upload(admin_api: Any, other_admin_api: Any) -> None:
    ticket = announce(admin_api).json()
    put(ticket["uploadUrl"], b"x" * 1000)
    video = f"{URL}/{ticket['videoId']}"
    for answer in (
        other_admin_api.post(f"{video}/complete", {}),
        other_admin_api.get(f"{video}/parts"),
        other_admin_api.delete(video),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "not_your_upload")
    assert VideoAsset.objects.get().status == AssetStatus.AWAITING_UPLOAD


def test_viewers_and_strangers_reach_none_of_it(api: Any, free_api: Any) -> None:
    calls = [
        ("post", f"{URL}/upload-url"),
        ("get", f"{URL}/{uuid4()}"),
        ("get", f"{URL}/{uuid4()}/parts"),
        ("post", f"{URL}/{uuid4()}/complete"),
        ("post", f"{URL}/{uuid4()}/transcode"),
        ("delete", f"{URL}/{uuid4()}"),
    ]
    for method, url in calls:
        assert getattr(api, method)(url).status_code == 401, url
        assert getattr(free_api, method)(url).status_code == 403, url


@pytest.mark.django_db(transaction=True)
def test_completing_twice_at_once_starts_one_encode(admin_api: Any) -> None:
    ticket = announce(admin_api).json()
    put(ticket["uploadUrl"], b"x" * 1000)

    def complete(_: int) -> int:
        try:
            return int(admin_api.post(f"{URL}/{ticket['videoId']}/complete", {}).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(complete, range(4))) == {202}
    assert WorkItem.objects.count() == 1


def test_abandoned_uploads_and_their_drafts_are_swept(admin_api: Any, small_parts: None) -> None:
    ticket = announce(admin_api, size=6 * MIB).json()
    kept = announce(admin_api).json()
    put(ticket["parts"][0]["url"], b"a" * 5 * MIB)
    VideoAsset.objects.filter(pk=ticket["videoId"]).update(
        upload_expires_at=timezone.now() - timedelta(minutes=1)
    )
    expired_uploads_sweep(now=timezone.now())
    assert list(VideoAsset.objects.values_list("pk", flat=True).order_by()) == [
        VideoAsset.objects.get(pk=kept["videoId"]).pk
    ]
    assert not Movie.objects.filter(pk=ticket["movieId"]).exists()


def test_parts_grow_with_the_file_and_stay_few() -> None:
    assert part_size(100 * MIB) == 8 * MIB
    largest = 50 * 1024**3
    assert -(-largest // part_size(largest)) <= 1000
    assert part_size(largest) % MIB == 0


# ── What a signed URL is good for ───────────────────────────────────────────────────────


def test_a_url_accepts_exactly_the_announced_bytes_for_two_hours(
    admin_api: Any, small_parts: None
) -> None:
    single = announce(admin_api).json()
    assert single["expiresIn"] == 7200
    assert "X-Amz-Expires=7200" in single["uploadUrl"]
    for size in (999, 1001):
        answer = requests.put(single["uploadUrl"], data=b"x" * size, timeout=30)
        assert answer.status_code == 403
    parts = announce(admin_api, size=12 * MIB).json()["parts"]
    assert requests.put(parts[2]["url"], data=b"x" * 5 * MIB, timeout=30).status_code == 403
    put(parts[2]["url"], b"x" * 2 * MIB)


def test_a_url_used_after_completion_changes_nothing_and_is_swept(
    admin_api: Any, run_jobs: Any
) -> None:
    ticket = announce(admin_api).json()
    put(ticket["uploadUrl"], b"a" * 1000)
    assert admin_api.post(f"{URL}/{ticket['videoId']}/complete", {}).status_code == 202
    asset = VideoAsset.objects.get(pk=ticket["videoId"])
    run_jobs()
    put(ticket["uploadUrl"], b"b" * 1000)
    asset.refresh_from_db()
    assert storage.get_bytes(asset.source_key) == b"a" * 1000
    assert storage.head(asset.source_key).etag == asset.source_etag
    folder = asset.source_key.rpartition("/")[0]
    assert len(list(storage.list_objects(f"{folder}/"))) == 2
    assert sources_sweep(now=timezone.now()) == 0  # a URL may be in use
    assert sources_sweep(now=timezone.now() + timedelta(hours=7)) >= 1
    assert [item.key for item in storage.list_objects(f"{folder}/")] == [asset.source_key]


def test_an_object_of_a_cancelled_upload_is_swept_and_one_on_its_way_stays(admin_api: Any) -> None:
    gone = announce(admin_api).json()
    coming = announce(admin_api).json()
    assert admin_api.delete(f"{URL}/{gone['videoId']}").status_code == 204
    for ticket in (gone, coming):
        put(ticket["uploadUrl"], b"x" * 1000)
    sources_sweep(now=timezone.now() + timedelta(hours=7))
    assert list(storage.list_objects(f"source/{gone['videoId']}/")) == []
    assert len(list(storage.list_objects(f"source/{coming['videoId']}/"))) == 1


def test_a_source_that_was_replaced_is_not_encoded(admin_api: Any) -> None:
    ticket = announce(admin_api).json()
    put(ticket["uploadUrl"], b"a" * 1000)
    admin_api.post(f"{URL}/{ticket['videoId']}/complete", {})
    asset = VideoAsset.objects.get(pk=ticket["videoId"])
    source_head(asset)
    storage.put_bytes(asset.source_key, b"b" * 1000, content_type="video/mp4")
    with pytest.raises(EncodingError) as refused:
        source_head(asset)
    assert (refused.value.code, refused.value.retryable) == (ErrorCode.REPLACED, False)
