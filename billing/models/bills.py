"""Which payment paid which bill, as the provider says it."""

from django.db import models


class InvoicePayment(models.Model):
    """A row of the mirror, like dj-stripe's tables, which have none for this object.

    Since API 2025-03-31 neither an invoice nor a charge names the other: this object does, by the
    payment intent that both know.
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
