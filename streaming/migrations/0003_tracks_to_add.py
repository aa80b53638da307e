"""Subtitles can be added to a finished film, and a sound track is told by a person."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

SOURCE = models.CharField(
    choices=[("EMBEDDED", "in the film's file"), ("UPLOADED", "added")],
    default="EMBEDDED",
    max_length=8,
)
# As the encode's plan names them (streaming/encoding/planner.py).
NAMES = "UPDATE streaming_subtitle SET name = 's' || (position + 1) || '-' || lower(language)"


class Migration(migrations.Migration):
    dependencies = [("catalog", "0017_tell_of_changes"), ("streaming", "0002_counted_plays")]

    operations = [
        migrations.AddField("videoasset", "tracks_version", models.PositiveIntegerField(default=0)),
        migrations.AddField("package", "tracks_version", models.PositiveIntegerField(default=0)),
        migrations.AddField("audiotrack", "source", SOURCE),
        migrations.AddField("subtitle", "source", SOURCE),
        migrations.AddField("subtitle", "key", models.CharField(blank=True, max_length=200)),
        migrations.RemoveField("audiotrack", "vj"),
        migrations.AddField(
            "audiotrack",
            "narrator",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="catalog.person",
            ),
        ),
        migrations.AddField(
            "subtitle", "name", models.CharField(default="", max_length=60), preserve_default=False
        ),
        migrations.RunSQL(NAMES, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "subtitle",
            models.UniqueConstraint(fields=["asset", "name"], name="one_subtitle_a_directory"),
        ),
        migrations.AddConstraint(
            "subtitle",
            models.UniqueConstraint(fields=["asset", "label"], name="one_subtitle_a_label"),
        ),
        migrations.AddConstraint(
            "subtitle",
            models.UniqueConstraint(
                fields=["asset"], condition=Q(default=True), name="one_subtitle_comes_first"
            ),
        ),
        migrations.AddConstraint(
            "subtitle",
            models.UniqueConstraint(
                fields=["asset", "language"],
                condition=Q(source="UPLOADED"),
                name="one_added_subtitle_a_language",
            ),
        ),
        migrations.AddConstraint(
            "subtitle",
            models.CheckConstraint(
                condition=Q(source="EMBEDDED") | ~Q(key=""), name="an_added_subtitle_has_its_lines"
            ),
        ),
    ]
