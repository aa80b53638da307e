"""What staff gave moves beside what is paid for, into columns of its own."""

from django.db import migrations

FORWARD = """
UPDATE billing_subscription
SET complimentary_plan = plan, complimentary_until = current_period_end,
    plan = 'FREE', status = 'ACTIVE', provider = '',
    current_period_start = NULL, current_period_end = NULL, canceled_at = NULL
WHERE provider = 'complimentary' AND plan <> 'FREE' AND status = 'ACTIVE';
UPDATE billing_subscription
SET plan = 'FREE', status = 'ACTIVE', provider = '',
    current_period_start = NULL, current_period_end = NULL, canceled_at = NULL
WHERE provider = 'complimentary';
"""
BACKWARD = """
UPDATE billing_subscription
SET plan = complimentary_plan, status = 'ACTIVE', provider = 'complimentary',
    current_period_start = LEAST(created_at, complimentary_until - interval '1 second'),
    current_period_end = complimentary_until,
    complimentary_plan = '', complimentary_until = NULL
WHERE complimentary_plan <> '' AND provider = '';
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0003_ledger_triggers")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
