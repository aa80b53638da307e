"""Assets and encodes in whatever state a test needs, without the encoder."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from catalog.services import movie_create
from streaming.models import AssetStatus, Encode, Tier, VideoAsset, WorkItem, WorkKind, WorkState
from streaming.services.encodes import WorkSpec, encode_start, work_add

MakeAsset = Callable[..., VideoAsset]


@pytest.fixture
def make_asset(db: None) -> MakeAsset:
    """An uploaded asset of a new film."""

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
def planned_encode(make_asset: MakeAsset) -> Callable[..., Encode]:
    """An encode past its probe: audio, and `chunks` chunks in both tiers, all to do."""

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


# ── Who calls ───────────────────────────────────────────────────────────────────────────

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
    """The ledger of an encode, without what is done."""
    rows = WorkItem.objects.filter(encode=encode).exclude(state=WorkState.DONE)
    return set(rows.values_list("kind", "tier", "position"))
