"""Manual actions of staff on encodes and streams, each in the audit log."""

from uuid import UUID

from django.db import transaction

from accounts.services.audit import audit_write
from streaming.models import Encode, PlaybackSession, VideoAsset
from streaming.services.encodes import encode_retry, encode_start
from streaming.services.playback_sessions import sessions_revoke


@transaction.atomic
def encode_again(asset: VideoAsset) -> Encode:
    """Encode from the source. Raises as `encode_start`."""
    old = {"status": asset.status}
    encode = encode_start(asset)
    audit_write("videoasset.encode_again", asset, old=old, new={"encode": encode.pk})
    return encode


@transaction.atomic
def encode_resume(asset: VideoAsset) -> Encode:
    """Continue a failed encode. Raises as `encode_retry`."""
    old = {"status": asset.status}
    encode = encode_retry(asset)
    audit_write("videoasset.encode_retry", asset, old=old, new={"encode": encode.pk})
    return encode


@transaction.atomic
def playbacks_stop(session_ids: list[UUID]) -> int:
    """End these streams now; return how many were running."""
    rows = PlaybackSession.objects.select_for_update(of=("self",)).select_related("user")
    running = list(rows.filter(pk__in=session_ids, revoked_at=None))
    sessions_revoke([session.pk for session in running], code="no_entitlement")
    for session in running:
        audit_write("playbacksession.stop", session, old={"live": True}, new={"live": False})
    return len(running)
