from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0004_session_country"),
    ]

    operations = [
        migrations.AddField(
            model_name="session",
            name="second_factor",
            field=models.BooleanField(default=False, db_default=False),
        ),
        migrations.AddField(
            model_name="totp",
            name="tries",
            field=models.PositiveSmallIntegerField(default=0, db_default=0),
        ),
        migrations.AddField(
            model_name="totp",
            name="tries_from",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
