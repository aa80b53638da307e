"""The audit log says no to change in the database itself, whoever asks.

One change is let through: blanking what a row says of a person who has been erased, or where an
erased person wrote from. Which rows those are the trigger reads from the person's own row.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION auditlog_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION auditlog_is_erased(person text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1 FROM accounts_user WHERE id::text = person AND erased_at IS NOT NULL
    )
$$;

CREATE FUNCTION auditlog_only_blank_the_erased() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    expected accounts_auditlog := OLD;
BEGIN
    IF OLD.entity = 'accounts.User' AND auditlog_is_erased(OLD.entity_id) THEN
        expected.label := '';
        expected.old_values := '{}';
        expected.new_values := '{}';
        expected.reason := '';
    END IF;
    IF auditlog_is_erased(OLD.actor_id::text) THEN
        expected.ip := NULL;
        expected.user_agent := '';
    END IF;
    IF NEW IS DISTINCT FROM expected THEN
        RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER auditlog_no_update BEFORE UPDATE ON accounts_auditlog
    FOR EACH ROW EXECUTE FUNCTION auditlog_only_blank_the_erased();
CREATE TRIGGER auditlog_no_delete BEFORE DELETE ON accounts_auditlog
    FOR EACH ROW EXECUTE FUNCTION auditlog_refuse();
CREATE TRIGGER auditlog_no_truncate BEFORE TRUNCATE ON accounts_auditlog
    FOR EACH STATEMENT EXECUTE FUNCTION auditlog_refuse();
"""
BACKWARD = """
DROP TRIGGER auditlog_no_truncate ON accounts_auditlog;
DROP TRIGGER auditlog_no_delete ON accounts_auditlog;
DROP TRIGGER auditlog_no_update ON accounts_auditlog;
DROP FUNCTION auditlog_only_blank_the_erased;
DROP FUNCTION auditlog_is_erased;
DROP FUNCTION auditlog_refuse;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_rights_grants_and_audit")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
