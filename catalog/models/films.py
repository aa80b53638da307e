"""Films and what a viewer keeps of them."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from billing.models import Plan
from catalog.models.categories import Category
from catalog.models.series import Season
from kushfilms.core.models import TimestampedModel, UUIDModel
from kushfilms.core.storage import public_url


class AgeRating(models.TextChoices):
    """Uganda's Media Council classes, each with the age it opens at."""

    G = "G", "G: everyone"
    PG = "PG", "PG: parental guidance"
    AGE_13 = "13", "13 and over"
    AGE_16 = "16", "16 and over"
    AGE_18 = "18", "18 and over"

    @property
    def minimum_age(self) -> int:
        return int(self.value) if self.value.isdigit() else 0


class MovieQuerySet(models.QuerySet["Movie"]):
    def listed(self) -> "MovieQuerySet":
        """What browsing shows: published, and with something to play."""
        return self.filter(published=True, playable=True)


class MovieKind(models.TextChoices):
    FILM = "FILM", "Film"
    SHORT = "SHORT", "Short"
    EPISODE = "EPISODE", "Episode"


class Movie(UUIDModel, TimestampedModel):
    kind = models.CharField(max_length=7, choices=MovieKind.choices, default=MovieKind.FILM)
    season = models.ForeignKey(
        Season, on_delete=models.PROTECT, null=True, blank=True, related_name="episodes"
    )
    episode_number = models.PositiveSmallIntegerField(null=True, blank=True)
    title = models.CharField(max_length=200)
    slug = models.SlugField(max_length=220, unique=True)
    description = models.TextField(blank=True, max_length=2000)
    plot = models.TextField(blank=True, max_length=10_000)
    year = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1888), MaxValueValidator(2200)]
    )
    # Seconds, from the encoder; what is shown and what progress is measured against.
    duration = models.PositiveIntegerField(default=0)
    rating = models.DecimalField(max_digits=3, decimal_places=2, default=0)
    rating_count = models.PositiveIntegerField(default=0)
    rating_sum = models.PositiveBigIntegerField(default=0, editable=False)  # of all stars
    imdb_rating = models.DecimalField(max_digits=3, decimal_places=1, null=True, blank=True)
    language = models.CharField(max_length=60, default="English")
    country = models.CharField(max_length=60, default="Uganda")
    # Copies of the names in `credits`, for reading.
    director = models.CharField(max_length=400, blank=True)
    cast = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    vjs = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    genres = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    # ISO 639 codes of the tracks there are, copied from the encoded feature.
    audio_languages = ArrayField(
        models.CharField(max_length=16), default=list, blank=True, editable=False
    )
    subtitle_languages = ArrayField(
        models.CharField(max_length=16), default=list, blank=True, editable=False
    )

    # Keys of `public/…` objects.
    thumbnail_key = models.CharField(max_length=200, blank=True)
    poster_key = models.CharField(max_length=200, blank=True)
    backdrop_key = models.CharField(max_length=200, blank=True)
    preview_key = models.CharField(max_length=200, blank=True)
    poster_candidate_keys = ArrayField(models.CharField(max_length=200), default=list, blank=True)

    access_level = models.CharField(max_length=7, choices=Plan.choices, default=Plan.FREE)
    published = models.BooleanField(default=False)
    published_at = models.DateTimeField(null=True, blank=True)
    # Goes public by itself as soon as there is something to play.
    publish_when_ready = models.BooleanField(default=False)
    # Goes public by itself at this moment, or as soon after it as there is something to play.
    publish_at = models.DateTimeField(null=True, blank=True)
    # Set by streaming when the minimum set of the feature is verified, and never by hand.
    playable = models.BooleanField(default=False, editable=False)
    featured = models.BooleanField(default=False)
    trending = models.BooleanField(default=False)
    category = models.ForeignKey(
        Category, on_delete=models.SET_NULL, null=True, blank=True, related_name="movies"
    )
    age_rating = models.CharField(max_length=2, choices=AgeRating.choices, default=AgeRating.G)
    # ISO 3166 alpha-2. Allowed empty: everywhere but where blocked.
    allowed_countries = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    blocked_countries = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    licence_holder = models.CharField(max_length=200, blank=True)
    licence_starts_at = models.DateTimeField(null=True, blank=True)
    licence_ends_at = models.DateTimeField(null=True, blank=True)
    # Whether the window was open when the sweep last looked: what turned since is told once.
    licence_open = models.BooleanField(default=True, db_default=True, editable=False)

    view_count = models.PositiveBigIntegerField(default=0)
    favorite_count = models.PositiveIntegerField(default=0)
    comment_count = models.PositiveIntegerField(default=0)
    share_count = models.PositiveIntegerField(default=0)
    metadata = models.JSONField(default=dict, blank=True)

    objects = MovieQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(access_level__in=Plan.values), name="access_level_is_known"
            ),
            models.CheckConstraint(
                condition=Q(published=False) | Q(published_at__isnull=False),
                name="published_since_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(licence_ends_at=None)
                | Q(licence_starts_at=None)
                | Q(licence_ends_at__gt=models.F("licence_starts_at")),
                name="licence_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(kind="EPISODE", season__isnull=False, episode_number__isnull=False)
                | (~Q(kind="EPISODE") & Q(season=None, episode_number=None)),
                name="an_episode_has_its_place",
            ),
            models.UniqueConstraint(
                fields=["season", "episode_number"], name="one_episode_a_number"
            ),
        ]
        indexes = [
            # The list, newest first; its cursor ends in the id.
            models.Index(
                fields=["-published_at", "-id"],
                name="movie_newest",
                condition=Q(published=True, playable=True),
            ),
            # A category's page.
            models.Index(
                fields=["category", "-published_at", "-id"],
                name="movie_newest_by_category",
                condition=Q(published=True, playable=True),
            ),
            # The sweep of what goes public by the clock.
            models.Index(
                fields=["publish_at"],
                name="movie_scheduled",
                condition=Q(published=False, publish_at__isnull=False),
            ),
            # The sweep of licences that begin or end: those with a window, those shut by one.
            models.Index(fields=["id"], name="movie_shut", condition=Q(licence_open=False)),
            models.Index(
                fields=["licence_ends_at", "licence_starts_at"],
                name="movie_licensed",
                condition=Q(licence_ends_at__isnull=False) | Q(licence_starts_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def poster_url(self) -> str:
        return public_url(self.poster_key)

    @property
    def thumbnail_url(self) -> str:
        return public_url(self.thumbnail_key)

    @property
    def backdrop_url(self) -> str:
        return public_url(self.backdrop_key)

    @property
    def preview_url(self) -> str:
        return public_url(self.preview_key)


class WatchHistory(UUIDModel):
    """How far a viewer got in a film: one row a viewer and film."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="watch_history"
    )
    movie = models.ForeignKey(Movie, on_delete=models.CASCADE, related_name="watch_history")
    progress = models.PositiveIntegerField(default=0)  # seconds
    completed = models.BooleanField(default=False)  # reached 90 % once
    watched_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "watch history"
        constraints = [
            models.UniqueConstraint(fields=["user", "movie"], name="one_history_row_a_film"),
        ]
        indexes = [
            # A viewer's history and "continue watching", latest first.
            models.Index(fields=["user", "-watched_at"], name="history_by_user"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.movie_id} at {self.progress} s"
