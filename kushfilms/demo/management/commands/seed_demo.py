"""`manage.py seed_demo`: what the launcher runs after `migrate`.

The first film is made and sent here, the others by a worker: the site should open in seconds, and
encoding can only begin once it does. A start that was killed goes on with the next.
"""

import logging
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from kombu.exceptions import OperationalError

from kushfilms.core.errors import KushError
from kushfilms.demo.people import people_add
from kushfilms.demo.sending import film_send_next
from kushfilms.demo.shelf import films_unsent
from kushfilms.demo.tasks import send_film

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Add the demo's logins and films. Only in the embedded run; again does no harm."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="send every film here and now")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.ENVIRONMENT not in {"embedded", "test"}:
            raise CommandError("These logins have known passwords: only in the embedded run.")
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
