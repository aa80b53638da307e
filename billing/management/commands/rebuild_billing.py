"""Command `manage.py rebuild_billing [--customer cus_…] [--fetch]`: rebuild of our rows."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from billing.providers import provider
from billing.sync.reconcile import customer_ids_in_inbox, customer_rebuild, customer_reconcile


class Command(BaseCommand):
    help = (
        "Rebuild mirror, subscriptions, payments and ledger from the inbox. Idempotent; sends no "
        "e-mails."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--customer", help="rebuild only this customer")
        parser.add_argument(
            "--fetch", action="store_true", help="fetch all objects from the provider first"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        source = provider().name
        count = 0
        for customer_id in (
            [options["customer"]] if options["customer"] else customer_ids_in_inbox()
        ):
            if options["fetch"]:
                customer_reconcile(customer_id, source=source)
            customer_rebuild(customer_id, source=source)
            count += 1
        self.stdout.write(f"{count} customers")
