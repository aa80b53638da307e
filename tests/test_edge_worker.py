"""The CDN edge and ours agree on every token: the Worker, run by Node, reads what Python signs."""

import json
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from kushfilms.core import storage
from kushfilms.embedded.frontend import node
from streaming.services.playback import REVOKED_KEY, revocations_publish
from streaming.signing import StreamToken, sign

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
