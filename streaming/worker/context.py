"""Context of a piece of work: the piece, its lease, and a directory deleted afterwards."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from kushfilms.core import storage
from streaming.encoding.plan import EncodePlan
from streaming.models import WorkItem
from streaming.worker.lease import LeaseKeeper

# Longer than any single piece of work reads its source.
SOURCE_URL_LIFETIME = timedelta(days=2)


@dataclass(frozen=True)
class WorkContext:
    item: WorkItem
    lease: LeaseKeeper
    directory: Path

    @property
    def source_url(self) -> str:
        """Return a signed URL of the original; it never leaves the workers."""
        asset = self.item.encode.asset
        return storage.presign("get_object", lifetime=SOURCE_URL_LIFETIME, Key=asset.source_key)

    @property
    def plan(self) -> EncodePlan:
        stored = self.item.encode.plan
        if stored is None:
            raise LookupError(f"encode {self.item.encode_id} has no plan yet")
        return EncodePlan.from_json(stored)

    def key(self, name: str) -> str:
        """Return a key for an intermediate of this attempt; no attempt overwrites another's."""
        return f"{self.item.encode.work_prefix}{self.item.kind.lower()}/{name}-{self.attempt}"

    @property
    def attempt(self) -> str:
        return f"{self.item.pk.hex[:8]}-{self.item.lease_owner.rpartition(':')[2]}"
