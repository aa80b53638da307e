"""What one person follows, latest first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0012_progress_in_order")]

    operations = [
        migrations.AddIndex(
            model_name="follow",
            index=models.Index(fields=["user", "-created_at", "-id"], name="follow_by_user"),
        ),
    ]
