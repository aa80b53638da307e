"""Payments, the ledger, the provider's events, and where we differ. Money is read-only."""

from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from accounts.back_office import ReadOnlyAdmin
from billing.models import Discrepancy, LedgerEntry, Order, Payment, ProviderEvent
from billing.services.inbox import event_retry
from billing.services.reconciling import discrepancy_repair
from billing.services.refunds import (
    REFUNDABLE,
    payment_refund,
    refund_amount,
    refund_ends,
)
from kushfilms.core.currencies import money_text
from kushfilms.core.errors import InvalidInput


class RefundForm(forms.Form):
    """`amount` as people write it; without one, all that is left."""

    amount = forms.CharField(required=False, max_length=24)
    reason = forms.CharField(max_length=500)


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin[Payment]):
    list_display = [
        "paid_at", "user", "amount", "status", "refunded", "purpose", "disputed",
    ]  # fmt: skip
    list_filter = ["status", "purpose", "disputed", "currency"]
    list_select_related = ["user"]
    search_fields = ["user__email", "provider_payment_id"]
    date_hierarchy = "paid_at"
    ordering = ["-paid_at"]
    fields = [
        "user", "paid_at", "amount", "refunded", "status", "purpose", "disputed", "description",
        "failure_message", "receipt_url", "provider", "provider_payment_id",
        "provider_subscription_id",
    ]  # fmt: skip

    @admin.display(ordering="amount_minor")
    def amount(self, payment: Payment) -> str:
        return payment.amount_text

    @admin.display(ordering="refunded_minor")
    def refunded(self, payment: Payment) -> str:
        return payment.refunded_text if payment.refunded_minor else "-"

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
            context |= {"may_refund": may and open_, "left": payment.left_text}
        return super().render_change_form(request, context, *args, **kwargs)

    def refund_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Amount and reason, then a page that says what happens, then the refund."""
        self.must(request, "billing.refund_payment")
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        payment = get_object_or_404(Payment.objects.select_related("user"), pk=pk)
        form = RefundForm(request.POST)
        try:
            minor = self._amount(payment, form)
        except InvalidInput as exc:
            return self._refund_page(request, payment, form, fault=_spoken(exc))
        if request.POST.get("confirm") != str(minor):
            return self._refund_page(request, payment, form, minor=minor)
        back = reverse("admin:billing_payment_change", args=[pk])
        said = "Asked for. It shows here when the payment service has done it."
        reason = form.cleaned_data["reason"]
        refund = partial(payment_refund, payment, amount_minor=minor, reason=reason)
        return self.act(request, refund, said=said, back=back)

    def _amount(self, payment: Payment, form: RefundForm) -> int:
        """Raises InvalidInput."""
        if not form.is_valid():
            raise InvalidInput("Say why the money goes back.")
        return refund_amount(payment, form.cleaned_data["amount"])

    def _refund_page(
        self,
        request: HttpRequest,
        payment: Payment,
        form: RefundForm,
        *,
        minor: int | None = None,
        fault: str = "",
    ) -> HttpResponse:
        """Ask whether this is meant, or, with a fault, for what was wrong; nothing is lost."""
        context = {
            **self.admin_site.each_context(request),
            "title": f"Refund {payment}",
            "opts": self.opts,
            "payment": payment,
            "amount": request.POST.get("amount", ""),
            "reason": request.POST.get("reason", ""),
            "fault": fault,
            "minor": minor,
        }
        if minor is not None:
            context["refund"] = money_text(minor, payment.currency)
            context["ends"] = refund_ends(payment, amount_minor=minor)
        return TemplateResponse(request, "admin/billing/payment/refund.html", context)


def _spoken(exc: InvalidInput) -> str:
    faults = [fault for said in (exc.extras.get("fields") or {}).values() for fault in said]
    return " ".join([exc.message, *faults])


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
