"""Work directories: those of killed workers are deleted, those of live ones stay."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from streaming.models import WorkState
from streaming.worker.directories import directories_sweep

pytestmark = pytest.mark.django_db


def test_directories_without_a_live_lease_go(planned_encode: Any, tmp_path: Path) -> None:
    now = timezone.now()
    alive, dead, done = planned_encode(chunks=3, high=False).work.filter(kind="VIDEO")
    for item, state, lease in (
        (alive, WorkState.RUNNING, now + timedelta(seconds=30)),
        (dead, WorkState.RUNNING, now - timedelta(seconds=1)),
        (done, WorkState.DONE, None),
    ):
        type(item).objects.filter(pk=item.pk).update(
            state=state, attempts=2, lease_expires_at=lease, lease_owner="w" if lease else ""
        )
    kept = {f"{alive.pk}-2", "notes", "sound-new", "lost+found"}
    gone = {f"{alive.pk}-1", f"{dead.pk}-2", f"{done.pk}-2", "sound-old"}
    for name in kept | gone:
        (tmp_path / name).mkdir()
        (tmp_path / name / "chunk.mp4").write_bytes(b"x")
    long_ago = (now - timedelta(days=2)).timestamp()
    os.utime(tmp_path / "sound-old", (long_ago, long_ago))
    assert directories_sweep(tmp_path, now=now) == len(gone)
    assert {path.name for path in tmp_path.iterdir()} == kept
    assert directories_sweep(tmp_path / "nowhere", now=now) == 0
