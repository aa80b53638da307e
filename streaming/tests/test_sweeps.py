"""Sweeps: objects that are deleted, and objects that must stay."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Session, SessionKind
from catalog.services.deletion import movie_delete, movie_remove
from kushfilms.core import storage
from streaming.models import Encode, EncodeState, Package, PackageStage, PlaybackSession, Trash
from streaming.services.sweeps import (
    FAILED_WORK_RETENTION,
    RETIRED_RETENTION,
    packages_sweep,
    trash_sweep,
    work_objects_sweep,
)

pytestmark = pytest.mark.django_db
MakeEncode = Callable[..., Encode]


def put(key: str) -> str:
    storage.put_bytes(key, b"x", content_type="text/plain")
    return key


def there(key: str) -> bool:
    return any(item.key == key for item in storage.list_objects(key))


def package(encode: Encode, number: int, **fields: Any) -> tuple[Package, str]:
    made = Package.objects.create(
        asset=encode.asset, encode=encode, number=number, stage=PackageStage.FULL, **fields
    )
    return made, put(f"{made.prefix}master.m3u8")


def test_a_replaced_package_stays_while_it_is_watched(
    planned_encode: MakeEncode, viewer: Any
) -> None:
    now = timezone.now()
    encode = planned_encode()
    long_ago = now - RETIRED_RETENTION - timedelta(minutes=1)
    old = {"verified_at": long_ago, "retired_at": long_ago}
    watched, watched_key = package(encode, 1, **old)
    _, forgotten_key = package(encode, 2, **old)
    _, fresh_key = package(encode, 3, verified_at=now, retired_at=now)
    _, live_key = package(encode, 4, verified_at=now)
    sign_in = Session.objects.create(
        user=viewer, kind=SessionKind.API, expires_at=now + timedelta(days=1)
    )
    PlaybackSession.objects.create(
        user=viewer, sign_in=sign_in, asset=encode.asset, package=watched, last_heartbeat_at=now
    )
    packages_sweep(now=now)
    kept = [there(key) for key in (watched_key, forgotten_key, fresh_key, live_key)]
    assert kept == [True, False, True, True]


def test_an_unfinished_package_is_deleted_after_its_encode_ends(
    planned_encode: MakeEncode,
) -> None:
    now = timezone.now()
    long_ago = now - RETIRED_RETENTION - timedelta(minutes=1)
    running = planned_encode()
    dead = planned_encode()
    Encode.objects.filter(pk=dead.pk).update(state=EncodeState.FAILED)
    _, half_made = package(running, 1, created_at=long_ago)
    _, abandoned = package(dead, 1, created_at=long_ago)
    packages_sweep(now=now)
    assert (there(half_made), there(abandoned)) == (True, False)


def test_chunks_are_deleted_with_their_encode_but_stay_for_a_retry(
    planned_encode: MakeEncode,
) -> None:
    now = timezone.now()
    encodes = [planned_encode() for _ in range(4)]
    keys = [put(f"{encode.work_prefix}video/1") for encode in encodes]
    running, done, failed, stale = encodes
    for encode, state, ended in (
        (done, EncodeState.DONE, now),
        (failed, EncodeState.FAILED, now),
        (stale, EncodeState.FAILED, now - FAILED_WORK_RETENTION - timedelta(minutes=1)),
    ):
        Encode.objects.filter(pk=encode.pk).update(state=state, finished_at=ended)
    work_objects_sweep(now=now)
    assert [there(key) for key in keys] == [True, False, True, False]
    assert running.asset.encodes.get().swept_at is None


def test_a_deleted_film_leaves_nothing_in_storage(planned_encode: MakeEncode) -> None:
    gone = planned_encode()
    stays = planned_encode()
    of = {
        encode.pk: [
            put(encode.asset.source_key),
            package(encode, 1)[1],
            put(f"{encode.work_prefix}video/1"),
            put(f"public/stills/{encode.asset.movie_id}/a/poster.webp"),
            put(f"tracks/{encode.asset_id}/lines.vtt"),
        ]
        for encode in (gone, stays)
    }
    movie_delete(gone.asset.movie, now=timezone.now())
    assert not Trash.objects.exists()  # all of it stays as long as the film can be restored
    assert movie_remove(gone.asset.movie_id)
    assert Trash.objects.count() == 5
    trash_sweep()
    assert [there(key) for key in of[gone.pk]] == [False] * 5
    assert [there(key) for key in of[stays.pk]] == [True] * 5
    assert not Trash.objects.exists()
