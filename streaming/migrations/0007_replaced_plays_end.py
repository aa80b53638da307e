"""A play that a new one replaces loses its token, and a heartbeat of the future is no sign of life.

`streaming_begin` stands beside `streaming_open`, which processes of the release before still call
while this one is deployed.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION streaming_begin(
    _session uuid, _person uuid, _sign_in uuid, _film uuid, _asset uuid, _package bigint,
    _device text, _country text, _now timestamptz, _live_since timestamptz, _most int,
    _grace_seconds int,
    OUT elsewhere int, OUT position_seconds int, OUT replaced uuid[]
) RETURNS SETOF record LANGUAGE plpgsql AS $$
DECLARE
    -- A clock that went back leaves heartbeats ahead of it: as far ahead as one may lie behind.
    _live_until timestamptz := _now + (_now - _live_since);
BEGIN
    PERFORM FROM accounts_user WHERE id = _person FOR UPDATE;
    IF NOT FOUND THEN RETURN; END IF;

    SELECT count(*) INTO elsewhere FROM streaming_playbacksession
    WHERE user_id = _person AND last_heartbeat_at > _live_since
        AND last_heartbeat_at <= _live_until
        AND ended_at IS NULL AND revoked_at IS NULL AND sign_in_id <> _sign_in;

    replaced := '{}';
    IF elsewhere < _most THEN
        UPDATE streaming_playbacksession SET ended_at = _now
        WHERE user_id = _person AND last_heartbeat_at > _live_since
            AND ended_at IS NULL AND revoked_at IS NULL AND sign_in_id = _sign_in;

        -- Tokens outlive plays. Those that may still run keep the places the limit leaves beside
        -- the new play: running ones first, then the latest. Staff's previews, which are born
        -- ended, are outside every limit.
        WITH running AS (
            SELECT play.id, row_number() OVER (
                ORDER BY play.ended_at IS NOT NULL, play.last_heartbeat_at DESC, play.id
            ) AS place
            FROM streaming_playbacksession AS play
            JOIN streaming_videoasset AS asset ON asset.id = play.asset_id
            WHERE play.user_id = _person AND play.revoked_at IS NULL
                AND play.ended_at IS DISTINCT FROM play.started_at
                AND play.last_heartbeat_at
                    > _now - make_interval(secs => asset.duration_seconds + _grace_seconds)
        ), gone AS (
            UPDATE streaming_playbacksession AS play
            SET revoked_at = _now, revoked_code = 'stream_limit'
            FROM running WHERE running.id = play.id AND running.place >= _most
            RETURNING play.id
        )
        SELECT coalesce(array_agg(gone.id), '{}') INTO replaced FROM gone;

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
DROP FUNCTION streaming_begin(
    uuid, uuid, uuid, uuid, uuid, bigint, text, text, timestamptz, timestamptz, int, int
);
"""


class Migration(migrations.Migration):
    dependencies = [("streaming", "0006_opening")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
