"""Admin pages of payments, and of a refund: form, confirmation page, refund."""

from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from accounts.admin.base import ReadOnlyAdmin
from billing.models import Payment
from billing.services.refunds import (
    REFUNDABLE,
    payment_refund,
    refund_amount,
    refund_effect,
)
from kushfilms.core.currencies import money_text
from kushfilms.core.errors import InvalidInput
from kushfilms.core.form_fields import LineFormField


class RefundForm(forms.Form):
    """Form of a refund. `amount` is free text; empty means all that is left."""

    amount = LineFormField(required=False, max_length=24)
    reason = LineFormField(max_length=500)


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin[Payment]):
    list_display = [
        "paid_at",
        "user",
        "amount",
        "status",
        "refunded",
        "purpose",
        "disputed",
    ]
    list_filter = ["status", "purpose", "disputed", "currency"]
    list_select_related = ["user"]
    search_fields = ["user__email", "provider_payment_id"]
    date_hierarchy = "paid_at"
    ordering = ["-paid_at"]
    fields = [
        "user",
        "paid_at",
        "amount",
        "refunded",
        "status",
        "purpose",
        "disputed",
        "description",
        "failure_message",
        "receipt_url",
        "provider",
        "provider_payment_id",
        "provider_subscription_id",
    ]

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
            is_allowed = request.user.has_perm("billing.refund_payment")
            is_refundable = payment.status in REFUNDABLE and not payment.disputed
            context |= {"may_refund": is_allowed and is_refundable, "left": payment.left_text}
        return super().render_change_form(request, context, *args, **kwargs)

    def refund_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Show the confirmation page for a form, or refund once its amount is confirmed."""
        self.must(request, "billing.refund_payment")
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        payment = get_object_or_404(Payment.objects.select_related("user"), pk=pk)
        form = RefundForm(request.POST)
        try:
            minor = self._amount(payment, form)
        except InvalidInput as exc:
            fields = exc.extras.get("fields") or {}
            faults = [fault for field_faults in fields.values() for fault in field_faults]
            fault = " ".join([exc.message, *faults])
            return self._refund_page(request, payment, form, fault=fault)
        if request.POST.get("confirm") != str(minor):
            return self._refund_page(request, payment, form, minor=minor)
        back = reverse("admin:billing_payment_change", args=[pk])
        message = "Refund requested. It appears here when the payment service has completed it."
        reason = form.cleaned_data["reason"]
        refund = partial(payment_refund, payment, amount_minor=minor, reason=reason)
        return self.act(request, refund, said=message, back=back)

    def _amount(self, payment: Payment, form: RefundForm) -> int:
        """Return the amount in minor units.

        Raises:
            InvalidInput: no reason, or an impossible amount.
        """
        if not form.is_valid():
            raise InvalidInput("Enter a reason.")
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
        """Return the confirmation page, or, with a fault, the form with its values kept."""
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
            context["ends"] = refund_effect(payment, amount_minor=minor)
        return TemplateResponse(request, "admin/billing/payment/refund.html", context)
