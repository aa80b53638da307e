"""Uploads of films: announced, sent in parts, resumed, checked.

The file never passes through Django: the browser (or `manage.py ingest`) sends it straight to
storage with signed URLs. Storage, not the client, is the source for what has arrived.
"""

import math
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.services.audit import audit_write
from catalog.models import Movie
from catalog.services.films import movie_create
from kushfilms.core import storage
from kushfilms.core.errors import (
    Denied,
    InvalidInput,
    NotFound,
    TooLarge,
    UnsupportedMedia,
    WrongState,
)
from kushfilms.core.jobs import Running, job_enqueue, job_kind
from kushfilms.core.storage import ObjectMissing, UploadedPart
from streaming.encoding.languages import JOINERS
from streaming.models import AssetKind, AssetStatus, VideoAsset
from streaming.services.encodes import encode_start

# Accepted containers by file extension; browsers know few of these types by themselves.
Containers = Mapping[str, frozenset[str]]
CONTAINERS: Containers = {
    "mp4": frozenset({"video/mp4", "application/mp4"}),
    "m4v": frozenset({"video/mp4", "video/x-m4v"}),
    "mov": frozenset({"video/quicktime"}),
    "avi": frozenset({"video/x-msvideo", "video/avi", "video/vnd.avi", "video/msvideo"}),
    "mkv": frozenset({"video/x-matroska", "video/matroska"}),
    "webm": frozenset({"video/webm"}),
    "ts": frozenset({"video/mp2t", "video/mpeg", "text/vnd.trolltech.linguist"}),
    "m2ts": frozenset({"video/mp2t", "video/mpeg"}),
    "mts": frozenset({"video/mp2t", "video/mpeg", "model/vnd.mts"}),
}
# Browsers take the type from the operating system, which goes by the extension: Windows calls .ts
# `video/vnd.dlna.mpeg-tts` and .mts `video/avchd-stream`. So every type of video, audio or bytes is
# accepted, and the probe decides by content; a type of documents or programs is refused.
MEDIA_TYPE = re.compile(
    r"|(?:video|audio)/.+|(?:application|binary)/octet-stream"
    r"|application/(?:mp4|mxf|ogg|vnd\.apple\.mpegurl|x-matroska|x-mpegts|x-download|force-download)"
)
# A page that sends for longer gets fresh URLs with GET parts.
URL_LIFETIME = timedelta(hours=2)
MIB = 1024**2
# Small parts lose little when a connection drops. At most a thousand, so that one answer can carry
# their URLs (storage allows ten thousand).
SMALLEST_PART_BYTES = 8 * MIB
MOST_PARTS = 1000


@dataclass(frozen=True)
class SignedPart:
    number: int
    url: str


@dataclass(frozen=True)
class UploadTicket:
    """Destination of the bytes: `upload_url` for a single PUT, or the parts still missing."""

    asset: VideoAsset
    expires_in: int
    upload_url: str
    arrived: tuple[UploadedPart, ...]
    missing: tuple[SignedPart, ...]


def upload_begin(
    *,
    uploader_id: UUID,
    filename: str,
    content_type: str,
    size: int,
    movie_id: UUID | None,
    kind: AssetKind = AssetKind.FEATURE,
    also: Containers = MappingProxyType({}),
    then: Callable[[VideoAsset], None] = lambda _: None,
) -> UploadTicket:
    """Announce a file. Without a film, create a draft titled after the file's name.

    `also` are file types accepted besides videos; `then` writes further rows of the upload in the
    same transaction.

    Raises:
        UnsupportedMedia: not an accepted file type.
        TooLarge: above UPLOAD_MAX_BYTES.
        InvalidInput: an empty name, an empty file, or a trailer without a film.
        NotFound: no such film.
    """
    file = _accept(filename, content_type, accepted={**CONTAINERS, **also})
    _check_size(size)
    _check_film(movie_id, kind=kind)
    asset_id = uuid4()
    key = f"source/{asset_id}/original.{file.extension}"
    single = size <= settings.UPLOAD_SINGLE_PUT_BYTES
    upload_id = "" if single else storage.multipart_start(key, content_type=file.content_type)
    with transaction.atomic():
        movie = _film_or_draft(movie_id, filename=file.name)
        asset = VideoAsset.objects.create(
            id=asset_id,
            movie=movie,
            kind=kind,
            uploaded_by_id=uploader_id,
            filename=file.name,
            content_type=file.content_type,
            source_key=key,
            source_size=size,
            upload_id=upload_id,
            upload_part_size=0 if single else part_size(size),
            upload_expires_at=timezone.now() + settings.UPLOAD_LIFETIME,
        )
        then(asset)
        audit_write(
            "videoasset.upload_begin", asset, new={"film": movie.title, "kind": kind, "size": size}
        )
    return _ticket(asset, arrived=())


