"""What every model of ours shares."""

import uuid

from django.db import models


class UUIDModel(models.Model):
    """A row whose id a client may see: it says nothing about its neighbours."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class TimestampedModel(models.Model):
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
