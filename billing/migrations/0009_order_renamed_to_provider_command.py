"""Rename of a model in Django's state. No table changes: `db_table` stays `billing_order`."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("billing", "0008_amounts_in_iso_minor_units")]
    operations = [
        migrations.AlterModelTable(name="order", table="billing_order"),
        # With an equal table name before and after, this runs no SQL on the table. Outside
        # `SeparateDatabaseAndState` Django also renames the content type.
        migrations.RenameModel(old_name="Order", new_name="ProviderCommand"),
        migrations.AlterModelOptions(
            name="providercommand", options={"verbose_name": "provider command"}
        ),
    ]
