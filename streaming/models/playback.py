"""Playback sessions."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Session
from kushfilms.core.models import UUIDModel
from streaming.models.assets import VideoAsset
from streaming.models.encodes import Package


class PlaybackSession(UUIDModel):
    """One viewer watching one asset on one device; a stream token names it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="playback_sessions"
    )
    sign_in = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="+")
    asset = models.ForeignKey(VideoAsset, on_delete=models.CASCADE, related_name="+")
    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="+")
    device_name = models.CharField(max_length=120, blank=True)
    country = models.CharField(max_length=2, blank=True)  # ISO alpha-2, from the edge
    started_at = models.DateTimeField(default=timezone.now)
    last_heartbeat_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    counted_at = models.DateTimeField(null=True, blank=True)  # as a play
    # The revocation, and its reason for the player: no_entitlement, stream_limit.
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_code = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [
            # Streams running now, for the limit and for revocation.
            models.Index(
                fields=["user", "-last_heartbeat_at"],
                name="playback_live_by_user",
                condition=Q(ended_at=None, revoked_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} watching {self.asset_id}"

    @property
    def heartbeat_seconds(self) -> int:
        """Return the seconds between heartbeats that the player is to keep."""
        interval: int = settings.HEARTBEAT_SECONDS
        return interval
