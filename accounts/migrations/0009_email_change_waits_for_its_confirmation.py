from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0008_spent_refresh_tokens"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="pending_email",
            field=models.EmailField(blank=True, db_default="", default="", max_length=254),
        ),
        migrations.AlterField(
            model_name="onetimetoken",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("VERIFY_EMAIL", "Verify Email"),
                    ("RESET_PASSWORD", "Reset Password"),
                    ("CHANGE_EMAIL", "Change Email"),
                    ("UNDO_EMAIL", "Undo Email"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddIndex(
            model_name="onetimetoken",
            index=models.Index(
                condition=models.Q(("purpose", "UNDO_EMAIL"), ("used_at", None)),
                fields=["email"],
                name="one_time_token_kept_address",
            ),
        ),
    ]
