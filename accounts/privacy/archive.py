"""ZIP of a person's data as a stream, so that no list and no file is whole in memory."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.crypto import salted_hmac
from stream_zip import ZIP_32, stream_zip

from accounts.models import User
from accounts.privacy.registry import PersonalData, personal_data_all
from kushfilms.core import storage

CHUNK_ROWS = 1000
MODE = 0o600
SALT = "data-export"

Member = tuple[str, Iterable[bytes]]


def export_stream(
    user: User, *, made_at: datetime, on_progress: Callable[[], None]
) -> Iterator[bytes]:
    """Yield the ZIP in blocks; `on_progress` is called about every thousand rows."""
    hashes: dict[str, str] = {}

    def hashed(name: str, blocks: Iterable[bytes]) -> Iterator[bytes]:
        digest = hashlib.sha256()
        for block in blocks:
            digest.update(block)
            yield block
        hashes[name] = digest.hexdigest()

    def members() -> Iterator[Any]:
        for name, blocks in _contents(user, made_at=made_at, on_progress=on_progress):
            yield name, made_at, MODE, ZIP_32, hashed(name, blocks)
        manifest = _json({"person": user.pk, "madeAt": made_at, "sha256": hashes})
        yield "manifest.json", made_at, MODE, ZIP_32, [manifest]
        yield "manifest.signature", made_at, MODE, ZIP_32, [signature(manifest).encode()]

    return iter(stream_zip(members()))


def signature(manifest: bytes) -> str:
    """Return our signature, which proves that we made an export and that it is unchanged."""
    return salted_hmac(SALT, manifest, algorithm="sha256").hexdigest()


def _contents(
    user: User, *, made_at: datetime, on_progress: Callable[[], None]
) -> Iterator[Member]:
    files = [
        f"{declaration.name}.json\n    {declaration.about}" for declaration in personal_data_all()
    ]
    readme = (
        "All data Kush Films has about you, as of "
        f"{made_at:%d %B %Y, %H:%M} UTC. Times are UTC, in ISO 8601.\n\n"
        + "\n".join(files)
        + "\n\nmanifest.json has each file's SHA-256; manifest.signature proves that we made it.\n"
    )
    yield "README.txt", [readme.encode()]
    for declaration in personal_data_all():
        yield f"{declaration.name}.json", _rows(declaration, user, on_progress)
    if user.avatar_key:
        yield "avatar.webp", storage.get_blocks(user.avatar_key)


def _rows(
    declaration: PersonalData, user: User, on_progress: Callable[[], None]
) -> Iterator[bytes]:
    if declaration.refresh:
        found = _refreshed(declaration, user)
    else:
        values = declaration.rows(user.pk).values(*declaration.fields)
        found = values.iterator(chunk_size=CHUNK_ROWS)
    yield b"["
    for number, row in enumerate(found):
        if number % CHUNK_ROWS == 0:
            on_progress()
        named = {key: row[lookup] for lookup, key in declaration.fields.items()}
        yield (b"\n" if number == 0 else b",\n") + _json(named)
    yield b"\n]\n"


def _refreshed(declaration: PersonalData, user: User) -> Iterator[dict[str, Any]]:
    """Yield the rows after `declaration.refresh` has updated them."""
    rows = declaration.rows(user.pk).iterator(chunk_size=CHUNK_ROWS)
    while some := list(islice(rows, CHUNK_ROWS)):
        if declaration.refresh:
            declaration.refresh(some)
        for row in some:
            yield {lookup: getattr(row, lookup) for lookup in declaration.fields}


def _json(value: Any) -> bytes:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2).encode()
