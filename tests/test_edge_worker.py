"""CDN edge, run by Node, against our own edge: both read tokens that Python signs."""

import json
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from dev.stack.frontend import node
from kushfilms.core import storage
from kushfilms.core.pictures import picture_keys
from streaming.services.playback_sessions import REVOKED_KEY, revocations_publish
from streaming.signing import StreamToken, sign
from streaming.views import edge_addresses
from streaming.views.edge import CONTENT_TYPES, MESSAGES

WORKER = Path(__file__).parent.parent / "deploy" / "edge" / "worker.js"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
TOKEN = StreamToken(
    asset_id=UUID("0e984725-c51c-4bf4-9960-e1c80e27aba0"),
    package_number=258,
    viewer_id=UUID(int=2),
    session_id=UUID("16fd2706-8baf-433b-82eb-8c7fada847da"),
    expires_at=NOW + timedelta(hours=1),
)
SCRIPT = """
import {{ resolve }} from {worker};
const [paths, secret, now, revoked] = JSON.parse(process.argv[1]);
const MEDIA = {{ get: async (key) => ({{ json: async () => revoked }}) }};
const answers = [];
for (const path of paths) {{
  const found = await resolve(path, {{ CDN_SIGN_SECRET: secret, MEDIA }}, now * 1000);
  answers.push(found.key ?? [found.answer.status, (await found.answer.json()).code]);
}}
console.log(JSON.stringify(answers));
"""

# The bucket as R2 answers: a range beyond the end and an outage are thrown.
WHOLE = """
import worker, {{ TYPES, MESSAGES }} from {worker};
const [requests, secret, objects] = JSON.parse(process.argv[1]);
const kept = new Map();
let down = [];
globalThis.caches = {{ default: {{
  match: async (key) => {{
    if (down.includes("cache")) throw new Error("cache");
    const had = kept.get(key.url);
    return had && !key.headers.get("Range") ? new Response(had.body, had) : undefined;
  }},
  put: async (key, answer) => {{
    const body = await answer.arrayBuffer();
    kept.set(key.url, {{ body, status: answer.status, headers: [...answer.headers] }});
  }},
}} }};
const find = (key) => {{
  if (down.includes(key) || down.includes("bucket")) throw new Error("We encountered an internal error (10001)");
  return objects[key];
}};
const MEDIA = {{
  head: async (key) => {{ const text = find(key); return text === undefined ? null : {{ size: text.length }}; }},
  get: async (key, options) => {{
    const text = find(key);
    if (text === undefined) return null;
    const range = options?.range ?? {{ offset: 0 }};
    const first = range.suffix === undefined ? range.offset : Math.max(0, text.length - range.suffix);
    if (first >= text.length || range.suffix === 0) throw new Error("The requested range is not satisfiable (10039)");
    const body = text.slice(first, range.length === undefined ? undefined : first + range.length);
    return {{ size: text.length, httpEtag: '"e"', body, json: async () => JSON.parse(text) }};
  }},
}};
const answers = [];
for (const [method, path, range, failing] of requests) {{
  down = failing;
  const waiting = [];
  const context = {{ waitUntil: (promise) => waiting.push(promise) }};
  const request = new Request("https://cdn.test" + path, {{ method, headers: range ? {{ Range: range }} : {{}} }});
  const answer = await worker.fetch(request, {{ CDN_SIGN_SECRET: secret, MEDIA }}, context);
  answers.push([answer.status, Object.fromEntries(answer.headers), await answer.text()]);
  await Promise.all(waiting);
}}
console.log(JSON.stringify({{ answers, TYPES, MESSAGES }}));
"""  # noqa: E501
CORS = ("access-control-allow-origin", "*")


