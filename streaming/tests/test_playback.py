"""Playback: the decision, the session, the token, and every way of revocation.

Three viewers: one with the right plan, one without, and an anonymous one.
"""

import gzip
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.services.moderation import user_ban
from accounts.services.sessions import user_sessions_revoke
from billing.models import Plan
from billing.services.complimentary import subscription_end, subscription_grant
from catalog.models import Movie, WatchHistory
from catalog.services.films import movie_unpublish
from kushfilms.core import storage
from streaming.api import serializers as outputs
from streaming.models import (
    Encode,
    EncodeState,
    Package,
    PackageStage,
    PlaybackSession,
    Rendition,
    VideoAsset,
    WorkState,
)
from streaming.signing import sign, verify

pytestmark = [pytest.mark.django_db, pytest.mark.both_ways]
MASTER = "#EXTM3U\n" + "#EXT-X-STREAM-INF:BANDWIDTH=190000\nv144/main.m3u8\n" * 30
SEGMENT = bytes(range(256)) * 8


@pytest.fixture
def film(make_asset: Callable[..., VideoAsset], movie_factory: Callable[..., Movie]) -> VideoAsset:
    """Return a published Premium film with a package in storage."""
    made = movie_factory(access_level=Plan.PREMIUM, published=True, playable=True, duration=60)
    asset = make_asset(movie=made)
    encode = Encode.objects.create(asset=asset, state=EncodeState.DONE)
    package = Package.objects.create(
        asset=asset, encode=encode, number=1, stage=PackageStage.FULL, has_storyboard=True
    )
    asset.live_package = package
    asset.is_current = True
    asset.save()
    Rendition.objects.create(
        encode=encode, name="360p", tier="LOW", width=640, height=360, codec="avc1.64001e",
        bandwidth=600_000, total_bytes=3_000_000, status=WorkState.DONE,
    )  # fmt: skip
    storage.put_bytes(asset.source_key, b"the original", content_type="video/mp4")
    for name, data in {"master.m3u8": MASTER.encode(), "v360/1.m4s": SEGMENT}.items():
        storage.put_bytes(package.prefix + name, data, content_type="application/octet-stream")
    return asset


@pytest.fixture
def start(film: VideoAsset, premium_api: Any) -> Callable[[], dict[str, Any]]:
    def begin() -> dict[str, Any]:
        answer = premium_api.get(f"/api/v1/movies/{film.movie.slug}/stream")
        assert answer.status_code == 200, answer.content
        body: dict[str, Any] = answer.json()
        return body

    return begin


def path_of(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def fetch(url: str, **headers: str) -> Any:
    """Fetch a URL as a player without cookies."""
    return Client().get(path_of(url), headers=headers)


def test_the_answer_is_the_contract(film: VideoAsset, start: Any, settings: Any) -> None:
    body = start()
    session = PlaybackSession.objects.get()
    assert body.pop("streamUrl").startswith("http://testserver/hls/")
    assert body.pop("dashUrl").endswith("/manifest.mpd")
    assert body.pop("storyboardUrl").endswith("/storyboard.vtt")
    assert body == {
        "expiresIn": 60 + settings.STREAM_TOKEN_GRACE_SECONDS,
        "movie": {"id": str(film.movie_id), "title": film.movie.title},
        "duration": 60.0,
        "resumeAt": 0,
        "session": {"id": str(session.pk), "heartbeatSeconds": 30},
        "qualities": [
            {
                "height": 360,
                "width": 640,
                "codec": "avc1.64001e",
                "bandwidth": 600_000,
                "bytes": 3_000_000,
            }
        ],
        "subtitles": [],
        "audioTracks": [],
        "ads": [],
    }


@pytest.mark.parametrize("who", ["api", "free_api", "basic_api"])
def test_without_the_plan_not_one_byte(
    film: VideoAsset, who: str, request: pytest.FixtureRequest
) -> None:
    client = request.getfixturevalue(who)
    answer = client.get(f"/api/v1/movies/{film.movie_id}/stream")
    body = answer.json()
    if who == "api":
        assert (answer.status_code, body["code"]) == (401, "unauthorized")
    else:
        assert answer.status_code == 403
        basic = who == "basic_api"
        assert body == {
            "error": "Upgrade Required" if basic else "Subscription Required",
            "code": "upgrade_required" if basic else "subscription_required",
            "message": body["message"],
            "currentPlan": "BASIC" if basic else "FREE",
            "requiredPlan": "PREMIUM",
            "upgradeUrl": "/subscribe",
        }
    assert "/hls/" not in answer.content.decode()
    assert not PlaybackSession.objects.exists()


def test_the_edge_serves_what_the_token_opens(start: Any) -> None:
    url = start()["streamUrl"]
    plain = fetch(url)
    assert (plain.status_code, plain.content.decode()) == (200, MASTER)
    assert plain["Content-Type"] == "application/vnd.apple.mpegurl"
    assert plain["Access-Control-Allow-Origin"] == "*"
    assert not plain.cookies
    packed = fetch(url, accept_encoding="gzip")
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content).decode() == MASTER
    segment = fetch(url.replace("master.m3u8", "v360/1.m4s"), accept_encoding="gzip")
    assert segment.getvalue() == SEGMENT
    assert segment["Content-Type"] == "video/iso.segment"
    assert "Content-Encoding" not in segment.headers
    assert "immutable" in segment["Cache-Control"]


