"""Links between the provider's payments and bills."""

from django.db import models


class InvoicePayment(models.Model):
    """Row of the mirror for an object that has no table in dj-stripe.

    Since API 2025-03-31 neither an invoice nor a charge names the other. This object connects
    them by the payment intent that both name.
    """

    id = models.CharField(max_length=100, primary_key=True)
    invoice_id = models.CharField(max_length=100)
    payment_intent_id = models.CharField(max_length=100, blank=True)
    stripe_data = models.JSONField(default=dict)
    livemode = models.BooleanField(default=False)
    created = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # The bill of a charge.
            models.Index(fields=["payment_intent_id"], name="bill_by_payment_intent"),
        ]

    def __str__(self) -> str:
        return f"{self.payment_intent_id} for {self.invoice_id}"
