"""A row for every sentence that staff are told about a film."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("streaming", "0007_replaced_plays_end")]

    operations = [
        migrations.CreateModel(
            name="VideoWarning",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("step", models.CharField(max_length=24)),
                ("code", models.CharField(max_length=40)),
                ("values", models.JSONField(blank=True, default=dict)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "asset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="warnings",
                        to="streaming.videoasset",
                    ),
                ),
            ],
            options={"ordering": ["pk"]},
        ),
    ]