def _check_film(movie_id: UUID | None, *, kind: AssetKind) -> None:
    if kind == AssetKind.TRAILER and movie_id is None:
        fault = "A trailer needs a film. Send the film's id."
        raise InvalidInput(fault, fields={"movieId": [fault]})
    if movie_id is not None and not Movie.objects.filter(pk=movie_id).exists():
        raise NotFound("There is no such film.")


def _film_or_draft(movie_id: UUID | None, *, filename: str) -> Movie:
    if movie_id is not None:
        return Movie.objects.get(pk=movie_id)
    return movie_create(title=title_of(filename), metadata={"draftOfUpload": True})


def clean_filename(filename: str) -> str:
    """Return the file name without folders and control characters. Raises InvalidInput."""
    name = re.split(r"[\\/]", filename)[-1]
    name = (
        "".join(char for char in name if char.isprintable() or char in JOINERS).strip().lstrip(".")
    )
    if not name:
        raise InvalidInput("The file needs a name.", fields={"filename": ["Enter a file name."]})
    stem, dot, extension = name.rpartition(".")
    return f"{stem[:200]}{dot}{extension[:20]}"


def title_of(filename: str) -> str:
    """Return a title for a file name: `kampala_nights-final.mp4` → `Kampala nights final`."""
    stem = filename.rpartition(".")[0] or filename
    title = re.sub(r"[\s._-]+", " ", stem).strip()
    return (title[:1].upper() + title[1:])[:200] or "Untitled"


class AcceptedFile(NamedTuple):
    name: str
    extension: str
    content_type: str  # the announced one where it fits the extension, else that of plain bytes


def _accept(filename: str, content_type: str, *, accepted: Containers) -> AcceptedFile:
    """Raise UnsupportedMedia for a file type outside `accepted`, InvalidInput for a name."""
    name = clean_filename(filename)
    extension = name.rpartition(".")[2].lower()
    types = accepted.get(extension)
    bare_type = content_type.partition(";")[0].strip().lower()
    if types is None or not (bare_type in types or MEDIA_TYPE.fullmatch(bare_type)):
        audio = "MP3, M4A, WAV, FLAC, OGG, or a video: " if accepted.keys() - CONTAINERS else ""
        raise UnsupportedMedia(f"Upload {audio}MP4, MOV, AVI, MKV, WebM or MPEG-TS.")
    stored_type = min(types & {content_type}, default="application/octet-stream")
    return AcceptedFile(name, extension, stored_type)


def _check_size(size: int) -> None:
    if size <= 0:
        raise InvalidInput("The file is empty.", fields={"size": ["The file is empty."]})
    if size > settings.UPLOAD_MAX_BYTES:
        gigabytes = settings.UPLOAD_MAX_BYTES / 1024**3
        raise TooLarge(f"Films can have up to {gigabytes:.0f} GB.")


def part_size(size: int) -> int:
    """Return the bytes of each part but the last: whole MiB, at least 8, at most 1,000 parts."""
    return max(SMALLEST_PART_BYTES, math.ceil(size / MOST_PARTS / MIB) * MIB)


# ── Resume ──────────────────────────────────────────────────────────────────────────────


