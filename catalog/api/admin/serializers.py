"""JSON that staff read and write. In a PUT, fields that are left out keep their value."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from billing.models import Plan
from catalog.api.serializers import CategoryReference
from catalog.models import AgeRating, CreditJob, Movie, MovieKind
from kushfilms.core.api.fields import LineField, ParagraphsField, PictureURLField

Output = serializers.Serializer[Any]
YEAR: dict[str, Any] = {"min_value": 1888, "max_value": 2200, "required": False, "allow_null": True}
TEXT: dict[str, Any] = {"required": False, "allow_blank": True}
COUNT: dict[str, Any] = {"min_value": 0, "max_value": 9999, "required": False}


def names(longest: int, *, most: int = 50) -> serializers.ListField:
    child = LineField(max_length=longest)
    return serializers.ListField(child=child, max_length=most, required=False)


# ── Films ───────────────────────────────────────────────────────────────────────────────


class CreditedPerson(Output):
    id = serializers.UUIDField()
    name = serializers.CharField()
    slug = serializers.CharField()


class StaffCreditOutput(Output):
    person = CreditedPerson()
    job = serializers.ChoiceField(choices=CreditJob.choices)
    character = serializers.CharField()


class AdminEpisodePosition(Output):
    """The series, season and number of an episode."""

    seriesId = serializers.UUIDField(source="season.series_id")
    seriesTitle = serializers.CharField(source="season.series.title")
    seasonId = serializers.UUIDField(source="season_id")
    season = serializers.IntegerField(source="season.number")
    episode = serializers.IntegerField(source="episode_number")


class AdminMovieCard(Output):
    id = serializers.UUIDField()
    title = serializers.CharField()
    slug = serializers.CharField()
    kind = serializers.ChoiceField(choices=MovieKind.choices)
    year = serializers.IntegerField(allow_null=True)
    duration = serializers.IntegerField(help_text="Seconds.")
    published = serializers.BooleanField()
    playable = serializers.BooleanField()
    featured = serializers.BooleanField()
    publishAt = serializers.DateTimeField(source="publish_at", allow_null=True)
    publishedAt = serializers.DateTimeField(source="published_at", allow_null=True)
    accessLevel = serializers.ChoiceField(choices=Plan.choices, source="access_level")
    thumbnailUrl = PictureURLField(source="thumbnail_url")
    posterUrl = PictureURLField(source="poster_url")
    viewCount = serializers.IntegerField(source="view_count")
    category = CategoryReference(allow_null=True)
    episodeOf = serializers.SerializerMethodField()
    createdAt = serializers.DateTimeField(source="created_at")
    updatedAt = serializers.DateTimeField(source="updated_at")
    deletedAt = serializers.DateTimeField(source="deleted_at", allow_null=True)

    @extend_schema_field(AdminEpisodePosition(allow_null=True))
    def get_episodeOf(self, movie: Movie) -> dict[str, Any] | None:  # noqa: N802  DRF's name
        return dict(AdminEpisodePosition(movie).data) if movie.season_id else None


class AdminMovieOutput(AdminMovieCard):
    description = serializers.CharField()
    plot = serializers.CharField()
    language = serializers.CharField()
    country = serializers.CharField()
    director = serializers.CharField()
    cast = serializers.ListField(child=serializers.CharField())
    vjs = serializers.ListField(child=serializers.CharField())
    genres = serializers.ListField(child=serializers.CharField())
    credits = StaffCreditOutput(many=True)
    imdbRating = serializers.FloatField(source="imdb_rating", allow_null=True)
    rating = serializers.FloatField()
    ratingCount = serializers.IntegerField(source="rating_count")
    favoriteCount = serializers.IntegerField(source="favorite_count")
    commentCount = serializers.IntegerField(source="comment_count")
    shareCount = serializers.IntegerField(source="share_count")
    backdropUrl = PictureURLField(source="backdrop_url")
    trending = serializers.BooleanField()
    publishWhenReady = serializers.BooleanField(source="publish_when_ready")
    ageRating = serializers.ChoiceField(choices=AgeRating.choices, source="age_rating")
    allowedCountries = serializers.ListField(
        child=serializers.CharField(), source="allowed_countries"
    )
    blockedCountries = serializers.ListField(
        child=serializers.CharField(), source="blocked_countries"
    )
    licenceHolder = serializers.CharField(source="licence_holder")
    licenceStartsAt = serializers.DateTimeField(source="licence_starts_at", allow_null=True)
    licenceEndsAt = serializers.DateTimeField(source="licence_ends_at", allow_null=True)


class CreditInput(Output):
    """A person by `personId`, or by name; a person of a new name is created."""

    personId = serializers.UUIDField(source="person_id", required=False, allow_null=True)
    name = LineField(max_length=120, required=False, default="")
    job = serializers.ChoiceField(choices=CreditJob.choices)
    character = LineField(max_length=120, default="", **TEXT)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if bool(attrs.get("person_id")) == bool(attrs.get("name")):
            raise serializers.ValidationError({"name": ["Give either a name or a personId."]})
        return attrs


class MovieInput(Output):
    title = LineField(max_length=200, required=False)
    slug = serializers.SlugField(max_length=220, required=False)
    kind = serializers.ChoiceField(choices=MovieKind.choices, required=False)
    seasonId = serializers.UUIDField(source="season_id", required=False, allow_null=True)
    episodeNumber = serializers.IntegerField(source="episode_number", allow_null=True, **COUNT)
    description = ParagraphsField(max_length=2000, **TEXT)
    plot = ParagraphsField(max_length=10_000, **TEXT)
    year = serializers.IntegerField(**YEAR)
    language = LineField(max_length=60, required=False)
    country = LineField(max_length=60, required=False)
    director = LineField(max_length=400, **TEXT)
    cast = names(120)
    vjs = names(120)
    credits = serializers.ListField(child=CreditInput(), max_length=200, required=False)
    genres = names(60, most=20)
    imdbRating = serializers.DecimalField(
        source="imdb_rating",
        max_digits=3,
        decimal_places=1,
        min_value=0,
        max_value=10,
        required=False,
        allow_null=True,
    )
    categoryId = serializers.UUIDField(source="category_id", required=False, allow_null=True)
    accessLevel = serializers.ChoiceField(
        choices=Plan.choices, source="access_level", required=False
    )
    ageRating = serializers.ChoiceField(
        choices=AgeRating.choices, source="age_rating", required=False
    )
    allowedCountries = serializers.ListField(
        child=serializers.CharField(max_length=2), source="allowed_countries", required=False
    )
    blockedCountries = serializers.ListField(
        child=serializers.CharField(max_length=2), source="blocked_countries", required=False
    )
    licenceHolder = LineField(max_length=200, source="licence_holder", **TEXT)
    licenceStartsAt = serializers.DateTimeField(
        source="licence_starts_at", required=False, allow_null=True
    )
    licenceEndsAt = serializers.DateTimeField(
        source="licence_ends_at", required=False, allow_null=True
    )
    publishWhenReady = serializers.BooleanField(source="publish_when_ready", required=False)
    publishAt = serializers.DateTimeField(source="publish_at", required=False, allow_null=True)
    trending = serializers.BooleanField(required=False)


class MovieCreateInput(MovieInput):
    title = LineField(max_length=200)


class UnpublishInput(Output):
    reason = LineField(max_length=500, default="", **TEXT)


class ScheduleInput(Output):
    publishAt = serializers.DateTimeField(
        source="publish_at", allow_null=True, help_text="Null: no schedule."
    )


class FeatureInput(Output):
    featured = serializers.BooleanField(default=True)


# ── Categories and people ──────────────────────────────────────────────────────────────────


class AdminCategoryOutput(CategoryReference):
    description = serializers.CharField()
    imageUrl = PictureURLField(source="image_url")
    order = serializers.IntegerField()
    active = serializers.BooleanField()
    movieCount = serializers.IntegerField(source="movie_count")
    followerCount = serializers.IntegerField(source="follower_count")


class CategoryInput(Output):
    name = LineField(max_length=80, required=False)
    slug = serializers.SlugField(max_length=90, required=False)
    description = ParagraphsField(max_length=1000, **TEXT)
    order = serializers.IntegerField(**COUNT)
    active = serializers.BooleanField(required=False)


class CategoryCreateInput(CategoryInput):
    name = LineField(max_length=80)


class AdminPersonOutput(CreditedPerson):
    biography = serializers.CharField()
    photoUrl = PictureURLField(source="photo_url")
    creditCount = serializers.IntegerField(source="credit_count")
    followerCount = serializers.IntegerField(source="follower_count")


class PersonInput(Output):
    name = LineField(max_length=120, required=False)
    slug = serializers.SlugField(max_length=140, required=False)
    biography = ParagraphsField(max_length=5000, **TEXT)


class PersonCreateInput(Output):
    name = LineField(max_length=120)
    biography = ParagraphsField(max_length=5000, **TEXT)


class MergeInput(Output):
    into = serializers.UUIDField(help_text="Id of the one that is kept.")


# ── Series ──────────────────────────────────────────────────────────────────────────────


class AdminSeriesCard(Output):
    id = serializers.UUIDField()
    title = serializers.CharField()
    slug = serializers.CharField()
    description = serializers.CharField()
    year = serializers.IntegerField(allow_null=True)
    language = serializers.CharField()
    country = serializers.CharField()
    genres = serializers.ListField(child=serializers.CharField())
    category = CategoryReference(allow_null=True)
    posterUrl = PictureURLField(source="poster_url")
    backdropUrl = PictureURLField(source="backdrop_url")
    published = serializers.BooleanField()
    publishedAt = serializers.DateTimeField(source="published_at", allow_null=True)
    featured = serializers.BooleanField()
    seasonCount = serializers.IntegerField(source="season_count")
    episodeCount = serializers.IntegerField(source="episode_count")
    followerCount = serializers.IntegerField(source="follower_count")


class AdminEpisodeOutput(Output):
    id = serializers.UUIDField()
    title = serializers.CharField()
    slug = serializers.CharField()
    episode = serializers.IntegerField(source="episode_number")
    published = serializers.BooleanField()
    playable = serializers.BooleanField()
    publishAt = serializers.DateTimeField(source="publish_at", allow_null=True)
    duration = serializers.IntegerField(help_text="Seconds.")
    thumbnailUrl = PictureURLField(source="thumbnail_url")


class AdminSeasonOutput(Output):
    id = serializers.UUIDField()
    number = serializers.IntegerField()
    title = serializers.CharField()
    episodes = AdminEpisodeOutput(many=True)


class AdminSeriesOutput(AdminSeriesCard):
    seasons = AdminSeasonOutput(many=True)


class SeriesInput(Output):
    title = LineField(max_length=200, required=False)
    slug = serializers.SlugField(max_length=220, required=False)
    description = ParagraphsField(max_length=2000, **TEXT)
    year = serializers.IntegerField(**YEAR)
    language = LineField(max_length=60, required=False)
    country = LineField(max_length=60, required=False)
    genres = names(60, most=20)
    categoryId = serializers.UUIDField(source="category_id", required=False, allow_null=True)
    featured = serializers.BooleanField(required=False)
    published = serializers.BooleanField(required=False)


class SeriesCreateInput(SeriesInput):
    title = LineField(max_length=200)


class SeasonInput(Output):
    number = serializers.IntegerField(
        min_value=0,
        max_value=9999,
        required=False,
        help_text="Without it, the next number. 0: specials.",
    )
    title = LineField(max_length=200, **TEXT)


class EpisodePositionInput(Output):
    movieId = serializers.UUIDField(source="movie_id")
    number = serializers.IntegerField(
        min_value=0,
        max_value=9999,
        required=False,
        allow_null=True,
        default=None,
        help_text="Without it, after the last episode.",
    )


class EpisodeOrderInput(Output):
    movieIds = serializers.ListField(
        child=serializers.UUIDField(), source="movie_ids", max_length=1000
    )
