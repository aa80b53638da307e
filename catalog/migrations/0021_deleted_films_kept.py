"""Deleted films stay for a while, so that staff can restore them."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("catalog", "0020_plays_by_country")]

    operations = [
        migrations.AddField(
            model_name="movie",
            name="deleted_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="movie",
            name="before_deletion",
            field=models.JSONField(blank=True, default=dict, editable=False),
        ),
        migrations.AddConstraint(
            model_name="movie",
            constraint=models.CheckConstraint(
                condition=Q(deleted_at=None) | Q(published=False),
                name="a_deleted_film_is_not_public",
            ),
        ),
        migrations.AddIndex(
            model_name="movie",
            index=models.Index(
                condition=Q(deleted_at__isnull=False), fields=["deleted_at"], name="movie_deleted"
            ),
        ),
    ]
