from django.db import migrations, models
from django.db.models import JSONField, Value


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0007_consent_purposes_by_name"),
    ]

    operations = [
        migrations.AddField(
            model_name="session",
            name="spent_tokens",
            field=models.JSONField(blank=True, db_default=Value([], JSONField()), default=list),
        ),
    ]
