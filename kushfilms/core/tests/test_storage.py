"""Object storage by the real protocol."""

import io
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from kushfilms.core import storage
from kushfilms.core.storage import ObjectMissing, StorageError


@pytest.fixture
def prefix() -> Iterator[str]:
    storage.ensure_bucket()
    name = f"work/{uuid.uuid4()}/"
    yield name
    storage.delete_prefix(name)


def test_an_object_is_stored_and_read(prefix: str, tmp_path: Path) -> None:
    source, target = tmp_path / "a", tmp_path / "b"
    source.write_bytes(b"film" * 200_000)
    storage.put_file(f"{prefix}file", source, content_type="video/mp4")
    storage.put_bytes(f"{prefix}bytes", b"x", content_type="text/plain")
    storage.put_stream(f"{prefix}stream", io.BytesIO(b"y" * 100), content_type="text/plain")
    storage.get_file(f"{prefix}file", target)
    assert target.read_bytes() == source.read_bytes()
    assert storage.get_bytes(f"{prefix}stream") == b"y" * 100
    assert storage.head(f"{prefix}file").size_bytes == 800_000
    sizes = {stored.key.removeprefix(prefix): stored.size_bytes
             for stored in storage.list_objects(prefix)}  # fmt: skip
    assert sizes == {"file": 800_000, "bytes": 1, "stream": 100}


def test_missing_objects(prefix: str) -> None:
    with pytest.raises(ObjectMissing):
        storage.head(f"{prefix}none")
    with pytest.raises(ObjectMissing):
        storage.get_bytes(f"{prefix}none")
    assert list(storage.list_objects(prefix)) == []


def test_deleting(prefix: str) -> None:
    for name in ("a", "b"):
        storage.put_bytes(prefix + name, b"x", content_type="text/plain")
    storage.delete(f"{prefix}a")
    assert storage.delete_prefix(prefix) == 1
    assert list(storage.list_objects(prefix)) == []


@pytest.mark.parametrize("prefix_to_delete", ["", "/", "media/", "media/abc", "media"])
def test_too_much_is_never_deleted(prefix_to_delete: str) -> None:
    with pytest.raises(ValueError, match="refusing"):
        storage.delete_prefix(prefix_to_delete)


def test_an_upload_in_parts(prefix: str) -> None:
    key, part = f"{prefix}film", b"p" * (5 * 1024**2)
    upload = storage.multipart_start(key, content_type="video/mp4")
    for number, body in ((1, part), (2, b"end")):
        url = storage.presign("upload_part", lifetime=timedelta(minutes=5), public=True,
                              Key=key, UploadId=upload, PartNumber=number)  # fmt: skip
        assert requests.put(url, data=body, timeout=30).status_code == 200
    parts = storage.multipart_parts(key, upload)
    assert [(one.number, one.size_bytes) for one in parts] == [(1, len(part)), (2, 3)]
    storage.multipart_complete(key, upload, parts)
    assert storage.head(key).size_bytes == len(part) + 3


def test_a_signature_covers_the_key(prefix: str) -> None:
    storage.put_bytes(f"{prefix}a", b"x", content_type="text/plain")
    storage.put_bytes(f"{prefix}b", b"y", content_type="text/plain")
    url = storage.presign("get_object", lifetime=timedelta(minutes=5), Key=f"{prefix}a")
    assert requests.get(url, timeout=30).content == b"x"
    other = url.replace(f"{prefix}a", f"{prefix}b")
    assert requests.get(other, timeout=30).status_code == 403


def test_unavailable_storage(settings: Any) -> None:
    settings.R2_ENDPOINT = "http://127.0.0.1:1"
    with pytest.raises(StorageError) as caught:
        storage.head("public/a")
    assert caught.value.status == 503


def test_public_urls(settings: Any) -> None:
    settings.CDN_URL = ""
    assert storage.public_url("") == ""
    assert storage.public_url("public/a.jpg") == "/public/a.jpg"
    settings.CDN_URL = "https://cdn.kushfilms.test"
    assert storage.public_url("public/a.jpg") == "https://cdn.kushfilms.test/public/a.jpg"


def test_blocks_go_up_in_parts_and_not_at_all_when_they_break_off(prefix: str) -> None:
    part = storage.STREAM_PART_BYTES
    blocks = [b"a" * (part - 1), b"b" * 2, b"c" * part]
    assert storage.put_blocks(f"{prefix}whole", blocks, content_type="text/plain") == 2 * part + 1
    assert storage.get_bytes(f"{prefix}whole") == b"".join(blocks)
    assert storage.put_blocks(f"{prefix}empty", [], content_type="text/plain") == 0

    def broken() -> Iterator[bytes]:
        yield b"a" * (part + 1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        storage.put_blocks(f"{prefix}broken", broken(), content_type="text/plain")
    with pytest.raises(storage.ObjectMissing):
        storage.head(f"{prefix}broken")
