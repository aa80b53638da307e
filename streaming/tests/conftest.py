"""Assets and encodes in any state a test needs, without the encoder."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from catalog.services.films import movie_create
from streaming.encoding.tests import clips
from streaming.models import (
    AssetStatus,
    Encode,
    Tier,
    VideoAsset,
    WorkItem,
    WorkKind,
    WorkState,
)
from streaming.services.encodes import WorkSpec, encode_start, work_add
from streaming.services.ingest import send_file
from streaming.tests.stored_packages import finish
from streaming.worker.run import work_next

MakeAsset = Callable[..., VideoAsset]
Send = Callable[[Path], VideoAsset]


@pytest.fixture
def make_asset(db: None) -> MakeAsset:
    """Return a maker of uploaded assets, each of a new film."""

    def make(
        *, uploaded_by: User | None = None, title: str = "Kampala", **fields: object
    ) -> VideoAsset:
        values: dict[str, object] = {
            "status": AssetStatus.UPLOADED,
            "filename": "kampala.mp4",
            "source_key": f"source/{uuid4()}/original.mp4",
            "source_size": 1000,
            "duration_seconds": 60.0,
        }
        values |= {"movie": fields.pop("movie", None) or movie_create(title=title)}
        return VideoAsset.objects.create(uploaded_by=uploaded_by, **values | fields)

    return make


@pytest.fixture
def finished(make_asset: Any) -> VideoAsset:
    """Return a film of a minute whose package holds only its record."""
    asset: VideoAsset = make_asset()
    finish(asset)
    return asset


@pytest.fixture
def planned_encode(make_asset: MakeAsset) -> Callable[..., Encode]:
    """Return a maker of probed encodes: audio, and `chunks` chunks in both tiers, all to do."""

    def make(*, chunks: int = 2, high: bool = True, **asset: object) -> Encode:
        encode = encode_start(make_asset(**asset))
        encode.work.filter(kind=WorkKind.PROBE).update(state=WorkState.DONE, progress=1)
        encode.plan = {"planned": True}
        encode.save()
        tiers = [Tier.LOW, Tier.HIGH] if high else [Tier.LOW]
        work_add(
            encode,
            [
                WorkSpec(WorkKind.AUDIO),
                *(
                    WorkSpec(WorkKind.VIDEO, tier, position)
                    for tier in tiers
                    for position in range(chunks)
                ),
            ],
        )
        return encode

    return make


# ── API clients ─────────────────────────────────────────────────────────────────────────

SignIn = Callable[[User], APIClient]


@pytest.fixture
def admin_api(admin: User, api_as: SignIn) -> APIClient:
    return api_as(admin)


@pytest.fixture
def other_admin_api(super_admin: User, api_as: SignIn) -> APIClient:
    return api_as(super_admin)


@pytest.fixture
def free_api(viewer: User, api_as: SignIn) -> APIClient:
    return api_as(viewer)


@pytest.fixture
def basic_api(basic_viewer: User, api_as: SignIn) -> APIClient:
    return api_as(basic_viewer)


@pytest.fixture
def premium_api(premium_viewer: User, api_as: SignIn) -> APIClient:
    return api_as(premium_viewer)


def pieces(encode: Encode) -> set[tuple[str, str, int]]:
    """Return the pieces of an encode that are not done."""
    rows = WorkItem.objects.filter(encode=encode).exclude(state=WorkState.DONE)
    return set(rows.values_list("kind", "tier", "position"))


# ── The whole pipeline, with the real encoder ───────────────────────────────────────────


@pytest.fixture(scope="session")
def small_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make 3 s at 480p with sound and a subtitle: enough for both tiers."""
    folder = tmp_path_factory.mktemp("small")
    subtitles = folder / "lines.srt"
    subtitles.write_text(clips.SRT)
    return clips.make(
        folder / "small.mkv",
        *clips.picture(size="640x480", rate="12"), *clips.sound(), "-i", str(subtitles),
        *clips.X264, *clips.AAC, "-c:s", "srt", "-metadata:s:a:0", "language=lug",
    )  # fmt: skip


@pytest.fixture
def send(admin: User, settings: Any, tmp_path: Path) -> Send:
    settings.ENCODE_WORK_DIR = tmp_path / "work"

    def upload(path: Path) -> VideoAsset:
        movie = movie_create(title="Nnalongo", publish_when_ready=True)
        return send_file(path, uploader_id=admin.pk, movie_id=movie.pk, sent=lambda _: None)

    return upload


def run_ledger(*, until: Callable[[], bool] = lambda: False) -> None:
    """Run the ledger's pieces until none is left, without the pauses between attempts."""
    while not until():
        WorkItem.objects.filter(state=WorkState.READY).update(not_before="2020-01-01T00:00Z")
        if not work_next():
            return