def upload_get(asset_id: UUID, *, uploader_id: UUID) -> VideoAsset:
    """Return the person's own upload. Raises NotFound, or Denied for a colleague's."""
    asset = VideoAsset.objects.select_related("movie").filter(pk=asset_id).first()
    if asset is None:
        raise NotFound("There is no such video.")
    if asset.uploaded_by_id != uploader_id:
        raise Denied("Another person started this upload.", code="not_your_upload")
    return asset


def upload_resume(asset: VideoAsset) -> UploadTicket:
    """Return the parts that have arrived, and signed URLs for those that have not.

    Raises:
        WrongState: the upload is complete, or storage has forgotten it.
    """
    if asset.status != AssetStatus.AWAITING_UPLOAD:
        raise WrongState("This upload is complete.", code="upload_complete")
    return _ticket(asset, arrived=_arrived(asset))


def _arrived(asset: VideoAsset) -> tuple[UploadedPart, ...]:
    """Return the parts that storage holds whole; a part of the wrong size counts as missing."""
    if not asset.upload_id:
        return ()
    try:
        parts = storage.multipart_parts(asset.source_key, asset.upload_id)
    except ObjectMissing as exc:
        raise WrongState("This upload has run out. Begin again.", code="upload_gone") from exc
    sizes = expected_sizes(asset)
    return tuple(part for part in parts if sizes.get(part.number) == part.size_bytes)


def expected_sizes(asset: VideoAsset) -> dict[int, int]:
    """Bytes of each part by number; empty for a single PUT."""
    if not asset.upload_part_size:
        return {}
    whole, rest = divmod(asset.source_size, asset.upload_part_size)
    sizes = dict.fromkeys(range(1, whole + 1), asset.upload_part_size)
    return {**sizes, whole + 1: rest} if rest else sizes


def _ticket(asset: VideoAsset, *, arrived: tuple[UploadedPart, ...]) -> UploadTicket:
    upload_url = ""
    if not asset.upload_id:
        upload_url = storage.presign(
            "put_object",
            lifetime=URL_LIFETIME,
            public=True,
            Key=asset.source_key,
            ContentLength=asset.source_size,
        )
    here = {part.number for part in arrived}
    missing = []
    for number, size in expected_sizes(asset).items():
        if number not in here:
            url = storage.presign(
                "upload_part",
                lifetime=URL_LIFETIME,
                public=True,
                Key=asset.source_key,
                UploadId=asset.upload_id,
                PartNumber=number,
                ContentLength=size,
            )
            missing.append(SignedPart(number, url))
    return UploadTicket(
        asset=asset,
        expires_in=int(URL_LIFETIME.total_seconds()),
        upload_url=upload_url,
        arrived=arrived,
        missing=tuple(missing),
    )


# ── Completion ──────────────────────────────────────────────────────────────────────────


def upload_complete(asset: VideoAsset, *, claimed: dict[int, str] | None = None) -> VideoAsset:
    """Check the stored file against the announcement, and start the encode. Idempotent.

    `claimed` are the ETags by part number that the client got from storage.

    Raises:
        InvalidInput: `claimed` differs from what storage holds.
        WrongState: `upload_incomplete` (with the missing part numbers), `size_mismatch`,
            `upload_gone`.
        StorageError: storage is away; try again.
    """
    if asset.status != AssetStatus.AWAITING_UPLOAD:
        return asset
    if asset.upload_id:
        _join_parts(asset, claimed)
    etag = _check_object(asset)
    key = asset.source_key
    if not asset.upload_id:
        key, etag = _pin(asset)
    with transaction.atomic():
        locked = VideoAsset.objects.select_for_update().get(pk=asset.pk)
        if locked.status != AssetStatus.AWAITING_UPLOAD:  # a concurrent call completed it
            return locked
        locked.status = AssetStatus.UPLOADED
        locked.source_etag = etag
        if locked.source_key != key:
            job_enqueue("source_delete", {"key": locked.source_key})
            locked.source_key = key
        locked.uploaded_at = timezone.now()
        locked.upload_id = ""
        locked.upload_expires_at = None
        locked.save()
        old = {"status": AssetStatus.AWAITING_UPLOAD}
        new = {"status": locked.status}
        audit_write("videoasset.upload_complete", locked, old=old, new=new)
        encode_start(locked)
        locked.refresh_from_db()
        return locked


