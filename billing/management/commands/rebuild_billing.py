"""`manage.py rebuild_billing [--customer cus_…] [--fetch]`: our rows, made anew."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from billing.providers import provider
from billing.sync.reconcile import customer_rebuild, customer_reconcile, customers_known


class Command(BaseCommand):
    help = "Make mirror, subscriptions, payments and ledger anew. Again is the same; no mails."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--customer", help="only this one")
        parser.add_argument("--fetch", action="store_true", help="ask the provider first")

    def handle(self, *args: Any, **options: Any) -> None:
        source, count = provider().name, 0
        for customer_id in [options["customer"]] if options["customer"] else customers_known():
            if options["fetch"]:
                customer_reconcile(customer_id, source=source)
            customer_rebuild(customer_id, source=source)
            count += 1
        self.stdout.write(f"{count} customers")
