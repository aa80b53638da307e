"""Orders that void a bill or set a plan without money, and what staff must look at of them."""

from django.db import migrations, models

ORDERS = [
    ("CANCEL", "Cancel"),
    ("REACTIVATE", "Reactivate"),
    ("CHANGE_PLAN", "Change Plan"),
    ("LOWER_LATER", "Lower Later"),
    ("SET_PLAN", "Set Plan"),
    ("END", "End"),
    ("VOID", "Void"),
    ("REFUND", "Refund"),
    ("FORGET", "Forget"),
]
DISCREPANCIES = [
    ("UNKNOWN_PRICE", "Unknown Price"),
    ("CURRENCY", "Currency"),
    ("SECOND_SUBSCRIPTION", "Second Subscription"),
    ("UNKNOWN_CUSTOMER", "Unknown Customer"),
    ("PAID_AFTER_END", "Paid After End"),
    ("REFUND_FAILED", "Refund Failed"),
    ("ORDER_REFUSED", "Order Refused"),
    ("CUSTOMER_GONE", "Customer Gone"),
    ("MISSED", "Missed"),
]


class Migration(migrations.Migration):
    dependencies = [("billing", "0006_what_a_payment_paid_for")]
    operations = [
        migrations.AlterField(
            model_name="order",
            name="kind",
            field=models.CharField(choices=ORDERS, max_length=16),
        ),
        migrations.AddField(
            model_name="order",
            name="priced_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="discrepancy",
            name="kind",
            field=models.CharField(choices=DISCREPANCIES, max_length=19),
        ),
    ]
