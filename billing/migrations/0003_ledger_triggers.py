"""The ledger says no to change in the database itself, whoever asks: a reversal is a row."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER ledger_no_change BEFORE UPDATE OR DELETE ON billing_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_no_truncate BEFORE TRUNCATE ON billing_ledgerentry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
"""
BACKWARD = """
DROP TRIGGER ledger_no_truncate ON billing_ledgerentry;
DROP TRIGGER ledger_no_change ON billing_ledgerentry;
DROP FUNCTION ledger_refuse;
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0002_money")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
