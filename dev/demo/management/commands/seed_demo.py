"""`manage.py seed_demo`: what the launcher runs after `migrate`.

The first film is made and sent here, the others by a worker: the site should open in seconds, and
encoding can only begin once it does. A start that was killed goes on with the next.

`--movies 10000 --people 5000 --series 200 --history 1000000` instead makes up a catalogue and its
audience for benches, without videos; `--remove` takes that away again.
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
        raise ArgumentTypeError(f"{text[:20]} is no number up to {MOST:,}")
    return int(text)


class Command(BaseCommand):
    help = "Add the demo's logins and films. Only in the embedded run; again does no harm."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="send every film here and now")
        for name in CROWD:
            parser.add_argument(f"--{name}", type=_number, default=0, help=f"make up {name}")
        parser.add_argument("--seed", type=int, default=1, help="the same rows for the same one")
        parser.add_argument("--remove", action="store_true", help="take what was made up away")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.ENVIRONMENT not in {"embedded", "test"}:
            raise CommandError("These logins have known passwords: only in the embedded run.")
        if options["remove"] or any(options[name] for name in CROWD):
            self._crowd(options)
            return
        if added := people_add():
            self.stdout.write(f"{added} logins added.")
        unsent = len(films_unsent())
        if not unsent:
            self.stdout.write("Every film is there.")
            return
        try:
            self._send_films(count=unsent if options["all"] else 1)
        except KushError as exc:
            raise CommandError(exc.message) from exc

    def _crowd(self, options: dict[str, Any]) -> None:
        tell = self.stdout.write
        began = time.monotonic()
        if options["remove"]:
            crowd_remove(tell=tell)
            return
        sizes = {name: options[name] for name in CROWD}
        try:
            crowd_add(**sizes, seed=options["seed"], now=timezone.now(), tell=tell)
        except KushError as exc:
            raise CommandError(exc.message) from exc
        statistics_renew()
        tell(f"Done in {time.monotonic() - began:.1f} s.")

    def _send_films(self, *, count: int) -> None:
        for _ in range(count):
            began = time.monotonic()
            if film := film_send_next():
                took = time.monotonic() - began
                self.stdout.write(f"“{film.title}” made and sent ({took:.1f} s).")
        if left := len(films_unsent()):
            self._hand_over(left)

    def _hand_over(self, left: int) -> None:
        try:
            send_film.apply_async(retry=False)
            self.stdout.write(f"{left} more will be made and sent by a worker.")
        except OperationalError:
            logger.warning("the broker is away; the next start sends the other films")
