from django.db import migrations, models


class Migration(migrations.Migration):
    """What people read of a purpose; the column stays as it is."""

    dependencies = [
        ("accounts", "0006_language_not_chosen"),
    ]

    operations = [
        migrations.AlterField(
            model_name="consent",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("TERMS", "Terms"),
                    ("PRIVACY", "Privacy"),
                    ("MARKETING_EMAIL", "Mail about new films"),
                    ("ANALYTICS", "Counting visits"),
                ],
                max_length=16,
            ),
        ),
    ]