def test_the_edge_serves_ranges(start: Any) -> None:
    url = start()["streamUrl"].replace("master.m3u8", "v360/1.m4s")
    part = fetch(url, range="bytes=10-19")
    assert (part.status_code, part.getvalue()) == (206, SEGMENT[10:20])
    assert part["Content-Range"] == f"bytes 10-19/{len(SEGMENT)}"
    assert part["Content-Length"] == "10"
    assert fetch(url, range="bytes=999999-").status_code == 416
    assert fetch(url, range="seconds=1-2").getvalue() == SEGMENT


@pytest.mark.parametrize(
    "name",
    [
        "",
        "../../source/{asset}/original.mp4",
        "..%2f..%2fsource%2f{asset}%2foriginal.mp4",
        "%2e%2e/%2e%2e/source/{asset}/original.mp4",
        "..%252f..%252fsource/{asset}/original.mp4",
        "....//....//source/{asset}/original.mp4",
        "..\\..\\source\\{asset}\\original.mp4",
        "/source/{asset}/original.mp4",
        "source/{asset}/original.mp4",
        "original.mp4",
        "v360/1.m4s/",
        "v360/1.m4s%00.mp4",
        "v360//1.m4s",
        "./master.m3u8",
        "master.m3u8.exe",
        "master.M3U8",
        "v360/2.m4s",
        "v360/",
        "a" * 5000 + ".m4s",
        "master.m3u8%0A",
    ],
)
def test_no_path_leads_out_of_the_package(film: VideoAsset, start: Any, name: str) -> None:
    base = path_of(start()["streamUrl"]).removesuffix("master.m3u8")
    answer = Client().get(base + name.format(asset=film.pk))
    assert answer.status_code in {403, 404}, answer
    assert b"original" not in answer.content


def test_the_original_has_no_url_at_all(film: VideoAsset) -> None:
    for path in (
        f"/{film.source_key}",
        f"/public/{film.source_key}",
        f"/public/../{film.source_key}",
        f"/hls/x/{film.source_key}",
    ):
        assert Client().get(path).status_code in {403, 404}


def test_every_flipped_character_of_the_path_is_refused(start: Any) -> None:
    path = path_of(start()["streamUrl"])
    token = path.split("/")[2]
    for place in range(len(token)):
        other = "A" if token[place] != "A" else "B"
        altered = token[:place] + other + token[place + 1 :]
        answer = Client().get(path.replace(token, altered))
        assert answer.status_code in {403, 404}, place
        assert b"#EXTM3U" not in answer.content


def test_an_expired_token_says_so(start: Any) -> None:
    token = verify(path_of(start()["streamUrl"]).split("/")[2], now=timezone.now())
    old = sign(replace(token, expires_at=timezone.now() - timedelta(seconds=1)))
    answer = fetch(f"http://testserver/hls/{old}/master.m3u8")
    assert (answer.status_code, answer.json()["code"]) == (403, "token_expired")
    assert answer["Cache-Control"] == "no-store"


def test_a_token_opens_one_package_of_one_asset(
    film: VideoAsset, start: Any, make_asset: Any
) -> None:
    """Refuse other assets and packages under this token."""
    token = verify(path_of(start()["streamUrl"]).split("/")[2], now=timezone.now())
    storage.put_bytes(f"media/{film.pk}/2/master.m3u8", b"#EXTM3U 2", content_type="x")
    for forged in (replace(token, package_number=2), replace(token, asset_id=uuid4())):
        payload = sign(forged).split(".")[1]
        genuine = sign(token).split(".")
        answer = fetch(f"http://x/hls/{genuine[0]}.{payload}.{genuine[2]}/master.m3u8")
        assert (answer.status_code, answer.json()["code"]) == (403, "token_invalid")


