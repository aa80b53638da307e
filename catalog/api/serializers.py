"""The catalogue in JSON. The names are the contract's (SPEC, section 3)."""

from rest_framework import serializers

from billing.models import Plan
from catalog.models import AgeRating
from kushfilms.core.api.lean import LeanSerializer


class CategoryReference(LeanSerializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    slug = serializers.CharField()


class CategoryOutput(CategoryReference):
    description = serializers.CharField()
    imageUrl = serializers.CharField(source="image_url")
    order = serializers.IntegerField()


class MovieCard(LeanSerializer):
    """A film in a list: what a card shows and no byte more."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    slug = serializers.CharField()
    description = serializers.CharField()
    year = serializers.IntegerField(allow_null=True)
    duration = serializers.IntegerField(help_text="Seconds.")
    rating = serializers.FloatField()
    ratingCount = serializers.IntegerField(source="rating_count")
    language = serializers.CharField()
    country = serializers.CharField()
    genres = serializers.ListField(child=serializers.CharField())
    thumbnailUrl = serializers.CharField(source="thumbnail_url")
    posterUrl = serializers.CharField(source="poster_url")
    accessLevel = serializers.ChoiceField(choices=Plan.choices, source="access_level")
    ageRating = serializers.ChoiceField(choices=AgeRating.choices, source="age_rating")
    publishedAt = serializers.DateTimeField(source="published_at")
    category = CategoryReference(allow_null=True)


class MovieOutput(MovieCard):
    plot = serializers.CharField()
    director = serializers.CharField()
    cast = serializers.ListField(child=serializers.CharField())
    imdbRating = serializers.FloatField(source="imdb_rating", allow_null=True)
    backdropUrl = serializers.CharField(source="backdrop_url")
    previewUrl = serializers.CharField(source="preview_url")
    playable = serializers.BooleanField()
    featured = serializers.BooleanField()
    trending = serializers.BooleanField()
    viewCount = serializers.IntegerField(source="view_count")
    favoriteCount = serializers.IntegerField(source="favorite_count")
    commentCount = serializers.IntegerField(source="comment_count")
    shareCount = serializers.IntegerField(source="share_count")
