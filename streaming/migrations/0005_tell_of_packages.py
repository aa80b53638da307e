"""What plays of a film is remembered by web processes, so a change of it is told like an edit."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER tell AFTER DELETE OR UPDATE OF is_current, live_package_id, tracks_version
    ON streaming_videoasset FOR EACH ROW EXECUTE FUNCTION catalog_tell();
CREATE TRIGGER tell_emptied AFTER TRUNCATE ON streaming_videoasset
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_tell();
"""
BACKWARD = """
DROP TRIGGER tell ON streaming_videoasset;
DROP TRIGGER tell_emptied ON streaming_videoasset;
"""


class Migration(migrations.Migration):
    dependencies = [("streaming", "0004_sound_to_add"), ("catalog", "0017_tell_of_changes")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
