"""Steps of an encode in their order, and the choice of the asset that viewers get."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Notification, User
from kushfilms.core.errors import WrongState
from streaming.models import (
    AssetStatus,
    Encode,
    EncodeState,
    Package,
    PackageStage,
    Tier,
    VideoAsset,
    WorkKind,
    WorkState,
)
from streaming.selectors.encodes import encode_progress, encode_report
from streaming.services.encodes import (
    encode_advance,
    encode_finish,
    encode_give_up,
    encode_retry,
    encode_start,
    package_go_live,
)
from streaming.services.ledger import WorkFailure
from streaming.tests.conftest import MakeAsset, pieces

MakeEncode = Callable[..., Encode]


def do(encode: Encode, kind: WorkKind, tier: Tier = Tier.LOW) -> None:
    """Mark every piece of a kind as done."""
    encode.work.filter(kind=kind, tier=tier).update(state=WorkState.DONE, progress=1)
    encode_advance(encode)


def package(encode: Encode, number: int, stage: PackageStage = PackageStage.FULL) -> Package:
    return Package.objects.create(
        asset=encode.asset, encode=encode, number=number, stage=stage, verified_at=timezone.now()
    )


def test_the_film_opens_early_and_is_finished_after_its_high_rungs(
    planned_encode: MakeEncode,
) -> None:
    encode = planned_encode(chunks=1)
    do(encode, WorkKind.AUDIO)
    assert pieces(encode) == {("VIDEO", "LOW", 0), ("VIDEO", "HIGH", 0)}
    do(encode, WorkKind.VIDEO)
    early = {("STILLS", "LOW", 0), ("PACKAGE", "LOW", 0)}
    assert pieces(encode) == {("VIDEO", "HIGH", 0), *early}
    do(encode, WorkKind.VIDEO, Tier.HIGH)
    assert pieces(encode) == early
    do(encode, WorkKind.STILLS)
    do(encode, WorkKind.PACKAGE)
    assert pieces(encode) == {("PACKAGE", "HIGH", 0)}
    encode.asset.refresh_from_db()
    assert encode.asset.status == AssetStatus.PACKAGING


def test_a_film_with_low_rungs_only_is_packaged_once(planned_encode: MakeEncode) -> None:
    encode = planned_encode(chunks=1, high=False)
    do(encode, WorkKind.AUDIO)
    do(encode, WorkKind.VIDEO)
    assert pieces(encode) == {("STILLS", "LOW", 0)}
    do(encode, WorkKind.STILLS)
    assert pieces(encode) == {("PACKAGE", "HIGH", 0)}


def test_going_live_opens_the_film_and_retires_the_package_before(
    planned_encode: MakeEncode,
) -> None:
    encode = planned_encode()
    early = package(encode, 1, PackageStage.EARLY)
    package_go_live(encode, early)
    full = package(encode, 2)
    package_go_live(encode, full)
    asset = VideoAsset.objects.get(pk=encode.asset_id)
    early.refresh_from_db()
    assert asset.live_package == full
    assert asset.is_current
    assert early.retired_at is not None
    assert (asset.movie.playable, asset.movie.duration) == (True, 60)
    assert encode.playable_at is not None


def test_a_new_upload_becomes_current_once_playable_and_an_old_one_never_again(
    planned_encode: MakeEncode, make_asset: MakeAsset
) -> None:
    old = planned_encode()
    package_go_live(old, package(old, 1))
    newer = encode_start(make_asset(movie=old.asset.movie))
    assert VideoAsset.objects.get(pk=old.asset_id).is_current
    package_go_live(newer, package(newer, 1))
    assert not VideoAsset.objects.get(pk=old.asset_id).is_current
    package_go_live(old, package(old, 2))  # a late re-encode of the old file
    assert VideoAsset.objects.get(pk=newer.asset_id).is_current


def test_the_uploader_hears_of_the_end(planned_encode: MakeEncode, admin: User) -> None:
    encode = planned_encode(uploaded_by=admin)
    encode_finish(encode)
    note = Notification.objects.get(user=admin)
    assert note.title == "“Kampala” is ready"
    assert str(encode.asset.movie_id) in note.action_url
    assert encode.asset.status == AssetStatus.READY


def test_a_failed_encode_goes_on_where_it_stopped(planned_encode: MakeEncode) -> None:
    encode = planned_encode(chunks=2)
    do(encode, WorkKind.VIDEO)
    encode_give_up(encode, WorkFailure("tool_killed", "Interrupted."))
    resumed = encode_retry(encode.asset)
    assert resumed.pk == encode.pk
    assert resumed.state == EncodeState.RUNNING
    assert pieces(resumed) == {("AUDIO", "LOW", 0), ("VIDEO", "HIGH", 0), ("VIDEO", "HIGH", 1)}
    encode.asset.refresh_from_db()
    assert (encode.asset.status, encode.asset.error_code) == (AssetStatus.ENCODING, "")


def test_a_failed_probe_begins_from_the_source(make_asset: MakeAsset) -> None:
    encode = encode_start(make_asset())
    encode_give_up(encode, WorkFailure("not_a_video", "Not a video.", retryable=False))
    again = encode_retry(encode.asset)
    assert again.pk != encode.pk
    assert pieces(again) == {("PROBE", "LOW", 0)}


def test_one_encode_at_a_time_and_none_before_the_upload(make_asset: MakeAsset) -> None:
    asset = make_asset()
    encode_start(asset)
    for begin in (encode_start, encode_retry):
        with pytest.raises(WrongState) as refused:
            begin(asset)
        assert refused.value.error_code == "encode_running"
    with pytest.raises(WrongState) as refused:
        encode_start(make_asset(status=AssetStatus.AWAITING_UPLOAD))
    assert refused.value.error_code == "not_uploaded"


def test_progress_is_the_share_of_the_work(planned_encode: MakeEncode) -> None:
    encode = planned_encode(chunks=2)
    assert encode_progress(encode.pk) == pytest.approx(1 / 6)  # the probe of six equal pieces
    encode.work.filter(kind=WorkKind.VIDEO, tier=Tier.LOW).update(progress=0.5)
    assert encode_progress(encode.pk) == pytest.approx(2 / 6)


def test_time_left_is_that_of_work_not_of_waiting(planned_encode: MakeEncode) -> None:
    """Ignore hours without power, or behind other films, in the estimate."""
    now = timezone.now()
    encode = planned_encode(chunks=2)
    Encode.objects.filter(pk=encode.pk).update(started_at=now - timedelta(hours=9))
    encode.work.update(weight=10)
    unknown = encode_report(encode.asset)
    assert unknown is not None
    assert unknown.seconds_left is None
    first = encode.work.filter(kind=WorkKind.VIDEO)[:1]
    encode.work.filter(pk__in=first.values("pk")).update(
        state=WorkState.DONE, progress=1, started_at=now - timedelta(seconds=30), finished_at=now
    )
    report = encode_report(encode.asset)
    assert report is not None
    assert report.seconds_left == 30 * encode.work.exclude(state=WorkState.DONE).count()
    encode.work.filter(state=WorkState.READY).update(
        state=WorkState.RUNNING, lease_expires_at=now + timedelta(minutes=1), progress=0.5
    )
    report = encode_report(encode.asset)
    assert report is not None
    assert report.seconds_left == 15
