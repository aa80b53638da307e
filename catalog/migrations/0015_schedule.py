"""Films that go public by the clock, and whether a licence was open when the sweep last looked."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("catalog", "0014_former_replies_answer_their_thread")]

    operations = [
        migrations.AddField(
            model_name="movie",
            name="licence_open",
            field=models.BooleanField(db_default=True, default=True, editable=False),
        ),
        migrations.AddIndex(
            model_name="movie",
            index=models.Index(
                fields=["publish_at"],
                name="movie_scheduled",
                condition=Q(published=False, publish_at__isnull=False),
            ),
        ),
        migrations.AddIndex(
            model_name="movie",
            index=models.Index(
                fields=["licence_ends_at", "licence_starts_at"],
                name="movie_licensed",
                condition=Q(licence_ends_at__isnull=False) | Q(licence_starts_at__isnull=False),
            ),
        ),
        migrations.AddIndex(
            model_name="movie",
            index=models.Index(
                fields=["id"], name="movie_shut", condition=Q(licence_open=False)
            ),
        ),
    ]
