"""Looking at a package as it lies in storage."""

from typing import Any

from django.test import Client

from kushfilms.core import storage
from streaming.encoding.conformance import check_package
from streaming.encoding.plan import EncodePlan
from streaming.models import Package, VideoAsset
from streaming.services.offered import facts_read, offered_plan


def read(package: Package, name: str) -> str:
    return storage.get_bytes(package.prefix + name).decode()


def get(url: str) -> Any:
    return Client().get("/" + url.split("/", 3)[3])


def checked(asset: VideoAsset) -> Package:
    """The live package, which keeps every rule, and whose objects are those that are listed."""
    asset.refresh_from_db()
    package = asset.live_package
    assert package is not None
    listed = list(storage.list_objects(package.prefix))
    assert (len(listed), sum(item.size_bytes for item in listed)) == (
        package.object_count, package.total_bytes,
    )  # fmt: skip
    plan = offered_plan(EncodePlan.from_json(package.encode.plan or {}), asset=asset)
    facts = facts_read(package)
    assert check_package(plan, package=facts) == []
    assert facts.playlists["master.m3u8"] == read(package, "master.m3u8")
    return package
