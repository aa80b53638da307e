"""`manage.py recount`: recompute every counter of films, comments and followers from its rows."""

from typing import Any

from django.core.management.base import BaseCommand

from catalog.services.recount import everything_recount


class Command(BaseCommand):
    help = "Recompute every counter from the rows it counts, and list those that were wrong."

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = 0
        for found in everything_recount():
            wrong += 1
            model = found.row._meta.model_name
            where = f"{model} {found.row.pk} ({found.row})"
            self.stdout.write(f"{where}: {found.column} was {found.was}, is {found.now}")
        self.stdout.write(f"{wrong} corrected." if wrong else "Every counter is correct.")
