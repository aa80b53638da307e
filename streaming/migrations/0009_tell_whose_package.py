"""A change of what plays names its film, so that readers forget only that film's media."""

from django.db import migrations

TRIGGER = """
DROP TRIGGER tell ON streaming_videoasset;
CREATE TRIGGER tell AFTER DELETE OR UPDATE OF is_current, live_package_id, tracks_version
    ON streaming_videoasset FOR EACH ROW EXECUTE FUNCTION {function};
"""


class Migration(migrations.Migration):
    dependencies = [("streaming", "0008_warnings"), ("catalog", "0025_tell_what_changed")]

    operations = [
        migrations.RunSQL(
            TRIGGER.format(function="catalog_tell_id('movie_id')"),
            TRIGGER.format(function="catalog_tell()"),
        )
    ]
