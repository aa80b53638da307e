"""What staff are told about a film that was encoded, and is not as the file was."""

from django.db import models
from django.utils import timezone

from streaming.models.assets import VideoAsset


class VideoWarning(models.Model):
    """One sentence (streaming/warning_texts.py), kept by its code and what fills it.

    `step` is what found it: a step that runs again replaces its own.
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
