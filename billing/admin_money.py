"""Payments, the ledger, what the provider told us, and where we differ. Money is read-only."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse

from accounts.back_office import ReadOnlyAdmin
from billing.models import Discrepancy, LedgerEntry, Order, Payment, ProviderEvent
from billing.services.inbox import event_retry
from billing.services.reconciling import discrepancy_repair
from billing.services.refunds import REFUNDABLE, payment_refund
from kushfilms.core.errors import InvalidInput


class RefundForm(forms.Form):
    """Without an amount, all that is left."""

    amount = forms.DecimalField(required=False, min_value=0, max_digits=12, decimal_places=2)
    reason = forms.CharField(max_length=500)


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin[Payment]):
    list_display = [
        "paid_at", "user", "amount", "currency", "status", "refunded", "disputed", "description",
    ]  # fmt: skip
    list_filter = ["status", "disputed", "currency"]
    list_select_related = ["user"]
    search_fields = ["user__email", "provider_payment_id"]
    date_hierarchy = "paid_at"
    ordering = ["-paid_at"]

    def get_urls(self) -> list[URLPattern]:
        refund = self.admin_site.admin_view(self.refund_view)
        own = path("<uuid:pk>/refund/", refund, name="billing_payment_refund")
        return [own, *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        payment = kwargs.get("obj")
        if payment is not None:
            may = request.user.has_perm("billing.refund_payment")
            open_ = payment.status in REFUNDABLE and not payment.disputed
            context |= {"may_refund": may and open_, "left": payment.amount - payment.refunded}
        return super().render_change_form(request, context, *args, **kwargs)

    def refund_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        self.must(request, "billing.refund_payment")
        payment = get_object_or_404(Payment.objects.select_related("user"), pk=pk)

        def refund() -> None:
            form = RefundForm(request.POST)
            if not form.is_valid():
                raise InvalidInput("Say how much, and why.")
            amount = form.cleaned_data["amount"]
            minor = payment.minor(amount) if amount is not None else None
            payment_refund(payment, amount_minor=minor, reason=form.cleaned_data["reason"])

        back = reverse("admin:billing_payment_change", args=[pk])
        said = "Asked for. It shows here when the payment service has done it."
        return self.act(request, refund, said=said, back=back)


@admin.register(LedgerEntry)
class LedgerAdmin(ReadOnlyAdmin[LedgerEntry]):
    list_display = ["occurred_at", "kind", "amount_minor", "currency", "payment"]
    list_filter = ["kind", "currency"]
    list_select_related = ["payment"]
    search_fields = ["provider_object_id", "payment__provider_payment_id"]
    date_hierarchy = "occurred_at"
    ordering = ["-occurred_at"]


@admin.register(ProviderEvent)
class ProviderEventAdmin(ReadOnlyAdmin[ProviderEvent]):
    list_display = [
        "received_at", "type", "state", "object_id", "customer_id", "last_error", "processed_at",
    ]  # fmt: skip
    list_filter = ["state", "fetched", "type"]
    search_fields = ["event_id", "object_id", "customer_id"]
    ordering = ["-received_at"]
    actions = ["retry"]

    @admin.action(description="Try again", permissions=["retry"])
    def retry(self, request: HttpRequest, events: QuerySet[ProviderEvent]) -> None:
        again = sum(event_retry(event) for event in events)
        self.message_user(request, f"{again} will be read again. What is done is left.")

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("billing.retry_providerevent"))


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin[Order]):
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

    @admin.action(description="Ask again, put right and settle", permissions=["repair"])
    def repair(self, request: HttpRequest, rows: QuerySet[Discrepancy]) -> None:
        found = list(rows.filter(resolved_at=None))
        for row in found:
            discrepancy_repair(row)
        self.message_user(request, f"{len(found)} are being put right.")

    def has_repair_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("billing.repair_discrepancy"))
