"""A film knows whether it has a trailer, and readers are told when that changes."""

from importlib import import_module

from django.db import migrations, models

COLUMNS = import_module("catalog.migrations.0017_tell_of_changes").COLUMNS["catalog_movie"]


def tell(*names: str) -> str:
    listed = ", ".join(f'"{name}"' for name in names)
    return (
        "DROP TRIGGER tell ON catalog_movie;"
        f"CREATE TRIGGER tell AFTER INSERT OR DELETE OR UPDATE OF {listed} ON catalog_movie"
        " FOR EACH ROW EXECUTE FUNCTION catalog_tell();"
    )


class Migration(migrations.Migration):
    dependencies = [("catalog", "0017_tell_of_changes")]

    operations = [
        migrations.AddField(
            "movie",
            "trailer_duration",
            models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.RunSQL(tell(*COLUMNS, "trailer_duration"), tell(*COLUMNS)),
    ]
