"""Admin pages of the ledger, provider events, commands and differences. Money is read-only."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin.base import ReadOnlyAdmin
from billing.models import Discrepancy, LedgerEntry, ProviderCommand, ProviderEvent
from billing.sync.inbox import event_retry
from billing.sync.reconcile import discrepancy_repair


@admin.register(LedgerEntry)
class LedgerAdmin(ReadOnlyAdmin[LedgerEntry]):
    list_display = ["occurred_at", "kind", "amount", "payment"]
    list_filter = ["kind", "currency"]
    list_select_related = ["payment"]
    search_fields = ["provider_object_id", "payment__provider_payment_id"]
    date_hierarchy = "occurred_at"
    ordering = ["-occurred_at"]
    fields = ["occurred_at", "kind", "amount", "payment", "provider", "provider_object_id"]

    @admin.display(ordering="amount_minor")
    def amount(self, entry: LedgerEntry) -> str:
        return entry.amount_text


@admin.register(ProviderEvent)
class ProviderEventAdmin(ReadOnlyAdmin[ProviderEvent]):
    list_display = [
        "received_at",
        "type",
        "state",
        "object_id",
        "customer_id",
        "last_error",
        "processed_at",
    ]
    list_filter = ["state", "fetched", "type"]
    search_fields = ["event_id", "object_id", "customer_id"]
    ordering = ["-received_at"]
    actions = ["retry"]

    @admin.action(description="Try again", permissions=["retry"])
    def retry(self, request: HttpRequest, events: QuerySet[ProviderEvent]) -> None:
        count = sum(event_retry(event) for event in events)
        self.message_user(request, f"{count} events will be processed again.")

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("billing.retry_providerevent"))


@admin.register(ProviderCommand)
class ProviderCommandAdmin(ReadOnlyAdmin[ProviderCommand]):
    list_display = ["created_at", "kind", "state", "user", "object_id", "last_error", "finished_at"]
    list_filter = ["kind", "state"]
    list_select_related = ["user"]
    search_fields = ["user__email", "object_id"]
    ordering = ["-created_at"]


@admin.register(Discrepancy)
class DiscrepancyAdmin(ReadOnlyAdmin[Discrepancy]):
    list_display = ["found_at", "kind", "object_id", "customer_id", "detail", "resolved_at"]
    list_filter = [("resolved_at", admin.EmptyFieldListFilter), "kind"]
    search_fields = ["object_id", "customer_id"]
    ordering = ["-found_at"]
    actions = ["repair"]

    @admin.action(description="Fetch again and repair", permissions=["repair"])
    def repair(self, request: HttpRequest, rows: QuerySet[Discrepancy]) -> None:
        open_rows = list(rows.filter(resolved_at=None))
        for row in open_rows:
            discrepancy_repair(row)
        self.message_user(request, f"{len(open_rows)} differences are being repaired.")

    def has_repair_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("billing.repair_discrepancy"))
