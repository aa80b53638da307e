"""Figures derived from what viewers play. Every row here can be computed again."""

from django.db import models
from django.utils import timezone

from catalog.models.films import Movie


class Play(models.Model):
    """One counted start of a film, until the sweep adds it up: an inbox without locks."""

    derived = True

    id = models.BigAutoField(primary_key=True)
    movie = models.ForeignKey(Movie, on_delete=models.CASCADE, related_name="+")
    played_at = models.DateTimeField(default=timezone.now)
    # ISO 3166 alpha-2 of the viewer, empty when unknown.
    country = models.CharField(max_length=2, blank=True, db_default="")

    def __str__(self) -> str:
        return f"{self.movie_id} at {self.played_at}"


class MovieDay(models.Model):
    """Plays of one film on one day of Kampala's calendar."""

    derived = True

    id = models.BigAutoField(primary_key=True)
    movie = models.ForeignKey(Movie, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    plays = models.PositiveIntegerField(default=0)
    # Plays from `settings.HOME_COUNTRY`; part of `plays`.
    home_plays = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["movie", "day"], name="one_count_a_film_and_day"),
        ]
        indexes = [models.Index(fields=["day"], name="plays_by_day")]  # the last weeks, for trends

    def __str__(self) -> str:
        return f"{self.movie_id}: {self.plays} on {self.day}"


class Trend(models.Model):
    """The most played films of the last weeks, best first. All rows are replaced at once."""

    derived = True

    movie = models.OneToOneField(
        Movie, on_delete=models.CASCADE, primary_key=True, related_name="trend"
    )
    rank = models.PositiveIntegerField(db_index=True)
    score = models.FloatField()  # plays; a play loses half its weight every few days
    # Rank among films played in `settings.HOME_COUNTRY`; None: not played there lately.
    home_rank = models.PositiveIntegerField(null=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.rank}. {self.movie_id}"


class RelatedMovie(models.Model):
    """Films that the same people watch.

    Recommendations are read from these rows and the viewer's own history at the time of the
    request, so they are never behind what the viewer has watched.
    """

    derived = True

    id = models.BigAutoField(primary_key=True)
    movie = models.ForeignKey(Movie, on_delete=models.CASCADE, related_name="related")
    other = models.ForeignKey(Movie, on_delete=models.CASCADE, related_name="+")
    rank = models.PositiveSmallIntegerField()
    score = models.FloatField()  # similarity of the audiences, above 0; comparable between films

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["movie", "rank"], name="one_related_film_a_rank"),
            models.UniqueConstraint(fields=["movie", "other"], name="related_once"),
        ]

    def __str__(self) -> str:
        return f"{self.movie_id} → {self.other_id}"
