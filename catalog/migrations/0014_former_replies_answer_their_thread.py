"""Replies from before answer their thread's first comment, and are no news to anybody."""

from django.db import migrations

FORWARD = """
UPDATE catalog_comment SET reply_to_id = parent_id, reply_told = true
WHERE parent_id IS NOT NULL AND reply_to_id IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0013_follows_by_person")]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
