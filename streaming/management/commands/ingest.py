"""`manage.py ingest FILE --title "…"`: upload of a film from the shell."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from accounts.models import User
from accounts.roles import Role
from billing.models import Plan
from catalog.models import Movie
from catalog.services.films import movie_create
from kushfilms.core.errors import KushError
from streaming.models import AssetStatus, VideoAsset
from streaming.selectors.encodes import encode_report
from streaming.services.ingest import send_file

ENDED = {AssetStatus.READY, AssetStatus.FAILED}
POLL_SECONDS = 0.5


class Command(BaseCommand):
    help = "Upload a film from this machine and follow its encode. Run it again to resume."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        film = parser.add_mutually_exclusive_group(required=True)
        film.add_argument("--title", help="create a film with this title")
        film.add_argument("--movie", type=UUID, help="id of an existing film")
        parser.add_argument("--access-level", choices=Plan.values, default=Plan.FREE)
        parser.add_argument(
            "--publish", action="store_true", help="publish the film as soon as it is playable"
        )
        parser.add_argument(
            "--as", dest="email", help="e-mail of the uploader; default: the first admin"
        )
        parser.add_argument(
            "--no-wait", action="store_true", help="return when the upload is complete"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        try:
            asset = self._send(path, options)
        except KushError as exc:
            raise CommandError(exc.message) from exc
        self.stdout.write(f"Video {asset.pk} of film {asset.movie_id}: uploaded.")
        if not options["no_wait"]:
            self._follow(asset)

    def _send(self, path: Path, options: dict[str, Any]) -> VideoAsset:
        staff = User.objects.filter(role__in=[Role.ADMIN, Role.SUPER_ADMIN], is_banned=False)
        if options["email"]:
            staff = staff.filter(email__iexact=options["email"])
        uploader = staff.order_by("created_at").first()
        if uploader is None:
            raise CommandError(
                "There is no such admin. Create one with `manage.py createsuperuser`."
            )
        if options["movie"]:
            movie = Movie.objects.filter(pk=options["movie"]).first()
            if movie is None:
                raise CommandError("There is no such film.")
        else:
            # An interrupted upload goes on with the film that it created.
            unfinished = Movie.objects.filter(
                title=options["title"], playable=False, assets__status=AssetStatus.AWAITING_UPLOAD
            )
            movie = unfinished.first() or movie_create(
                title=options["title"],
                access_level=options["access_level"],
                publish_when_ready=options["publish"],
            )
        with tqdm(total=path.stat().st_size, unit="B", unit_scale=True, desc="Upload") as bar:
            return send_file(path, uploader_id=uploader.pk, movie_id=movie.pk, sent=bar.update)

    def _follow(self, asset: VideoAsset) -> None:
        """Show percent and seconds left until the encode ends. Raises CommandError if it fails."""
        with tqdm(total=100, unit="%", desc="Encode", bar_format="{l_bar}{bar}| {postfix}") as bar:
            while asset.status not in ENDED:
                time.sleep(POLL_SECONDS)
                asset.refresh_from_db()
                if report := encode_report(asset):
                    bar.update(report.progress - bar.n)
                    left = f"{report.seconds_left} s left" if report.seconds_left else ""
                    bar.set_postfix_str(f"{asset.status.lower()} {left}")
        if asset.status == AssetStatus.FAILED:
            raise CommandError(asset.error_message)
        self.stdout.write(self.style.SUCCESS(f"Ready: /movies/{asset.movie.slug}"))