# ── Taken away: the very next segment is refused ────────────────────────────────────────

TAKEN: dict[str, Callable[[Any, VideoAsset], None]] = {
    "signed out": lambda user, film: user_sessions_revoke(user, reason="signed_out"),
    "banned": lambda user, film: user_ban(user, reason="sharing"),
    "unpublished": lambda user, film: void(movie_unpublish(film.movie)),
    "plan ended": lambda user, film: subscription_end(user),
    "plan lowered": lambda user, film: void(
        subscription_grant(user, plan=Plan.BASIC, until=timezone.now() + timedelta(days=1))
    ),
}


def void(_: object) -> None:
    return None


@pytest.mark.parametrize("how", TAKEN)
@pytest.mark.django_db(transaction=True)
def test_revoked_playback_stops_at_the_next_segment(
    film: VideoAsset, start: Any, premium_viewer: Any, how: str
) -> None:
    url = start()["streamUrl"]
    assert fetch(url).status_code == 200  # and the edge's cache is warm
    TAKEN[how](premium_viewer, film)
    answer = fetch(url)
    assert (answer.status_code, answer.json()["code"]) == (403, "no_entitlement")


def test_the_session_of_a_token_outlives_a_flushed_cache(start: Any) -> None:
    url = start()["streamUrl"]
    cache.clear()
    assert fetch(url).status_code == 200


# ── Heartbeats ──────────────────────────────────────────────────────────────────────────


def beat(api: Any, film: VideoAsset, **body: Any) -> Any:
    return api.post(f"/api/v1/movies/{film.movie_id}/watch", {"progress": 12.7} | body)


def test_a_heartbeat_notes_progress_and_renews_the_token(
    film: VideoAsset, start: Any, premium_api: Any, premium_viewer: Any
) -> None:
    body = start()
    answer = beat(premium_api, film, sessionId=body["session"]["id"])
    assert answer.status_code == 200
    assert (answer.json()["progress"], answer.json()["completed"]) == (12, False)
    assert fetch(answer.json()["streamUrl"]).status_code == 200
    assert WatchHistory.objects.get(user=premium_viewer).progress == 12
    assert start()["resumeAt"] == 12  # on another device as well


def test_a_heartbeat_after_the_token_ran_out_goes_on(
    film: VideoAsset, start: Any, premium_api: Any, settings: Any
) -> None:
    settings.STREAM_TOKEN_GRACE_SECONDS = -60
    body = start()
    assert fetch(body["streamUrl"]).json()["code"] == "token_expired"
    settings.STREAM_TOKEN_GRACE_SECONDS = 60
    renewed = beat(premium_api, film, sessionId=body["session"]["id"]).json()
    assert fetch(renewed["streamUrl"]).status_code == 200


def test_progress_without_a_session_is_progress_only(film: VideoAsset, premium_api: Any) -> None:
    assert beat(premium_api, film).json() == {"progress": 12, "completed": False}


def test_another_viewers_session_is_not_found(
    film: VideoAsset, start: Any, other_admin_api: Any
) -> None:
    session = start()["session"]["id"]
    assert beat(other_admin_api, film, sessionId=session).status_code == 404
    assert beat(other_admin_api, film, sessionId=str(uuid4())).status_code == 404


def test_a_heartbeat_without_the_plan_ends_playback_at_the_edge(
    film: VideoAsset, start: Any, premium_api: Any
) -> None:
    body = start()
    Movie.objects.filter(pk=film.movie_id).update(blocked_countries=["", "UG"])
    refused = beat(premium_api, film, sessionId=body["session"]["id"])
    assert (refused.status_code, refused.json()["code"]) == (403, "region_blocked")
    assert fetch(body["streamUrl"]).json()["code"] == "no_entitlement"


@pytest.mark.parametrize("progress", [-1, "x", None, 10**40, float("1e300"), [], {}])
def test_progress_that_is_none_is_refused(
    film: VideoAsset, premium_api: Any, premium_viewer: Any, progress: Any
) -> None:
    answer = beat(premium_api, film, progress=progress)
    assert answer.status_code == 400
    assert not WatchHistory.objects.filter(user=premium_viewer).exists()


