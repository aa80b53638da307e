"""Object storage: Cloudflare R2, or any S3-compatible service. One bucket, never an ACL.

Keys:
    `source/{asset}/…`   originals; no viewer ever gets a URL to one
    `work/{encode}/…`    chunks between encode and packaging, streams of added audio; swept
    `media/{asset}/{n}/` one finished package, immutable; behind a signed path
    `tracks/{asset}/…`   added subtitles, as uploaded but cleaned
    `incoming/avatars/…` uploaded avatars; read once, then deleted; swept; never served
    `public/…`           posters and pictures; world-readable through the CDN
"""

import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    ReadTimeoutError,
)
from django.conf import settings
from urllib3.exceptions import HTTPError

from kushfilms.core.breaker import Breaker
from kushfilms.core.context import in_request
from kushfilms.core.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

IMMUTABLE = "public, max-age=2592000, immutable"
BLOCK_BYTES = 256 * 1024
# Part size of streams of unknown length: 10,000 parts of it are 80 GB.
STREAM_PART_BYTES = 8 * 1024**2
_lock = threading.Lock()
_clients: dict[tuple[int, str, "Patience"], "S3Client"] = {}


@dataclass(frozen=True)
class Patience:
    """Timeouts of storage calls in seconds, and the number of attempts."""

    connect: float
    read: float
    attempts: int


# Workers can wait, requests cannot, and probes run every few seconds.
OF_WORKERS = Patience(connect=3, read=60, attempts=3)
OF_REQUESTS = Patience(connect=2, read=5, attempts=1)
OF_PROBES = Patience(connect=1, read=1, attempts=1)
# For requests: while storage hangs, one of them waits for it on behalf of all.
breaker = Breaker(pause_seconds=3)


class StorageError(Unavailable):
    """Storage refused or did not answer; a retry may succeed."""

    code = "storage_unavailable"


class ObjectMissing(Exception):
    """No object has this key."""


class RangeOutside(Exception):
    """The requested bytes are beyond the object."""


@dataclass(frozen=True)
class StoredObject:
    key: str
    size_bytes: int
    etag: str
    content_type: str = ""
    modified_at: datetime | None = None  # in lists


@dataclass(frozen=True)
class UploadedPart:
    number: int
    size_bytes: int
    etag: str


def _client(endpoint: str, patience: Patience = OF_WORKERS) -> "S3Client":
    """Return the client of this process for an endpoint and a patience.

    boto3's clients may be shared between threads but not across a fork, and take a tenth of a
    second to create.
    """
    with _lock:
        key = (os.getpid(), endpoint, patience)
        if key not in _clients:
            _clients[key] = boto3.session.Session().client(
                "s3",
                endpoint_url=endpoint,
                aws_access_key_id=settings.R2_ACCESS_KEY_ID,
                aws_secret_access_key=settings.R2_SECRET_ACCESS_KEY,
                region_name="auto",
                config=Config(
                    signature_version="s3v4",
                    s3={"addressing_style": "path"},
                    connect_timeout=patience.connect,
                    read_timeout=patience.read,
                    max_pool_connections=20,
                    retries={"total_max_attempts": patience.attempts, "mode": "standard"},
                    # R2 and others refuse the newer default checksums on presigned and streamed
                    # puts.
                    request_checksum_calculation="when_required",
                    response_checksum_validation="when_required",
                ),
            )
        return _clients[key]


def client() -> "S3Client":
    """Return the client, which is less patient inside a request than in a worker."""
    return _client(settings.R2_ENDPOINT, OF_REQUESTS if in_request() else OF_WORKERS)


def probe() -> None:
    """Check that the bucket exists. Raises botocore's errors, within two seconds."""
    _client(settings.R2_ENDPOINT, OF_PROBES).head_bucket(Bucket=settings.R2_BUCKET_NAME)


def _call(operation: str, **kwargs: Any) -> Any:
    """Call an S3 operation on our bucket.

    Raises:
        ObjectMissing: 404, or an upload id that is unknown or over.
        StorageError: any other failure: storage is unavailable, full, or refuses the call.
    """
    if in_request() and breaker.blocks():
        raise StorageError("Storage is unavailable. Try again in a moment.")
    try:
        answer = getattr(client(), operation)(Bucket=settings.R2_BUCKET_NAME, **kwargs)
    except ClientError as exc:
        code = str(exc.response.get("Error", {}).get("Code", ""))
        if code in {"404", "NoSuchKey", "NotFound", "NoSuchUpload"}:
            raise ObjectMissing(kwargs.get("Key", "")) from exc
        if code in {"416", "InvalidRange"}:
            raise RangeOutside(kwargs.get("Key", "")) from exc
        raise StorageError(f"Storage refused {operation}: {code or 'unknown'}.") from exc
    except (BotoCoreError, OSError) as exc:
        if isinstance(exc, ReadTimeoutError | ConnectTimeoutError):
            breaker.failed()
        raise StorageError("Storage is unavailable. Try again in a moment.") from exc
    breaker.worked()
    return answer


