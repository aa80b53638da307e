"""JSON of the catalogue. The names are the contract's (SPEC, section 3)."""

from typing import Any

from rest_framework import serializers

from billing.models import Plan
from catalog.models import AgeRating, CreditJob, Movie, MovieKind
from kushfilms.core.api.fast_serializers import LeanSerializer
from kushfilms.core.api.fields import PictureURLField


class CategoryReference(LeanSerializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    slug = serializers.CharField()


class CategoryOutput(CategoryReference):
    description = serializers.CharField()
    imageUrl = PictureURLField(source="image_url")
    order = serializers.IntegerField()


class MovieCard(LeanSerializer):
    """A film in a list: only what a card shows."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=MovieKind.choices)
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
    thumbnailUrl = PictureURLField(source="thumbnail_url")
    posterUrl = PictureURLField(source="poster_url")
    accessLevel = serializers.ChoiceField(choices=Plan.choices, source="access_level")
    ageRating = serializers.ChoiceField(choices=AgeRating.choices, source="age_rating")
    publishedAt = serializers.DateTimeField(source="published_at")
    category = CategoryReference(allow_null=True)


class MovieList(serializers.Serializer[Any]):
    """A few films, without pages."""

    results = MovieCard(many=True)


class PersonReference(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    slug = serializers.CharField()
    photoUrl = PictureURLField(source="photo_url")

    class Meta:
        ref_name = "PersonCard"


class CreditOutput(serializers.Serializer[Any]):
    person = PersonReference()
    job = serializers.ChoiceField(choices=CreditJob.choices)
    character = serializers.CharField()


class EpisodePosition(serializers.Serializer[Any]):
    """The series of an episode, and its position in it."""

    id = serializers.UUIDField(source="season.series.id")
    title = serializers.CharField(source="season.series.title")
    slug = serializers.CharField(source="season.series.slug")
    season = serializers.IntegerField(source="season.number")
    episode = serializers.IntegerField(source="episode_number")


class EpisodeReference(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    title = serializers.CharField()
    slug = serializers.CharField()
    season = serializers.IntegerField(source="season.number")
    episode = serializers.IntegerField(source="episode_number")
    duration = serializers.IntegerField(help_text="Seconds.")
    thumbnailUrl = PictureURLField(source="thumbnail_url")


class TrailerOutput(serializers.Serializer[Any]):
    """GET `streamPath` for the stream; it needs no sign-in."""

    duration = serializers.IntegerField(help_text="Seconds.")
    streamPath = serializers.CharField()


class UnavailableOutput(serializers.Serializer[Any]):
    """The reason why no viewer in the country of the request can watch the film now."""

    code = serializers.ChoiceField(choices=["not_ready", "licence_window", "region_blocked"])
    message = serializers.CharField()


def episode_position(movie: Movie) -> dict[str, Any] | None:
    return None if movie.season_id is None else dict(EpisodePosition(movie).data)


class MovieOutput(MovieCard):
    # Written by `catalog.api.film_details`.
    plot = serializers.CharField()
    director = serializers.CharField()
    cast = serializers.ListField(child=serializers.CharField())
    vjs = serializers.ListField(child=serializers.CharField())
    credits = CreditOutput(many=True)
    series = EpisodePosition(allow_null=True)
    nextEpisode = EpisodeReference(allow_null=True)
    audioLanguages = serializers.ListField(child=serializers.CharField(), source="audio_languages")
    subtitleLanguages = serializers.ListField(
        child=serializers.CharField(), source="subtitle_languages"
    )
    imdbRating = serializers.FloatField(source="imdb_rating", allow_null=True)
    backdropUrl = PictureURLField(source="backdrop_url")
    previewUrl = PictureURLField(source="preview_url")
    trailer = TrailerOutput(allow_null=True)
    playable = serializers.BooleanField()
    unavailable = UnavailableOutput(allow_null=True)
    featured = serializers.BooleanField()
    trending = serializers.BooleanField()
    viewCount = serializers.IntegerField(source="view_count")
    favoriteCount = serializers.IntegerField(source="favorite_count")
    commentCount = serializers.IntegerField(source="comment_count")
    shareCount = serializers.IntegerField(source="share_count")
