from django.db import migrations, models


def not_chosen(apps, schema_editor):
    """There was only English so far, so nobody chose it over another: whom their browser asks
    for Luganda gets Luganda, and one press brings English back."""
    apps.get_model("accounts", "User").objects.filter(locale="en").update(locale="")


def english(apps, schema_editor):
    apps.get_model("accounts", "User").objects.filter(locale="").update(locale="en")


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0005_second_factor_at_sign_in"),
    ]

    operations = [
        migrations.AlterField(
            model_name="user",
            name="locale",
            field=models.CharField(blank=True, default="", max_length=8),
        ),
        migrations.RunPython(not_chosen, english),
    ]
