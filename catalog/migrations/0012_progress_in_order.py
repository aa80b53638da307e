"""Heartbeats of one playback have numbers, so that they cannot overtake one another."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0011_ratings_without_rows")]

    operations = [
        migrations.AddField(
            model_name="watchhistory",
            name="session_id",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="watchhistory",
            name="sequence",
            field=models.PositiveIntegerField(editable=False, null=True),
        ),
    ]
