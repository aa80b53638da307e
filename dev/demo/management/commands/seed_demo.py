"""Command `manage.py seed_demo`, which the launcher runs after `migrate`.

It renders and uploads the first film, and a worker the others, because the site should open within
seconds and encoding can only start afterwards. After a start that was killed, the next continues.

`--movies 10000 --people 5000 --series 200 --history 1000000` instead generates a catalogue and its
audience for benchmarks, without videos; `--remove` deletes them.
"""

import logging
import time
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from kombu.exceptions import OperationalError

from dev.demo.crowd.seed import crowd_add, crowd_remove, statistics_renew
from dev.demo.people import people_add
from dev.demo.shelf import films_unsent
from dev.demo.tasks import send_film
from dev.demo.uploads import film_send_next
from kushfilms.core.errors import KushError

logger = logging.getLogger(__name__)


CROWD = ("movies", "people", "series", "history")
MOST = 10_000_000


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:9]) <= MOST and len(text) <= 8):
        raise ArgumentTypeError(f"{text[:20]} is not a number up to {MOST:,}")
    return int(text)


class Command(BaseCommand):
    help = "Add the demo logins and films, in local runs only. Idempotent."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="upload every film in this process")
        for name in CROWD:
            parser.add_argument(
                f"--{name}", type=_number, default=0, help=f"number of {name} to generate"
            )
        parser.add_argument(
            "--seed", type=int, default=1, help="random seed; the same seed generates the same rows"
        )
        parser.add_argument("--remove", action="store_true", help="delete the generated rows")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.ENVIRONMENT not in {"embedded", "test"}:
            raise CommandError(
                "Only local runs may add the demo logins, whose passwords are public."
            )
        if options["remove"] or any(options[name] for name in CROWD):
            self._crowd(options)
            return
        if added := people_add():
            self.stdout.write(f"{added} logins added.")
        unsent = len(films_unsent())
        if not unsent:
            self.stdout.write("All films are uploaded.")
            return
        try:
            self._send_films(count=unsent if options["all"] else 1)
        except KushError as exc:
            raise CommandError(exc.message) from exc

    def _crowd(self, options: dict[str, Any]) -> None:
        report = self.stdout.write
        began = time.monotonic()
        if options["remove"]:
            crowd_remove(report=report)
            return
        sizes = {name: options[name] for name in CROWD}
        try:
            crowd_add(**sizes, seed=options["seed"], now=timezone.now(), report=report)
        except KushError as exc:
            raise CommandError(exc.message) from exc
        statistics_renew()
        report(f"Done in {time.monotonic() - began:.1f} s.")

    def _send_films(self, *, count: int) -> None:
        for _ in range(count):
            began = time.monotonic()
            if film := film_send_next():
                took = time.monotonic() - began
                self.stdout.write(f"“{film.title}” rendered and uploaded ({took:.1f} s).")
        if left := len(films_unsent()):
            self._hand_over(left)

    def _hand_over(self, left: int) -> None:
        try:
            send_film.apply_async(retry=False)
            self.stdout.write(f"A worker renders and uploads {left} more.")
        except OperationalError:
            logger.warning("broker unavailable; the next start uploads the other films")
