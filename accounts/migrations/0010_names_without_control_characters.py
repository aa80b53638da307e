"""Names older than `kushfilms.core.text` lose what no page, feed or sheet can show."""

from django.db import migrations

SQL = r"""
UPDATE accounts_user
SET name = btrim(regexp_replace(name, '[\u0001-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069\u200B\u2060\uFEFF\uFFFE\uFFFF]+', ' ', 'g'))
WHERE name ~ '[\u0001-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069\u200B\u2060\uFEFF\uFFFE\uFFFF]'
"""  # noqa: E501


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0009_email_change_waits_for_its_confirmation"),
    ]

    operations = [
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
