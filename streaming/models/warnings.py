"""Warnings to staff about differences between an encoded film and its file."""

from django.db import models
from django.utils import timezone

from streaming.models.assets import VideoAsset


class VideoWarning(models.Model):
    """One sentence (streaming/warning_texts.py), stored as its code and values.

    `step` is the step that found the difference; when it runs again it replaces its warnings.
    """

    asset = models.ForeignKey(VideoAsset, on_delete=models.CASCADE, related_name="warnings")
    step = models.CharField(max_length=24)
    code = models.CharField(max_length=40)
    values = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.code} of {self.asset_id}"