def run_worker(
    requests: list[tuple[str, str, str, list[str]]],
    *,
    secret: str = "",
    objects: dict[str, str] | None = None,
) -> dict[str, Any]:
    script = WHOLE.format(worker=json.dumps(WORKER.as_uri()))
    question = json.dumps([requests, secret, objects or {}])
    done = subprocess.run(
        [node(), "--input-type=module", "-e", script, question],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def ask_worker(
    paths: list[str], *, secret: str, revoked: dict[str, str] | None = None
) -> list[Any]:
    script = SCRIPT.format(worker=json.dumps(WORKER.as_uri()))
    question = json.dumps([paths, secret, NOW.timestamp(), revoked or {}])
    done = subprocess.run(
        [node(), "--input-type=module", "-e", script, question],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    answers: list[Any] = json.loads(done.stdout)
    return answers


@pytest.fixture
def secret(settings: Any) -> str:
    settings.CDN_SIGN_SECRET = "k2:" + "new" * 12 + ",k1:" + "old" * 12
    return str(settings.CDN_SIGN_SECRET)


def test_both_edges_read_a_token_the_same(secret: str, settings: Any) -> None:
    raw = sign(TOKEN)
    settings.CDN_SIGN_SECRET = "k1:" + "old" * 12
    under_old_key = sign(TOKEN)
    expired = sign(replace(TOKEN, expires_at=NOW))
    cases: dict[str, Any] = {
        f"/hls/{raw}/master.m3u8": f"{TOKEN.prefix}master.m3u8",
        f"/hls/{raw}/v360/12.m4s": f"{TOKEN.prefix}v360/12.m4s",
        f"/hls/{under_old_key}/master.m3u8": f"{TOKEN.prefix}master.m3u8",
        f"/hls/{expired}/master.m3u8": [403, "token_expired"],
        f"/hls/{raw[:-1]}_/master.m3u8": [403, "token_invalid"],
        f"/hls/x{raw[1:]}/master.m3u8": [403, "token_invalid"],
        "/hls/a.b.c/master.m3u8": [403, "token_invalid"],
        f"/hls/{raw}/../../source/a/original.mp4": [404, "not_found"],
        f"/hls/{raw}/%2e%2e/original.mp4": [404, "not_found"],
        f"/hls/{raw}/master.exe": [404, "not_found"],
        "/source/a/original.mp4": [404, "not_found"],
        "/public/demo/a/poster.webp": "public/demo/a/poster.webp",
        "/public/../source/original.mp4": [404, "not_found"],
    }
    assert dict(zip(cases, ask_worker(list(cases), secret=secret), strict=True)) == cases


def test_every_altered_character_is_refused(secret: str) -> None:
    raw = sign(TOKEN)
    altered = [raw[:n] + ("A" if raw[n] != "A" else "B") + raw[n + 1 :] for n in range(len(raw))]
    answers = ask_worker([f"/hls/{token}/master.m3u8" for token in altered], secret=secret)
    assert all(answer == [403, "token_invalid"] for answer in answers)


def test_a_revoked_session_is_refused_with_its_reason(secret: str) -> None:
    path = f"/hls/{sign(TOKEN)}/master.m3u8"
    revoked = {str(TOKEN.session_id): "stream_limit"}
    assert ask_worker([path], secret=secret, revoked=revoked) == [[403, "stream_limit"]]


@pytest.mark.django_db
def test_what_django_publishes_is_what_the_worker_reads(
    premium_viewer: Any, movie_factory: Any, api_as: Any
) -> None:
    from streaming.models import Encode, Package, PlaybackSession, VideoAsset

    movie = movie_factory()
    asset = VideoAsset.objects.create(
        movie=movie, filename="a.mp4", source_key="source/a/original.mp4", source_size=1
    )
    package = Package.objects.create(
        asset=asset, encode=Encode.objects.create(asset=asset), number=1, stage="FULL"
    )
    api_as(premium_viewer)
    session = PlaybackSession.objects.create(
        user=premium_viewer,
        sign_in=premium_viewer.sessions.get(),
        asset=asset,
        package=package,
        revoked_at=timezone.now(),
        revoked_code="no_entitlement",
    )
    assert revocations_publish() == 1
    assert json.loads(storage.get_bytes(REVOKED_KEY)) == {str(session.pk): "no_entitlement"}


# ── The whole worker, over a bucket that answers and fails as R2 does ───────────────────

POSTER = "/public/posters/x/AbC-x160x240x400-160.avif"
BYTES = "0123456789"


def test_both_edges_know_the_same_types_and_messages() -> None:
    told = run_worker([])
    assert told["TYPES"] == CONTENT_TYPES
    assert told["MESSAGES"] == MESSAGES


def test_every_kind_of_file_we_store_has_a_type_at_the_edge() -> None:
    """Compare with the file types in the code that stores pictures and packages."""
    key = "public/p/AbC-x160x400.webp"
    names = {name.rpartition(".")[2] for name in picture_keys(key)}
    assert names == {"avif", "webp", "jpg"}
    assert names | {"m3u8", "mpd", "m4s", "mp4", "vtt"} == CONTENT_TYPES.keys()


def test_an_avif_picture_is_served() -> None:
    told = run_worker([("GET", POSTER, "", [])], objects={POSTER[1:]: BYTES})
    status, headers, text = told["answers"][0]
    assert (status, headers["content-type"], text) == (200, "image/avif", BYTES)


@pytest.mark.parametrize(
    ("asked", "status", "content_range", "text"),
    [
        ("bytes=2-4", 206, "bytes 2-4/10", "234"),
        ("bytes=8-", 206, "bytes 8-9/10", "89"),
        ("bytes=8-99", 206, "bytes 8-9/10", "89"),
        ("bytes=-3", 206, "bytes 7-9/10", "789"),
        ("bytes=-99", 206, "bytes 0-9/10", BYTES),
        ("bytes=10-", 416, "bytes */10", None),
        ("bytes=99-100", 416, "bytes */10", None),
        ("bytes=-0", 416, "bytes */10", None),
        ("bytes=4-2", 200, None, BYTES),
        ("bytes=0-1,4-5", 200, None, BYTES),
        ("bytes=-", 200, None, BYTES),
        ("lines=1-2", 200, None, BYTES),
    ],
)
@pytest.mark.parametrize("edge", ["worker", "django"])
def test_ranges_at_both_edges(
    edge: str, asked: str, status: int, content_range: str | None, text: str | None
) -> None:
    if edge == "worker":
        told = run_worker([("GET", POSTER, asked, [])], objects={POSTER[1:]: BYTES})
        answered, headers, body = told["answers"][0]
        origin = headers.get("access-control-allow-origin")
        answered_range = headers.get("content-range")
    else:
        storage.put_bytes(POSTER[1:], BYTES.encode(), content_type="image/avif")
        answer: Any = Client().get(POSTER, headers={"Range": asked})
        answered, answered_range = answer.status_code, answer.headers.get("Content-Range")
        origin = answer.headers.get("Access-Control-Allow-Origin")
        body = b"".join(answer).decode()
    assert (answered, answered_range, origin) == (status, content_range, "*")
    assert text is None or body == text


def test_an_outage_of_the_bucket_leaves_what_the_cache_has(secret: str) -> None:
    token = sign(replace(TOKEN, expires_at=datetime.now(UTC) + timedelta(hours=1)))
    path, key = f"/hls/{token}/v360/1.m4s", f"{TOKEN.prefix}v360/1.m4s"
    other = f"/hls/{token}/v360/2.m4s"
    told = run_worker(
        [
            ("GET", path, "", [REVOKED_KEY]),  # the list cannot be read: it goes on without
            ("GET", path, "", ["bucket"]),  # out of the cache
            ("GET", other, "", ["bucket"]),
            ("GET", other, "bytes=0-1", ["bucket"]),
            ("GET", path, "", ["cache"]),
            ("POST", path, "", []),
        ],
        secret=secret,
        objects={key: BYTES, key.replace("1.m4s", "2.m4s"): BYTES, REVOKED_KEY: "{}"},
    )
    answers = told["answers"]
    assert [status for status, *_ in answers] == [200, 200, 503, 503, 200, 405]
    assert [text for _, _, text in answers[:2]] == [BYTES, BYTES]
    for _, headers, text in answers[2:4]:
        assert CORS in headers.items()
        assert (headers["retry-after"], headers["cache-control"]) == ("5", "no-store")
        assert json.loads(text)["code"] == "storage_unavailable"
    assert CORS in answers[5][1].items()


def test_the_last_list_of_revoked_sessions_holds_through_an_outage(secret: str) -> None:
    token = sign(replace(TOKEN, expires_at=datetime.now(UTC) + timedelta(hours=1)))
    path = f"/hls/{token}/v360/1.m4s"
    objects = {
        f"{TOKEN.prefix}v360/1.m4s": BYTES,
        REVOKED_KEY: json.dumps({str(TOKEN.session_id): "stream_limit"}),
    }
    requests = [("GET", path, "", []), ("GET", path, "", ["bucket"])]
    told = run_worker(requests, secret=secret, objects=objects)
    assert [(status, json.loads(text)["code"]) for status, _, text in told["answers"]] == [
        (403, "stream_limit"), (403, "stream_limit"),
    ]  # fmt: skip


def test_djangos_edge_answers_an_outage_of_storage_the_same(settings: Any) -> None:
    settings.R2_ENDPOINT = "http://127.0.0.1:1"
    answer = Client().get(POSTER)
    assert answer.status_code == 503
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert (answer["Retry-After"], answer["Cache-Control"]) == ("5", "no-store")
    assert answer.json()["code"] == "storage_unavailable"


# ── One URL and many addresses ──────────────────────────────────────────────────────────

ADMITTING = """
import {{ admit, MOST_ADDRESSES, ADDRESS_WINDOW_SECONDS }} from {worker};
const ask = (list, session, now) => list.map((address) => admit(session, address, now));
const phones = Array.from({{ length: 20 }}, (_, n) => `41.75.1.${{n}}`);
const homes = Array.from({{ length: 20 }}, (_, n) => `2001:db8::${{(n + 1).toString(16)}}`);
console.log(JSON.stringify({{
  figures: [MOST_ADDRESSES, ADDRESS_WINDOW_SECONDS],
  phones: ask(phones, "a", 1000), again: ask(phones.slice(0, 1), "a", 2000),
  later: ask(phones.slice(19), "a", 2000 + ADDRESS_WINDOW_SECONDS * 1000 + 1),
  homes: ask(homes, "b", 1000), unknown: ask([null], "a", 1000),
}}));
"""


def test_both_edges_admit_the_same_number_of_addresses() -> None:
    script = ADMITTING.format(worker=json.dumps(WORKER.as_uri()))
    done = subprocess.run(
        [node(), "--input-type=module", "-e", script], capture_output=True, text=True, check=True
    )
    told = json.loads(done.stdout)
    assert told["figures"] == [edge_addresses.MOST_ADDRESSES, edge_addresses.WINDOW_SECONDS]
    assert told["phones"] == [True] * 12 + [False] * 8
    assert told["again"] == told["later"] == told["unknown"] == [True]
    assert told["homes"] == [True] * 20