# ── Streams at once ─────────────────────────────────────────────────────────────────────


def test_a_stream_too_many_is_refused_until_another_ends(
    film: VideoAsset, premium_viewer: Any, api_as: Any, settings: Any
) -> None:
    settings.STREAM_LIMITS = {"PREMIUM": 2}
    phone, laptop, tv = (api_as(premium_viewer) for _ in range(3))
    url = f"/api/v1/movies/{film.movie_id}/stream"
    first = phone.get(url).json()["session"]["id"]
    assert laptop.get(url).status_code == 200
    refused = tv.get(url)
    assert (refused.status_code, refused.json()["code"]) == (403, "stream_limit")
    assert beat(phone, film, sessionId=first, ended=True).status_code == 200
    assert tv.get(url).status_code == 200


def test_a_refused_start_keeps_the_running_stream(
    film: VideoAsset, premium_viewer: Any, api_as: Any, settings: Any
) -> None:
    """Keep the running tab when a second tab on the device is refused."""
    settings.STREAM_LIMITS = {"PREMIUM": 2}
    phone, tv, laptop = (api_as(premium_viewer) for _ in range(3))
    url = f"/api/v1/movies/{film.movie_id}/stream"
    mine = phone.get(url).json()["session"]["id"]
    assert {device.get(url).status_code for device in (tv, laptop)} == {200, 403}
    settings.STREAM_LIMITS = {"PREMIUM": 1}
    assert phone.get(url).status_code == 403
    assert PlaybackSession.objects.get(pk=mine).ended_at is None
    assert PlaybackSession.objects.count() == 2


def test_a_reloaded_page_does_not_stand_in_its_own_way(
    film: VideoAsset, start: Any, settings: Any
) -> None:
    settings.STREAM_LIMITS = {"PREMIUM": 1}
    assert start()["session"]["id"] != start()["session"]["id"]


def test_two_tabs_of_one_sign_in_cannot_pass_the_limit(
    film: VideoAsset, start: Any, premium_api: Any, settings: Any
) -> None:
    settings.STREAM_LIMITS = {"PREMIUM": 1}
    first = start()
    start()
    refused = beat(premium_api, film, sessionId=first["session"]["id"])
    assert (refused.status_code, refused.json()["code"]) == (403, "stream_limit")
    assert fetch(first["streamUrl"]).json()["code"] == "stream_limit"


def test_a_silent_stream_counts_no_more(
    film: VideoAsset, start: Any, premium_api: Any, settings: Any
) -> None:
    settings.STREAM_LIMITS = {"PREMIUM": 1}
    start()
    PlaybackSession.objects.update(last_heartbeat_at=timezone.now() - timedelta(seconds=91))
    assert start()["session"]["id"]


