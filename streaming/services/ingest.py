"""Upload of a local file, in the steps a browser takes: announce, send parts, resume, complete."""

import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import urllib3

from kushfilms.core.storage import StorageError
from streaming.models import AssetStatus, VideoAsset
from streaming.services.uploads import (
    URL_LIFETIME,
    UploadTicket,
    expected_sizes,
    upload_begin,
    upload_complete,
    upload_resume,
)

# A part that fails is sent again after a pause that doubles: about four minutes of outage.
RETRIES = urllib3.Retry(
    total=8, backoff_factor=1, status_forcelist=(500, 502, 503, 504), allowed_methods={"PUT"}
)
TIMEOUT = urllib3.Timeout(connect=5, read=300)


def send_file(
    path: Path, *, uploader_id: UUID, movie_id: UUID | None, sent: Callable[[int], object]
) -> VideoAsset:
    """Upload and complete; `sent` gets the size of each run of bytes, an earlier try's included.

    Raises:
        KushError: as `upload_begin` and `upload_complete` raise it.
        StorageError: storage refused or stayed away.
    """
    size = path.stat().st_size
    interrupted = VideoAsset.objects.filter(
        uploaded_by_id=uploader_id,
        filename=path.name,
        source_size=size,
        status=AssetStatus.AWAITING_UPLOAD,
    ).exclude(upload_id="")
    if movie_id is not None:
        interrupted = interrupted.filter(movie_id=movie_id)
    if earlier := interrupted.order_by("-created_at").first():
        ticket = upload_resume(earlier)
    else:
        ticket = upload_begin(
            uploader_id=uploader_id,
            filename=path.name,
            content_type="",
            size=size,
            movie_id=movie_id,
        )
    pool = urllib3.PoolManager(timeout=TIMEOUT, retries=RETRIES)
    if ticket.upload_url:
        _put(pool, ticket.upload_url, path.read_bytes())
        sent(ticket.asset.source_size)
    else:
        _send_parts(pool, path, ticket, sent)
    return upload_complete(ticket.asset)


def _send_parts(
    pool: urllib3.PoolManager, path: Path, ticket: UploadTicket, sent: Callable[[int], object]
) -> None:
    sizes = expected_sizes(ticket.asset)
    sent(sum(part.size_bytes for part in ticket.arrived))
    signed_at = time.monotonic()
    waiting = list(ticket.missing)
    with path.open("rb") as file:
        while waiting:
            if time.monotonic() - signed_at > URL_LIFETIME.total_seconds() / 2:
                # The first URLs would expire before a long film is sent.
                signed_at = time.monotonic()
                waiting = list(upload_resume(ticket.asset).missing)
            part = waiting.pop(0)
            file.seek((part.number - 1) * ticket.asset.upload_part_size)
            _put(pool, part.url, file.read(sizes[part.number]))
            sent(sizes[part.number])


def _put(pool: urllib3.PoolManager, url: str, data: bytes) -> None:
    try:
        response = pool.request("PUT", url, body=data)
    except urllib3.exceptions.HTTPError as exc:
        raise StorageError("Storage cannot be reached. Run the command again to resume.") from exc
    if response.status >= 300:
        raise StorageError(f"Storage refused the file: HTTP {response.status}.")