def head(key: str) -> StoredObject:
    answer = _call("head_object", Key=key)
    return StoredObject(
        key=key,
        size_bytes=answer["ContentLength"],
        etag=answer.get("ETag", "").strip('"'),
        content_type=answer.get("ContentType", ""),
    )


def put_file(key: str, path: Path, *, content_type: str, encoding: str = "") -> None:
    """Upload a local file, completely or not at all."""
    headers = {"ContentType": content_type, "CacheControl": IMMUTABLE}
    if encoding:
        headers["ContentEncoding"] = encoding
    with path.open("rb") as body:
        _call("put_object", Key=key, Body=body, **headers)


def put_bytes(key: str, data: bytes, *, content_type: str) -> None:
    _call("put_object", Key=key, Body=data, ContentType=content_type, CacheControl=IMMUTABLE)


def put_mutable(key: str, data: bytes, *, content_type: str) -> None:
    """Store an object that is overwritten later, and that no cache may store."""
    _call("put_object", Key=key, Body=data, ContentType=content_type, CacheControl="no-store")


def copy(key: str, target: str, *, content_type: str = "") -> None:
    """Copy an object inside storage. Raises ObjectMissing.

    With a `content_type` the copy has that type and none of the original's metadata.
    """
    headers = {"MetadataDirective": "REPLACE", "ContentType": content_type} if content_type else {}
    source = {"Bucket": settings.R2_BUCKET_NAME, "Key": key}
    _call("copy_object", CopySource=source, Key=target, **headers)


def put_stream(key: str, stream: IO[bytes], *, content_type: str) -> None:
    """Upload a pipe of unknown length in bounded memory; store nothing if it breaks off."""
    config = TransferConfig(
        multipart_threshold=STREAM_PART_BYTES,
        multipart_chunksize=STREAM_PART_BYTES,
        max_concurrency=2,
    )
    extra = {"ContentType": content_type, "CacheControl": IMMUTABLE}
    _call("upload_fileobj", Key=key, Fileobj=stream, ExtraArgs=extra, Config=config)


def get_file(key: str, path: Path) -> None:
    with path.open("wb") as target:
        for block in get_blocks(key):
            target.write(block)


def get_bytes(key: str) -> bytes:
    return b"".join(get_blocks(key))


@dataclass(frozen=True)
class OpenObject:
    """An object being read. `content_range` is set when only a part was requested."""

    size_bytes: int
    etag: str
    content_range: str
    body: Any

    def blocks(self) -> Iterator[bytes]:
        """Yield the bytes in blocks. Raises StorageError if the connection breaks off."""
        try:
            yield from self.body.iter_chunks(BLOCK_BYTES)
        except (BotoCoreError, HTTPError, OSError) as exc:
            raise StorageError("Reading from storage was interrupted. Try again.") from exc

    def close(self) -> None:
        self.body.close()


def open_object(key: str, *, byte_range: str = "") -> OpenObject:
    """Open an object for reading. `byte_range` is an HTTP Range value.

    Raises:
        ObjectMissing, RangeOutside, StorageError.
    """
    extra = {"Range": byte_range} if byte_range else {}
    answer = _call("get_object", Key=key, **extra)
    return OpenObject(
        size_bytes=answer["ContentLength"],
        etag=answer.get("ETag", "").strip('"'),
        content_range=answer.get("ContentRange", "") if byte_range else "",
        body=answer["Body"],
    )


def get_blocks(key: str) -> Iterator[bytes]:
    """Yield the bytes of an object in blocks."""
    found = open_object(key)
    try:
        yield from found.blocks()
    finally:
        found.close()


def list_objects(prefix: str) -> Iterator[StoredObject]:
    """Yield every object below a prefix."""
    token: dict[str, str] = {}
    while True:
        page = _call("list_objects_v2", Prefix=prefix, **token)
        for item in page.get("Contents", []):
            etag = item.get("ETag", "").strip('"')
            yield StoredObject(
                item["Key"], item["Size"], etag, modified_at=item.get("LastModified")
            )
        if not page.get("IsTruncated"):
            return
        token = {"ContinuationToken": page["NextContinuationToken"]}


