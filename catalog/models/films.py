"""Films and what a viewer keeps of them."""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.models import Plan
from catalog.models.categories import Category
from catalog.models.counters import CountedModel
from catalog.models.series import Season
from kushfilms.core.models import TimestampedModel, UUIDModel
from kushfilms.core.storage import public_url


class AgeRating(models.TextChoices):
    """Uganda's Media Council classes, each with the age it opens at."""

    G = "G", _("G: everyone")
    PG = "PG", _("PG: parental guidance")
    AGE_13 = "13", _("13 and over")
    AGE_16 = "16", _("16 and over")
    AGE_18 = "18", _("18 and over")

    @property
    def minimum_age(self) -> int:
        return int(self.value) if self.value.isdigit() else 0


class MovieKind(models.TextChoices):
    FILM = "FILM", "Film"
    SHORT = "SHORT", "Short"
    EPISODE = "EPISODE", "Episode"


# `movies/…` that are lists, and so cannot be films.
RESERVED_SLUGS = ("featured", "recent", "search", "suggest", "trending")
# What every index of a list holds; a film of another licence or country is skipped on the way.
LISTED = Q(published=True, playable=True)


def listed_where(*, now: datetime, country: str, through: str = "") -> Q:
    """What `catalog.entitlement` says of a film for whoever asks from `country` at `now`, in SQL.

    `through` is the way from another model to its film: `"movie__"`. `country` is ISO 3166
    alpha-2, or empty when unknown. A test holds the two against each other.
    """

    def is_so(name: str, value: object) -> Q:
        return Q(**{f"{through}{name}": value})

    return (
        is_so("published", True)  # noqa: FBT003
        & is_so("playable", True)  # noqa: FBT003
        & (is_so("licence_starts_at", None) | is_so("licence_starts_at__lte", now))
        & (is_so("licence_ends_at", None) | is_so("licence_ends_at__gt", now))
        & ~is_so("blocked_countries__contains", [country])
        & (is_so("allowed_countries", []) | is_so("allowed_countries__contains", [country]))
    )


class MovieQuerySet(models.QuerySet["Movie"]):
    def listed(self, *, now: datetime, country: str) -> "MovieQuerySet":
        """What lists, shelves and search show: what can be watched there and then."""
        return self.filter(listed_where(now=now, country=country))

    def without_episodes(self) -> "MovieQuerySet":
        """Without episodes, which have their place in a series."""
        return self.exclude(kind=MovieKind.EPISODE)


class UndeletedManager(models.Manager["Movie"]):
    """Films that are there. Deleted ones, which staff can restore, are in `Movie.every`."""

    def get_queryset(self) -> models.QuerySet["Movie"]:
        return super().get_queryset().filter(deleted_at=None)


MovieManager = UndeletedManager.from_queryset(MovieQuerySet)


class Movie(CountedModel, UUIDModel, TimestampedModel):
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
    trailer_duration = models.PositiveIntegerField(default=0, editable=False)  # 0: it has none
    rating = models.DecimalField(max_digits=3, decimal_places=2, default=0)
    rating_count = models.PositiveIntegerField(default=0)
    rating_sum = models.PositiveBigIntegerField(default=0, editable=False)  # of all stars
    # Of these, what the film came with and there are no rows of: a demo's, another site's. The
    # database sets it when the film is inserted.
    base_rating_count = models.PositiveIntegerField(default=0, editable=False)
    base_rating_sum = models.PositiveBigIntegerField(default=0, editable=False)
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
    # When staff deleted the film; None for one that is there. The sweep removes it for good
    # after `settings.DELETED_FILMS_KEPT`.
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    # What a restored film gets back: its slug, and its place in a series.
    before_deletion = models.JSONField(default=dict, blank=True, editable=False)

    counters = frozenset(
        {
            "rating", "rating_count", "rating_sum", "base_rating_count", "base_rating_sum",
            "view_count", "favorite_count", "comment_count", "share_count",
        }
    )  # fmt: skip
    objects = MovieManager()
    every = MovieQuerySet.as_manager()

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
                condition=Q(deleted_at=None) | Q(published=False),
                name="a_deleted_film_is_not_public",
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
            models.CheckConstraint(
                condition=~Q(slug__in=RESERVED_SLUGS),
                name="a_slug_is_no_list",
                violation_error_message="This word is the address of a list. Choose another.",
            ),
        ]
        indexes = [
            # Lists, each read forwards and backwards; their cursors end in the id.
            # `movies` newest and oldest first, `movies/recent`, the home page.
            models.Index(fields=["-published_at", "-id"], name="movie_newest", condition=LISTED),
            # `movies?sort=popular`, and what fills the chart before there are trends.
            models.Index(fields=["-view_count", "-id"], name="movie_popular", condition=LISTED),
            # `movies?sort=rating`
            models.Index(
                fields=["-rating", "-rating_count", "-id"], name="movie_best", condition=LISTED
            ),
            # `movies?sort=title`
            models.Index(fields=["title", "id"], name="movie_by_title", condition=LISTED),
            # The same within a category: `categories/:slug/movies`, `movies?category=`.
            models.Index(
                fields=["category", "-published_at", "-id"],
                name="movie_newest_by_category",
                condition=LISTED,
            ),
            models.Index(
                fields=["category", "-view_count", "-id"],
                name="movie_popular_by_category",
                condition=LISTED,
            ),
            models.Index(
                fields=["category", "-rating", "-rating_count", "-id"],
                name="movie_best_by_category",
                condition=LISTED,
            ),
            models.Index(
                fields=["category", "title", "id"], name="movie_title_by_category", condition=LISTED
            ),
            # `movies?kind=EPISODE` and `SHORT`, which may be few among many.
            models.Index(
                fields=["kind", "-published_at", "-id"],
                name="movie_newest_by_kind",
                condition=LISTED,
            ),
            # `movies?genre=`, and films alike in genre.
            GinIndex(fields=["genres"], name="movie_by_genre", condition=LISTED),
            # `movies/featured` and the home page's hero.
            models.Index(
                fields=["-published_at", "-id"],
                name="movie_featured",
                condition=LISTED & Q(featured=True),
            ),
            # The head of `movies/trending`: what staff have marked.
            models.Index(
                fields=["-view_count", "-id"],
                name="movie_marked_trending",
                condition=LISTED & Q(trending=True),
            ),
            # The sweep of what goes public by the clock.
            models.Index(
                fields=["publish_at"],
                name="movie_scheduled",
                condition=Q(published=False, publish_at__isnull=False),
            ),
            # Deleted films, for staff and for the sweep that removes them.
            models.Index(
                fields=["deleted_at"],
                name="movie_deleted",
                condition=Q(deleted_at__isnull=False),
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
    # The playback that wrote this, and its how manyeth heartbeat it was.
    session_id = models.UUIDField(null=True, editable=False)
    sequence = models.PositiveIntegerField(null=True, editable=False)

    class Meta:
        verbose_name_plural = "watch history"
        constraints = [
            models.UniqueConstraint(fields=["user", "movie"], name="one_history_row_a_film"),
        ]
        indexes = [
            # A viewer's history and "continue watching", latest first.
            models.Index(fields=["user", "-watched_at", "-id"], name="history_latest_by_user"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.movie_id} at {self.progress} s"
