"""Opening a playback session is one trip to the database: it happens at every press of Play.

Who opens locks the person's row first, and each statement of a function sees what was committed
before it: of two devices that start at once the second one counts the first.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION streaming_open(
    _session uuid, _person uuid, _sign_in uuid, _film uuid, _asset uuid, _package bigint,
    _device text, _country text, _now timestamptz, _live_since timestamptz, _most int,
    OUT elsewhere int, OUT position_seconds int
) RETURNS SETOF record LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM accounts_user WHERE id = _person FOR UPDATE;
    IF NOT FOUND THEN RETURN; END IF;

    SELECT count(*) INTO elsewhere FROM streaming_playbacksession
    WHERE user_id = _person AND last_heartbeat_at > _live_since
        AND ended_at IS NULL AND revoked_at IS NULL AND sign_in_id <> _sign_in;

    IF elsewhere < _most THEN
        UPDATE streaming_playbacksession SET ended_at = _now
        WHERE user_id = _person AND last_heartbeat_at > _live_since
            AND ended_at IS NULL AND revoked_at IS NULL AND sign_in_id = _sign_in;

        INSERT INTO streaming_playbacksession (
            id, user_id, sign_in_id, asset_id, package_id, device_name, country,
            started_at, last_heartbeat_at, revoked_code
        ) VALUES (
            _session, _person, _sign_in, _asset, _package, _device, _country, _now, _now, ''
        );
    END IF;

    SELECT progress INTO position_seconds FROM catalog_watchhistory
    WHERE user_id = _person AND movie_id = _film AND NOT completed;
    RETURN NEXT;
END $$;
"""
BACKWARD = """
DROP FUNCTION streaming_open(
    uuid, uuid, uuid, uuid, uuid, bigint, text, text, timestamptz, timestamptz, int
);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("streaming", "0005_tell_of_packages"),
        ("catalog", "0017_tell_of_changes"),
        ("accounts", "0001_initial"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