def delete_prefix(prefix: str) -> int:
    """Delete every object below a prefix, which must end in `/`; return their number."""
    if not prefix.endswith("/") or prefix.count("/") < 2:
        raise ValueError(f"refusing to delete {prefix!r}")
    batch: list[StoredObject] = []
    count = 0
    for stored in list_objects(prefix):
        batch.append(stored)
        if len(batch) == 1000:
            count += _delete_batch(batch)
            batch = []
    return count + _delete_batch(batch)


def _delete_batch(batch: list[StoredObject]) -> int:
    if batch:
        _call("delete_objects", Delete={"Objects": [{"Key": item.key} for item in batch]})
    return len(batch)


def delete(key: str) -> None:
    _call("delete_object", Key=key)


# ── Uploads straight from a browser or a shell ──────────────────────────────────────────


def multipart_start(key: str, *, content_type: str) -> str:
    return str(_call("create_multipart_upload", Key=key, ContentType=content_type)["UploadId"])


def multipart_parts(key: str, upload_id: str) -> list[UploadedPart]:
    """Return the parts that have arrived, in order. Raises ObjectMissing for a deleted upload."""
    parts: list[UploadedPart] = []
    marker: dict[str, int] = {}
    while True:
        page = _call("list_parts", Key=key, UploadId=upload_id, **marker)
        for part in page.get("Parts", []):
            etag = part["ETag"].strip('"')
            parts.append(UploadedPart(part["PartNumber"], part["Size"], etag))
        if not page.get("IsTruncated"):
            return parts
        marker = {"PartNumberMarker": page["NextPartNumberMarker"]}


def multipart_complete(key: str, upload_id: str, parts: list[UploadedPart]) -> None:
    listed = [{"PartNumber": part.number, "ETag": f'"{part.etag}"'} for part in parts]
    _call(
        "complete_multipart_upload",
        Key=key,
        UploadId=upload_id,
        MultipartUpload={"Parts": listed},
    )


def put_blocks(key: str, blocks: Iterable[bytes], *, content_type: str) -> int:
    """Upload blocks in bounded memory and return the bytes; store nothing if it breaks off.

    Unlike `put_stream` it reads in the caller's own thread, and so on its database connection.
    """
    upload_id = multipart_start(key, content_type=content_type)
    parts: list[UploadedPart] = []
    try:
        for number, body in enumerate(_joined(blocks, STREAM_PART_BYTES), start=1):
            done = _call("upload_part", Key=key, UploadId=upload_id, PartNumber=number, Body=body)
            parts.append(UploadedPart(number, len(body), done["ETag"].strip('"')))
        multipart_complete(key, upload_id, parts)
    except BaseException:
        with suppress(StorageError, ObjectMissing):
            multipart_abort(key, upload_id)
        raise
    return sum(part.size_bytes for part in parts)


def _joined(blocks: Iterable[bytes], size: int) -> Iterator[bytes]:
    """Yield blocks of `size` bytes; at least one, of which the last may be shorter."""
    waiting = bytearray()
    for block in blocks:
        waiting += block
        while len(waiting) >= size:
            yield bytes(waiting[:size])
            del waiting[:size]
    yield bytes(waiting)


def multipart_abort(key: str, upload_id: str) -> None:
    _call("abort_multipart_upload", Key=key, UploadId=upload_id)


def presign(operation: str, *, lifetime: timedelta, public: bool = False, **params: Any) -> str:
    """Return a URL signed for one operation. `public`: on the endpoint for browsers."""
    endpoint = settings.R2_PUBLIC_ENDPOINT if public else settings.R2_ENDPOINT
    return _client(endpoint).generate_presigned_url(
        operation,
        Params={"Bucket": settings.R2_BUCKET_NAME, **params},
        ExpiresIn=int(lifetime.total_seconds()),
    )


def ensure_bucket() -> None:
    """Create the bucket if it does not exist, for local runs and tests."""
    try:
        _call("head_bucket")
    except ObjectMissing:
        _call("create_bucket")


def public_url(key: str) -> str:
    """Return the URL of a `public/…` object for browsers; empty for an empty key."""
    if not key:
        return ""
    return f"{settings.CDN_URL}/{key}" if settings.CDN_URL else f"/{key}"
