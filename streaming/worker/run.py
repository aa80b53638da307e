"""One turn of a worker: claim a piece, work on it, report its end."""

import errno
import logging
import resource
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone

from kushfilms.core.leases import LeaseLost
from kushfilms.core.storage import ObjectMissing, StorageError
from streaming.encoding.errors import EncodingError, ErrorCode
from streaming.models import AssetKind, Encode, WorkItem, WorkKind
from streaming.services import ledger
from streaming.services.encodes import encode_give_up
from streaming.services.ledger import WorkFailure
from streaming.worker.added_audio import (
    follow_added_audio,
    follow_added_probe,
    run_added_probe,
)
from streaming.worker.audio import run_audio
from streaming.worker.context import WorkContext
from streaming.worker.directories import directories_sweep_if_due
from streaming.worker.lease import LeaseKeeper
from streaming.worker.package import follow_package, run_package
from streaming.worker.probe import follow_probe, run_probe
from streaming.worker.stills import follow_stills, run_stills
from streaming.worker.subtitles import follow_subtitle, run_subtitle
from streaming.worker.video import follow_media, run_video

logger = logging.getLogger(__name__)

RUNNERS: dict[str, Callable[[WorkContext], dict[str, Any]]] = {
    WorkKind.PROBE: run_probe,
    WorkKind.AUDIO: run_audio,
    WorkKind.SUBTITLE: run_subtitle,
    WorkKind.VIDEO: run_video,
    WorkKind.STILLS: run_stills,
    WorkKind.PACKAGE: run_package,
}
FOLLOW: dict[str, Callable[[WorkItem, dict[str, Any], Encode], None]] = {
    WorkKind.PROBE: follow_probe,
    WorkKind.AUDIO: follow_media,
    WorkKind.SUBTITLE: follow_subtitle,
    WorkKind.VIDEO: follow_media,
    WorkKind.STILLS: follow_stills,
    WorkKind.PACKAGE: follow_package,
}
# The steps for audio added to a finished film.
ADDED_AUDIO_RUNNERS = RUNNERS | {WorkKind.PROBE: run_added_probe}
ADDED_AUDIO_FOLLOW = FOLLOW | {
    WorkKind.PROBE: follow_added_probe,
    WorkKind.AUDIO: follow_added_audio,
}
FULL = {errno.ENOSPC, errno.EDQUOT}
# Texts for the uploader when no attempt is left.
FINAL_MESSAGES: dict[str, str] = {
    ErrorCode.OUT_OF_DISK: "The encoding machine has too little disk space for this film. "
    "Ask an administrator to free some, then choose “Retry”.",
    ErrorCode.TOOL_KILLED: "The encoder was stopped several times at the same place, perhaps for "
    "lack of memory. Choose “Retry”; if it happens again, export the film at a smaller size.",
    ErrorCode.TIMED_OUT: "Encoding this film took too long. Choose “Retry”.",
    ErrorCode.SOURCE_UNAVAILABLE: "The file could not be read from storage for a day. "
    "Choose “Retry”.",
}
# Long enough for a database to restart: a finished chunk is worth the wait.
REPORT_RETRY_SECONDS = 60


def work_next() -> bool:
    """Claim one piece and work on it to its end; return False when there is none."""
    directories_sweep_if_due(Path(settings.ENCODE_WORK_DIR))
    item = ledger.work_claim(now=timezone.now())
    if item is None:
        return False
    if ledger.work_exhausted(item):
        message = ledger.WORKER_DIED_MESSAGE.format(attempts=item.attempts - 1)
        _report_failure(item, WorkFailure("worker_died", message, retryable=False))
        return True
    logger.info("%s: attempt %d at %s", item.encode_id, item.attempts, item)
    try:
        output, cpu_seconds = _work(item)
    except LeaseLost:
        logger.warning("%s: lost the lease of %s", item.encode_id, item)
    except (EncodingError, StorageError, ObjectMissing, OSError) as exc:
        logger.warning("%s: %s failed: %r", item.encode_id, item, exc)
        _report_failure(item, failure_of(exc))
    else:
        is_sound = item.encode.asset.kind == AssetKind.SOUND
        follow = (ADDED_AUDIO_FOLLOW if is_sound else FOLLOW)[item.kind]
        _report(
            lambda: ledger.work_complete(
                item,
                output=output,
                cpu_seconds=cpu_seconds,
                now=timezone.now(),
                then=lambda encode: follow(item, output, encode),
            )
        )
    return True


def _work(item: WorkItem) -> tuple[dict[str, Any], float]:
    """Run the piece in a directory of its own; return its output and CPU seconds."""
    directory = Path(settings.ENCODE_WORK_DIR) / f"{item.pk}-{item.attempts}"
    directory.mkdir(parents=True, exist_ok=True)
    before = _cpu_seconds()
    try:
        with LeaseKeeper(item) as lease:
            try:
                is_sound = item.encode.asset.kind == AssetKind.SOUND
                run = (ADDED_AUDIO_RUNNERS if is_sound else RUNNERS)[item.kind]
                output = run(WorkContext(item=item, lease=lease, directory=directory))
            finally:
                lease.check()  # a failure after the lease was lost is a consequence of that
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    return output, _cpu_seconds() - before


def _cpu_seconds() -> float:
    processes = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    usage = [resource.getrusage(process) for process in processes]
    return sum(part.ru_utime + part.ru_stime for part in usage)


def _report_failure(item: WorkItem, failure: WorkFailure) -> None:
    _report(
        lambda: ledger.work_fail(item, failure=failure, now=timezone.now(), give_up=encode_give_up)
    )


def _report(write: Callable[[], None]) -> None:
    """Write a result; wait a minute for a database that is away."""
    deadline = time.monotonic() + REPORT_RETRY_SECONDS
    while True:
        try:
            return write()
        except LeaseLost as exc:
            logger.warning("lease lost before the report: %s", exc)
            return None
        except (OperationalError, InterfaceError):
            if time.monotonic() > deadline:
                raise
            close_old_connections()
            time.sleep(1)


def failure_of(exc: EncodingError | StorageError | ObjectMissing | OSError) -> WorkFailure:
    """Return a failure's consequences for the piece, and its text for the uploader."""
    if isinstance(exc, EncodingError):
        return WorkFailure(
            exc.code,
            exc.message,
            retryable=exc.retryable,
            outage=exc.code == ErrorCode.SOURCE_UNAVAILABLE,
            final_message=FINAL_MESSAGES.get(exc.code, ""),
        )
    if isinstance(exc, ObjectMissing):
        message = "A part of this film is missing from storage. Encode it again from its source."
        return WorkFailure("object_missing", message, retryable=True)
    if isinstance(exc, StorageError):
        return WorkFailure("storage_unavailable", exc.message, outage=True)
    code = ErrorCode.OUT_OF_DISK if exc.errno in FULL else ErrorCode.INTERNAL
    return failure_of(EncodingError(code, detail=repr(exc)))
