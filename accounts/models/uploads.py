"""Uploads of avatars straight to storage."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models.people import User
from kushfilms.core.models import UUIDModel


class AvatarUpload(UUIDModel):
    """An announced picture; its bytes go to `key` and become the person's avatar once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    content_type = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="avatar_upload_has_bytes"),
        ]
        indexes = [
            # The sweep of expired uploads.
            models.Index(fields=["expires_at"], name="avatar_upload_expiry"),
        ]

    def __str__(self) -> str:
        return f"picture of {self.user_id}"

    @property
    def key(self) -> str:
        return f"incoming/avatars/{self.user_id}/{self.pk}"