def _pin(asset: VideoAsset) -> tuple[str, str]:
    """Copy a file sent by one PUT to a key that no URL is signed for; return the key and its ETag.

    The signed URL works for a while after the upload; later writes to it are swept and never read.
    The copy gets the announced content type, as the URL is not bound to one.

    Raises WrongState when the file was overwritten during the copy.
    """
    folder, _, name = asset.source_key.rpartition("/")
    key = f"{folder}/{secrets.token_hex(8)}.{name.rpartition('.')[2]}"
    storage.copy(asset.source_key, key, content_type=asset.content_type)
    pinned = storage.head(key)
    if pinned.size_bytes != asset.source_size:
        raise WrongState("The file changed during the upload. Send it again.", code="size_mismatch")
    return key, pinned.etag


@job_kind("source_delete")
def delete_source(job: Running) -> None:
    storage.delete(job.payload["key"])


def _join_parts(asset: VideoAsset, claimed: dict[int, str] | None) -> None:
    try:
        arrived = _arrived(asset)
    except WrongState:
        if _object_is_there(asset):  # a concurrent call has joined the parts
            return
        raise
    if claimed is not None and claimed != {part.number: part.etag for part in arrived}:
        faults = ["Storage holds other parts. GET parts lists them."]
        raise InvalidInput("The parts do not match.", fields={"parts": faults})
    missing = sorted(expected_sizes(asset).keys() - {part.number for part in arrived})
    if missing:
        message = f"{len(missing)} parts of the file are missing."
        raise WrongState(message, code="upload_incomplete", missing=missing[:100])
    try:
        storage.multipart_complete(asset.source_key, asset.upload_id, list(arrived))
    except ObjectMissing:
        if not _object_is_there(asset):
            raise WrongState("This upload has expired.", code="upload_gone") from None


def _object_is_there(asset: VideoAsset) -> bool:
    try:
        storage.head(asset.source_key)
    except ObjectMissing:
        return False
    return True


def _check_object(asset: VideoAsset) -> str:
    """Return the stored object's ETag. Raises WrongState unless its size is the announced one."""
    try:
        stored = storage.head(asset.source_key)
    except ObjectMissing as exc:
        raise WrongState("The file is not uploaded yet.", code="upload_incomplete") from exc
    if stored.size_bytes != asset.source_size:
        message = (
            f"The file has {stored.size_bytes} bytes instead of {asset.source_size}. "
            "Upload it again."
        )
        raise WrongState(message, code="size_mismatch")
    return stored.etag


def upload_cancel(asset: VideoAsset) -> None:
    """Cancel an upload for its uploader.

    Raises:
        WrongState: the upload is complete.
        StorageError: storage is away; try again.
    """
    if asset.status != AssetStatus.AWAITING_UPLOAD:
        raise WrongState("This upload is complete.", code="upload_complete")
    if not upload_abandon(asset, by_uploader=True):
        raise storage.StorageError("Storage cannot be reached right now. Try again in a moment.")


def upload_abandon(asset: VideoAsset, *, by_uploader: bool = False) -> bool:
    """Delete an unfinished upload, and the draft film made for it.

    Return False when storage is away: try again later.
    """
    try:
        if asset.upload_id:
            storage.multipart_abort(asset.source_key, asset.upload_id)
        storage.delete(asset.source_key)
    except ObjectMissing:
        pass
    except storage.StorageError:
        return False
    with transaction.atomic():
        if by_uploader:
            audit_write("videoasset.upload_cancel", asset, old={"status": asset.status})
        asset.delete()
        draft = Movie.objects.filter(
            pk=asset.movie_id, published=False, metadata__draftOfUpload=True, assets=None
        )
        draft.delete()
    return True
