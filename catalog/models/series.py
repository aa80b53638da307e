"""Series and their seasons. An episode is a film that belongs to a season."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from catalog.models.categories import Category
from catalog.models.counters import CountedModel
from kushfilms.core.models import TimestampedModel, UUIDModel
from kushfilms.core.storage import public_url


class Series(CountedModel, UUIDModel, TimestampedModel):
    title = models.CharField(max_length=200)
    slug = models.SlugField(max_length=220, unique=True)
    description = models.TextField(blank=True, max_length=2000)
    year = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1888), MaxValueValidator(2200)]
    )
    language = models.CharField(max_length=60, default="English")
    country = models.CharField(max_length=60, default="Uganda")
    genres = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    category = models.ForeignKey(
        Category, on_delete=models.SET_NULL, null=True, blank=True, related_name="series"
    )
    # Keys of `public/…` objects.
    poster_key = models.CharField(max_length=200, blank=True)
    backdrop_key = models.CharField(max_length=200, blank=True)
    published = models.BooleanField(default=False)
    published_at = models.DateTimeField(null=True, blank=True)
    featured = models.BooleanField(default=False)
    follower_count = models.PositiveIntegerField(default=0)

    counters = frozenset({"follower_count"})

    class Meta:
        verbose_name_plural = "series"
        constraints = [
            models.CheckConstraint(
                condition=Q(published=False) | Q(published_at__isnull=False),
                name="series_published_since_a_moment",
            ),
        ]
        indexes = [
            # The list, newest first; its cursor ends in the id.
            models.Index(
                fields=["-published_at", "-id"],
                name="series_newest",
                condition=Q(published=True),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def poster_url(self) -> str:
        return public_url(self.poster_key)

    @property
    def backdrop_url(self) -> str:
        return public_url(self.backdrop_key)


class Season(UUIDModel):
    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="seasons")
    number = models.PositiveSmallIntegerField()  # 0: specials
    title = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="one_season_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.series}, {self.title or f'season {self.number}'}"