@pytest.mark.django_db(transaction=True)
def test_two_devices_at_once_cannot_both_take_the_last_stream(
    film: VideoAsset, premium_viewer: Any, api_as: Any, settings: Any
) -> None:
    settings.STREAM_LIMITS = {"PREMIUM": 1}

    def begin(device: Any) -> int:
        try:
            return int(device.get(f"/api/v1/movies/{film.movie_id}/stream").status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(begin, [api_as(premium_viewer) for _ in range(4)])
        assert sorted(answers) == [200, 403, 403, 403]


def test_a_signed_in_decision_costs_few_queries(
    film: VideoAsset, start: Any, premium_api: Any, django_assert_num_queries: Any
) -> None:
    start()
    with django_assert_num_queries(6):
        premium_api.get(f"/api/v1/movies/{film.movie.slug}/stream")
    with django_assert_num_queries(3):
        beat(premium_api, film, sessionId=str(PlaybackSession.objects.latest("started_at").pk))


def fields_of(output: Any) -> set[str]:
    return set(output().fields)


def test_answers_match_the_schema(
    film: VideoAsset, start: Any, premium_api: Any, admin_api: Any
) -> None:
    body = start()
    assert set(body) == fields_of(outputs.StreamOutput)
    assert set(body["qualities"][0]) == fields_of(outputs.QualityOutput)
    watched = beat(premium_api, film, sessionId=body["session"]["id"]).json()
    assert set(watched) == fields_of(outputs.WatchOutput)
    video = admin_api.get(f"/api/v1/admin/videos/{film.pk}").json()
    assert set(video) == fields_of(outputs.VideoOutput)
    assert set(video["renditions"][0]) == fields_of(outputs.RungOutput)
    assert set(video["encode"]) == fields_of(outputs.EncodeOutput)


# ── Tokens that are saved ───────────────────────────────────────────────────────────────


def test_plays_of_one_sign_in_are_no_more_than_the_plan_has(
    film: VideoAsset, start: Any, settings: Any
) -> None:
    """Start plays without heartbeats, as a script would."""
    settings.STREAM_LIMITS = {"PREMIUM": 2}
    urls = [start()["streamUrl"] for _ in range(5)]
    assert [fetch(url).status_code for url in urls] == [403, 403, 403, 200, 200]
    assert fetch(urls[0]).json()["code"] == "stream_limit"


def test_a_silent_play_ends_when_another_takes_its_stream(
    film: VideoAsset, premium_viewer: Any, api_as: Any, settings: Any
) -> None:
    settings.STREAM_LIMITS = {"PREMIUM": 1}
    phone = api_as(premium_viewer)
    tv = api_as(premium_viewer)
    url = f"/api/v1/movies/{film.movie_id}/stream"
    first = phone.get(url).json()["streamUrl"]
    PlaybackSession.objects.update(last_heartbeat_at=timezone.now() - timedelta(seconds=91))
    assert fetch(first).status_code == 200
    second = tv.get(url).json()["streamUrl"]
    assert fetch(first).json()["code"] == "stream_limit"
    assert fetch(second).status_code == 200


def test_a_refused_play_ends_no_other(
    film: VideoAsset, premium_viewer: Any, api_as: Any, settings: Any
) -> None:
    settings.STREAM_LIMITS = {"PREMIUM": 1}
    phone = api_as(premium_viewer)
    tv = api_as(premium_viewer)
    url = f"/api/v1/movies/{film.movie_id}/stream"
    running = phone.get(url).json()["streamUrl"]
    assert tv.get(url).status_code == 403
    assert fetch(running).status_code == 200


def test_heartbeats_of_the_future_count_no_more(
    film: VideoAsset, premium_viewer: Any, api_as: Any, settings: Any
) -> None:
    """Set the clock back an hour."""
    settings.STREAM_LIMITS = {"PREMIUM": 1}
    phone = api_as(premium_viewer)
    tv = api_as(premium_viewer)
    url = f"/api/v1/movies/{film.movie_id}/stream"
    assert phone.get(url).status_code == 200
    PlaybackSession.objects.update(last_heartbeat_at=timezone.now() + timedelta(seconds=60))
    assert tv.get(url).status_code == 403  # the control: clocks of two nodes differ a little
    PlaybackSession.objects.update(last_heartbeat_at=timezone.now() + timedelta(hours=1))
    assert tv.get(url).status_code == 200


def test_one_url_serves_a_phone_but_not_dozens_of_addresses(
    film: VideoAsset, start: Any, settings: Any
) -> None:
    settings.TRUSTED_PROXY_COUNT = 1
    path = path_of(start()["streamUrl"])

    def status(address: str) -> int:
        return int(Client().get(path, headers={"X-Forwarded-For": address}).status_code)

    assert [status(f"41.75.1.{n}") for n in range(30)] == [200] * 12 + [403] * 18
    assert status("41.75.1.0") == 200  # who came first goes on
    other = path_of(start()["streamUrl"])
    homes = [f"2001:db8::{n:x}" for n in range(1, 31)]
    answers = {Client().get(other, headers={"X-Forwarded-For": home}).status_code for home in homes}
    assert answers == {200}


@pytest.mark.parametrize("progress", [121, 10_000_000, "NaN", "inf"])
def test_a_position_past_the_end_is_refused(
    film: VideoAsset, start: Any, premium_api: Any, premium_viewer: Any, progress: Any
) -> None:
    session = start()["session"]["id"]
    for known in ({"sessionId": session}, {}):
        assert beat(premium_api, film, progress=progress, **known).status_code == 400
    assert not WatchHistory.objects.filter(user=premium_viewer).exists()
    assert beat(premium_api, film, progress=119, sessionId=session).status_code == 200


def test_progress_needs_the_plan_with_a_session_or_without(
    film: VideoAsset, start: Any, free_api: Any, viewer: Any
) -> None:
    for body in ({}, {"ended": True, "sessionId": start()["session"]["id"]}):
        assert beat(free_api, film, **body).status_code in {403, 404}
    assert not WatchHistory.objects.filter(user=viewer).exists()
