"""Checks of packages as they are in storage."""

import gzip
import json
from typing import Any

from django.test import Client

from kushfilms.core import storage
from streaming.encoding.conformance import check_package
from streaming.encoding.plan import EncodePlan
from streaming.models import Package, VideoAsset
from streaming.services.package_tracks import package_facts_read, plan_with_tracks


def read(package: Package, name: str) -> str:
    return storage.get_bytes(package.prefix + name).decode()


def get(url: str) -> Any:
    return Client().get("/" + url.split("/", 3)[3])


def checked(asset: VideoAsset) -> Package:
    """Return the live package after checking its rules and its objects in storage."""
    asset.refresh_from_db()
    package = asset.live_package
    assert package is not None
    listed = list(storage.list_objects(package.prefix))
    assert (len(listed), sum(item.size_bytes for item in listed)) == (
        package.object_count,
        package.total_bytes,
    )
    plan = plan_with_tracks(EncodePlan.from_json(package.encode.plan or {}), asset=asset)
    facts = package_facts_read(package)
    assert check_package(plan, package=facts) == []
    assert facts.playlists["master.m3u8"] == read(package, "master.m3u8")
    return package


def finish(asset: VideoAsset) -> None:
    """Give the asset a live package that holds only its record."""
    encode = asset.encodes.create(state="DONE")
    asset.live_package = Package.objects.create(asset=asset, encode=encode, number=1, stage="FULL")
    asset.is_current = True
    asset.save()
    facts = {"objects": [], "renditions": [], "playlists": {}, "manifest": "", "total_bytes": 0,
             "peak_disk_bytes": 0}  # fmt: skip
    storage.put_bytes(
        f"{asset.live_package.prefix}facts.gz",
        gzip.compress(json.dumps(facts).encode()),
        content_type="application/gzip",
    )
