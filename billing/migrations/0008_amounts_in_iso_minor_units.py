"""UGX and ISK amounts in whole units: until now the rows held Stripe's hundredths.

Only these two currencies differ (`kushfilms.core.currencies`). The ledger's triggers refuse every
change, so they are off for this one statement, inside the migration's transaction.
"""

from django.db import migrations

AFFECTED = "provider = 'stripe' AND currency IN ('UGX', 'ISK')"
STATEMENTS = """
UPDATE billing_order AS o SET amount_minor = o.amount_minor {change}
FROM billing_payment AS p
WHERE o.kind = 'REFUND' AND o.object_id = p.provider_payment_id AND o.provider = p.provider
    AND o.amount_minor IS NOT NULL AND p.provider = 'stripe' AND p.currency IN ('UGX', 'ISK');
UPDATE billing_payment
SET amount_minor = amount_minor {change}, refunded_minor = refunded_minor {change}
WHERE {affected};
ALTER TABLE billing_ledgerentry DISABLE TRIGGER ledger_no_change;
UPDATE billing_ledgerentry SET amount_minor = amount_minor {change} WHERE {affected};
ALTER TABLE billing_ledgerentry ENABLE TRIGGER ledger_no_change;
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0007_orders_on_bills_and_later_plans")]
    operations = [
        migrations.RunSQL(
            STATEMENTS.format(change="/ 100", affected=AFFECTED),
            STATEMENTS.format(change="* 100", affected=AFFECTED),
        )
    ]
