"""Where a sign-in came from, for the list of one's devices."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_audit_triggers")]
    operations = [
        migrations.AddField(
            model_name="session",
            name="country",
            field=models.CharField(blank=True, default="", max_length=2),
            preserve_default=False,
        ),
    ]
