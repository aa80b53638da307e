"""Sheets of films that somebody sent in, and what their check said."""

import uuid

import django.utils.timezone
from django.db import migrations, models

STATES = [
    ("CHECKING", "Being checked"),
    ("FAULTY", "Has faults"),
    ("CHECKED", "Ready to apply"),
    ("APPLYING", "Being applied"),
    ("APPLIED", "Applied"),
    ("FAILED", "Failed"),
]


class Migration(migrations.Migration):
    dependencies = [("catalog", "0015_schedule")]

    operations = [
        migrations.CreateModel(
            name="MovieImport",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("filename", models.CharField(max_length=200)),
                ("key", models.CharField(blank=True, max_length=200)),
                ("state", models.CharField(choices=STATES, default="CHECKING", max_length=8)),
                ("report", models.JSONField(default=dict)),
                ("actor_id", models.UUIDField(null=True)),
                ("actor_role", models.CharField(blank=True, max_length=12)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("applied_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "import of films",
                "verbose_name_plural": "imports of films",
                "indexes": [models.Index(fields=["-created_at"], name="import_newest")],
            },
        ),
    ]
