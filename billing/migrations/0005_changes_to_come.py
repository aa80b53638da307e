"""A subscription's changes to come, since when it owes money, and that it is paused."""

from django.db import migrations, models

PLANS = [("FREE", "Free"), ("BASIC", "Basic"), ("PREMIUM", "Premium")]
STATUSES = [
    ("ACTIVE", "Active"),
    ("TRIALING", "Trialing"),
    ("PAST_DUE", "Past Due"),
    ("CANCELED", "Canceled"),
    ("UNPAID", "Unpaid"),
    ("INCOMPLETE", "Incomplete"),
    ("PAUSED", "Paused"),
]
# A debt of before this migration runs from the period that is not paid for, as it did.
DEBTS = """
UPDATE billing_subscription SET past_due_since = current_period_start WHERE status = 'PAST_DUE';
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0004_complimentary_beside")]
    operations = [
        migrations.AddField(
            model_name="subscription",
            name="next_plan",
            field=models.CharField(
                blank=True, choices=PLANS, db_default="", default="", max_length=7
            ),
        ),
        migrations.AddField(
            model_name="subscription",
            name="upgrade_plan",
            field=models.CharField(
                blank=True, choices=PLANS, db_default="", default="", max_length=7
            ),
        ),
        migrations.AddField(
            model_name="subscription",
            name="past_due_since",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="subscription",
            name="status",
            field=models.CharField(choices=STATUSES, default="ACTIVE", max_length=10),
        ),
        migrations.RunSQL(DEBTS, migrations.RunSQL.noop),
    ]
