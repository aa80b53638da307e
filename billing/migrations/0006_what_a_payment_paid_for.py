"""Which subscription a payment paid for, and which of its bills."""

from django.db import migrations, models

PURPOSES = [
    ("FIRST", "First month"),
    ("RENEWAL", "Renewal"),
    ("UPGRADE", "Change to a dearer plan"),
]


class Migration(migrations.Migration):
    dependencies = [("billing", "0005_changes_to_come")]
    operations = [
        migrations.CreateModel(
            name="InvoicePayment",
            fields=[
                ("id", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("invoice_id", models.CharField(max_length=100)),
                ("payment_intent_id", models.CharField(blank=True, max_length=100)),
                ("stripe_data", models.JSONField(default=dict)),
                ("livemode", models.BooleanField(default=False)),
                ("created", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["payment_intent_id"], name="bill_by_payment_intent"),
                ],
            },
        ),
        migrations.AddField(
            model_name="payment",
            name="provider_subscription_id",
            field=models.CharField(blank=True, db_default="", default="", max_length=100),
        ),
        migrations.AddField(
            model_name="payment",
            name="purpose",
            field=models.CharField(
                blank=True, choices=PURPOSES, db_default="", default="", max_length=7
            ),
        ),
    ]
