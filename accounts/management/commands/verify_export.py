"""`manage.py verify_export FILE`, which checks that an export is ours and unchanged."""

import hashlib
import json
import zipfile
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.crypto import constant_time_compare

from accounts.privacy.archive import signature

BLOCK = 1024 * 1024


class Command(BaseCommand):
    help = "Check the signature and the hashes of a data export."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with zipfile.ZipFile(options["file"]) as archive:
                self._check(archive)
        except (OSError, zipfile.BadZipFile, KeyError, ValueError) as exc:
            raise CommandError(f"This is not a complete export: {exc}") from exc
        self.stdout.write("The export is complete and signed by us.")

    def _check(self, archive: zipfile.ZipFile) -> None:
        manifest = archive.read("manifest.json")
        signed = archive.read("manifest.signature").decode()
        if not constant_time_compare(signature(manifest), signed):
            raise CommandError("manifest.json was not signed by us.")
        for name, expected in json.loads(manifest)["sha256"].items():
            if self._hash(archive, name) != expected:
                raise CommandError(f"{name} was changed.")

    def _hash(self, archive: zipfile.ZipFile, name: str) -> str:
        digest = hashlib.sha256()
        with archive.open(name) as file:
            while block := file.read(BLOCK):
                digest.update(block)
        return digest.hexdigest()
