"""Country of a play, so that a chart of one country counts that country alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0019_history_in_order")]

    operations = [
        migrations.AddField(
            model_name="play",
            name="country",
            field=models.CharField(blank=True, db_default="", max_length=2),
        ),
        migrations.AddField(
            model_name="movieday",
            name="home_plays",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="trend",
            name="home_rank",
            field=models.PositiveIntegerField(db_index=True, null=True),
        ),
    ]
