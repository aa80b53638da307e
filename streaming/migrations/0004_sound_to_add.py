"""Sound can be added to a finished film: a narration, a dub."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("streaming", "0003_tracks_to_add")]

    operations = [
        migrations.AlterField(
            "videoasset",
            "kind",
            models.CharField(
                choices=[("FEATURE", "Feature"), ("TRAILER", "Trailer"), ("SOUND", "Sound")],
                default="FEATURE",
                max_length=7,
            ),
        ),
        migrations.AddField(
            "audiotrack",
            "encode",
            models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="sound",
                to="streaming.encode",
            ),
        ),
        migrations.AddField("audiotrack", "replaces", models.BooleanField(default=False)),
        migrations.AddConstraint(
            "audiotrack",
            models.UniqueConstraint(fields=["asset", "label"], name="one_audio_track_a_label"),
        ),
        migrations.AddConstraint(
            "audiotrack",
            models.UniqueConstraint(
                fields=["asset"], condition=Q(default=True), name="one_audio_track_plays_first"
            ),
        ),
        migrations.AddConstraint(
            "audiotrack",
            models.CheckConstraint(
                condition=Q(source="UPLOADED") | Q(encode=None), name="only_added_sound_has_streams"
            ),
        ),
    ]
