"""The browser tests' film: encoded once a run, in the database and the bucket of every worker."""

import json
from contextlib import suppress
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
    """An encoded film as fixture rows, with its objects in a bucket that no test changes."""

    rows: str
    live_package: int
    bucket: str
    keys: list[str]

    def load(self) -> None:
        self._copy_missing_objects()
        for row in serializers.deserialize("json", self.rows):
            row.save()
        # The asset and its package point at each other.
        VideoAsset.objects.update(live_package_id=self.live_package, is_current=True)
        # The rows brought their numbers, which a worker that did not make them would give again.
        with connection.cursor() as cursor:
            for sql in connection.ops.sequence_reset_sql(no_style(), MODELS):
                cursor.execute(sql)

    def _copy_missing_objects(self) -> None:
        """Restore what tests of deletion and of sweeps removed from this worker's bucket."""
        present = {found.key for found in storage.list_objects("")}
        for key in self.keys:
            if key not in present:
                _copy(key, source=self.bucket, target=settings.R2_BUCKET_NAME)


def made_film_keep(kept: Path, *, source: Path, title: str) -> None:
    """Make it, write down what came of it, and leave the database empty."""
    client = storage.client()
    before = {found.key for found in storage.list_objects("")}
    admin = user_create(email="maker@kush.test", password="boda-boda-7", name="Maker")
    movie = film_make(source, uploader=admin, title=title)
    asset = VideoAsset.objects.get(movie=movie)
    live = asset.live_package_id
    asset.live_package = None
    asset.is_current = False
    asset.uploaded_by = None
    rows = [movie, asset, *(row for model in MODELS for row in model.objects.all())]
    after = {found.key for found in storage.list_objects("")}
    film = MadeFilm(
        rows=serializers.serialize("json", rows),
        live_package=live or 0,
        bucket=f"{settings.R2_BUCKET_NAME}-made-film",
        keys=sorted(after - before),
    )
    with suppress(client.exceptions.BucketAlreadyOwnedByYou):  # by an earlier run, elsewhere
        client.create_bucket(Bucket=film.bucket)
    for key in film.keys:
        _copy(key, source=settings.R2_BUCKET_NAME, target=film.bucket)
    call_command("flush", interactive=False, verbosity=0)
    kept.write_text(json.dumps(asdict(film)))


def made_film_read(kept: Path) -> MadeFilm:
    return MadeFilm(**json.loads(kept.read_text()))


def _copy(key: str, *, source: str, target: str) -> None:
    client = storage.client()
    found = client.get_object(Bucket=source, Key=key)
    names = ("ContentType", "CacheControl", "ContentEncoding")
    headers: Any = {name: found[name] for name in names if name in found}  # type: ignore[literal-required]
    client.put_object(Bucket=target, Key=key, Body=found["Body"].read(), **headers)
