"""Work directories left behind by killed workers."""

import logging
import re
import shutil
import threading
import time
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from streaming.models import WorkItem, WorkState

logger = logging.getLogger(__name__)

# `{piece}-{attempt}` is a piece of an encode, `sound-…` the packaging of added sound.
PIECE = re.compile(r"([0-9a-f-]{36})-(\d+)")
SOUND = re.compile(r"sound-\w+")
# Longer than any packaging of added audio takes, retries included.
ADDED_AUDIO_RETENTION = timedelta(days=1)
EVERY_SECONDS = 60.0
_lock = threading.Lock()
_swept_at: dict[Path, float] = {}


def directories_sweep_if_due(root: Path) -> None:
    """Sweep at a process's start and then once a minute, as a lease outlives its worker."""
    with _lock:
        if time.monotonic() - _swept_at.get(root, float("-inf")) < EVERY_SECONDS:
            return
        _swept_at[root] = time.monotonic()
    directories_sweep(root, now=timezone.now())


def directories_sweep(root: Path, *, now: datetime) -> int:
    """Delete directories that no live lease owns; return how many. Other names stay."""
    if not root.is_dir():
        return 0
    pieces = {path: match for path in root.iterdir() if (match := PIECE.fullmatch(path.name))}
    items = WorkItem.objects.filter(
        pk__in={match[1] for match in pieces.values()},
        state=WorkState.RUNNING,
        lease_expires_at__gt=now,
    )
    owned = {f"{pk}-{attempts}" for pk, attempts in items.values_list("pk", "attempts")}
    abandoned = [path for path in pieces if path.name not in owned]
    oldest = (now - ADDED_AUDIO_RETENTION).timestamp()
    for path in root.iterdir():
        with suppress(OSError):
            if SOUND.fullmatch(path.name) and path.stat().st_mtime < oldest:
                abandoned.append(path)
    for path in abandoned:
        logger.info("deleting work directory %s of a killed worker", path.name)
        shutil.rmtree(path, ignore_errors=True)
    return len(abandoned)
