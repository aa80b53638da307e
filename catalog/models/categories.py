"""Categories of films and series."""

from django.db import models

from catalog.models.counters import CountedModel
from kushfilms.core.models import TimestampedModel, UUIDModel
from kushfilms.core.storage import public_url


class Category(CountedModel, UUIDModel, TimestampedModel):
    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=90, unique=True)
    description = models.TextField(blank=True, max_length=1000)
    image_key = models.CharField(max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)
    follower_count = models.PositiveIntegerField(default=0)

    counters = frozenset({"follower_count"})

    class Meta:
        ordering = ["order", "name"]
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name

    @property
    def image_url(self) -> str:
        return public_url(self.image_key)
