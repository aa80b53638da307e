"""Films, and how far each viewer got in them."""

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
    """Classes of Uganda's Media Council, each with its minimum age."""

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


# Paths `movies/…` that are lists, so no film may have these slugs.
RESERVED_SLUGS = ("featured", "recent", "search", "suggest", "trending")
# Condition of every list index. Films barred by licence or country are skipped while reading.
LISTED = Q(published=True, playable=True)


def listed_where(*, now: datetime, country: str, through: str = "") -> Q:
    """Return the SQL form of `catalog.entitlement.film_refusal_code`, for a country at `now`.

    `through` is the path from another model to its film, such as `"movie__"`. `country` is ISO 3166
    alpha-2, or empty when unknown. A test compares both forms.
    """

    def equals(name: str, value: object) -> Q:
        return Q(**{f"{through}{name}": value})

    return (
        equals("published", True)  # noqa: FBT003
        & equals("playable", True)  # noqa: FBT003
        & (equals("licence_starts_at", None) | equals("licence_starts_at__lte", now))
        & (equals("licence_ends_at", None) | equals("licence_ends_at__gt", now))
        & ~equals("blocked_countries__contains", [country])
        & (equals("allowed_countries", []) | equals("allowed_countries__contains", [country]))
    )


class MovieQuerySet(models.QuerySet["Movie"]):
    def listed(self, *, now: datetime, country: str) -> "MovieQuerySet":
        """Return the films that lists and search show: those that can be watched there and then."""
        return self.filter(listed_where(now=now, country=country))

    def without_episodes(self) -> "MovieQuerySet":
        """Leave out episodes, which are listed in their series."""
        return self.exclude(kind=MovieKind.EPISODE)


class UndeletedManager(models.Manager["Movie"]):
    """Films that are not deleted. Deleted ones, which staff can restore, are in `Movie.every`."""

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
    # Seconds, measured by the encoder; shown to viewers and used as the end of progress.
    duration = models.PositiveIntegerField(default=0)
    trailer_duration = models.PositiveIntegerField(default=0, editable=False)  # 0: no trailer
    rating = models.DecimalField(max_digits=3, decimal_places=2, default=0)
    rating_count = models.PositiveIntegerField(default=0)
    rating_sum = models.PositiveBigIntegerField(default=0, editable=False)  # sum of all stars
    # The part that the film was imported with (a demo, another site) and that has no rows. The
    # database sets both when the film is inserted.
    base_rating_count = models.PositiveIntegerField(default=0, editable=False)
    base_rating_sum = models.PositiveBigIntegerField(default=0, editable=False)
    imdb_rating = models.DecimalField(max_digits=3, decimal_places=1, null=True, blank=True)
    language = models.CharField(max_length=60, default="English")
    country = models.CharField(max_length=60, default="Uganda")
    # Copies of the names in `credits`, so that lists need no join.
    director = models.CharField(max_length=400, blank=True)
    cast = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    vjs = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    genres = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    # ISO 639 codes of the existing tracks, copied from the encoded film.
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
    # Publish as soon as the film is playable.
    publish_when_ready = models.BooleanField(default=False)
    # Publish at this time, or as soon after it as the film is playable.
    publish_at = models.DateTimeField(null=True, blank=True)
    # Set by streaming once the minimum set of renditions is verified; never by hand.
    playable = models.BooleanField(default=False, editable=False)
    featured = models.BooleanField(default=False)
    trending = models.BooleanField(default=False)
    category = models.ForeignKey(
        Category, on_delete=models.SET_NULL, null=True, blank=True, related_name="movies"
    )
    age_rating = models.CharField(max_length=2, choices=AgeRating.choices, default=AgeRating.G)
    # ISO 3166 alpha-2. An empty allowed list means everywhere except where blocked.
    allowed_countries = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    blocked_countries = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    licence_holder = models.CharField(max_length=200, blank=True)
    licence_starts_at = models.DateTimeField(null=True, blank=True)
    licence_ends_at = models.DateTimeField(null=True, blank=True)
    # Whether the licence window was open at the last sweep, so that each change is announced once.
    licence_open = models.BooleanField(default=True, db_default=True, editable=False)

    view_count = models.PositiveBigIntegerField(default=0)
    favorite_count = models.PositiveIntegerField(default=0)
    comment_count = models.PositiveIntegerField(default=0)
    share_count = models.PositiveIntegerField(default=0)
    metadata = models.JSONField(default=dict, blank=True)
    # When staff deleted the film; None otherwise. The sweep removes it for good after
    # `settings.DELETED_FILMS_KEPT`.
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    # What restoring gives back: the slug and the position in a series.
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
        verbose_name = "film"
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
            # The same orders within a category: `categories/:slug/movies`, `movies?category=`.
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
            # `movies?kind=EPISODE` and `SHORT`, which may be few among many films.
            models.Index(
                fields=["kind", "-published_at", "-id"],
                name="movie_newest_by_kind",
                condition=LISTED,
            ),
            # `movies?genre=`, and related films by genre.
            GinIndex(fields=["genres"], name="movie_by_genre", condition=LISTED),
            # `movies/featured` and the home page's hero.
            models.Index(
                fields=["-published_at", "-id"],
                name="movie_featured",
                condition=LISTED & Q(featured=True),
            ),
            # The head of `movies/trending`: films that staff have marked.
            models.Index(
                fields=["-view_count", "-id"],
                name="movie_marked_trending",
                condition=LISTED & Q(trending=True),
            ),
            # The sweep of scheduled publications.
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
            # The sweep of licences that begin or end: films shut by their window, and films with a
            # window.
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
    """Progress of a viewer in a film: one row per viewer and film."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="watch_history"
    )
    movie = models.ForeignKey(Movie, on_delete=models.CASCADE, related_name="watch_history")
    progress = models.PositiveIntegerField(default=0)  # seconds
    completed = models.BooleanField(default=False)  # 90 % of the film was reached once
    watched_at = models.DateTimeField(default=timezone.now)
    # Playback session and heartbeat number of the last update.
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
