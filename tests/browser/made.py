"""The browser tests' film: encoded once a run, in the database and the bucket of every worker."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import serializers
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection

from accounts.services.people import user_create
from kushfilms.core import storage
from streaming.models import AudioTrack, Encode, Package, Rendition, Subtitle, VideoAsset
from tests.browser.films import film_make

MODELS = (Encode, Package, Rendition, AudioTrack, Subtitle)


@dataclass(frozen=True)
class MadeFilm:
    """An encoded film as fixture rows, and the objects that its maker's bucket holds."""

    rows: str
    live_package: int
    bucket: str
    keys: list[str]

    def load(self) -> None:
        for row in serializers.deserialize("json", self.rows):
            row.save()
        # The asset and its package point at each other.
        VideoAsset.objects.update(live_package_id=self.live_package, is_current=True)
        # The rows brought their numbers, which a worker that did not make them would give again.
        with connection.cursor() as cursor:
            for sql in connection.ops.sequence_reset_sql(no_style(), MODELS):
                cursor.execute(sql)


def made_film_keep(kept: Path, *, source: Path, title: str) -> None:
    """Make it, write down what came of it, and leave the database empty."""
    before = {found.key for found in storage.list_objects("")}
    admin = user_create(email="maker@kush.test", password="boda-boda-7", name="Maker")
    movie = film_make(source, uploader=admin, title=title)
    asset = VideoAsset.objects.get(movie=movie)
    live, asset.live_package, asset.is_current = asset.live_package_id, None, False
    asset.uploaded_by = None
    rows = [movie, asset, *(row for model in MODELS for row in model.objects.all())]
    after = {found.key for found in storage.list_objects("")}
    film = MadeFilm(
        rows=serializers.serialize("json", rows),
        live_package=live or 0,
        bucket=settings.R2_BUCKET_NAME,
        keys=sorted(after - before),
    )
    call_command("flush", interactive=False, verbosity=0)
    kept.write_text(json.dumps(asdict(film)))


def made_film_take(kept: Path) -> MadeFilm:
    """What was kept, with its objects in this worker's bucket as well."""
    film = MadeFilm(**json.loads(kept.read_text()))
    if film.bucket != settings.R2_BUCKET_NAME:
        for key in film.keys:
            _copy(key, bucket=film.bucket)
    return film


def _copy(key: str, *, bucket: str) -> None:
    client = storage.client()
    found = client.get_object(Bucket=bucket, Key=key)
    names = ("ContentType", "CacheControl", "ContentEncoding")
    headers: Any = {name: found[name] for name in names if name in found}  # type: ignore[literal-required]
    body = found["Body"].read()
    client.put_object(Bucket=settings.R2_BUCKET_NAME, Key=key, Body=body, **headers)
