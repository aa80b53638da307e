"""What can be found by its words. Triggers keep these rows, so no way of writing forgets them.

Apart from what they describe: a film's counters change all day, and would drag the words' index
along with every change.
"""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from catalog.models.films import Movie
from catalog.models.people import Person
from catalog.models.series import Series


class Findable(models.Model):
    """A film, series or person by their words, lower case and without accents."""

    derived = True

    id = models.BigAutoField(primary_key=True)
    movie = models.OneToOneField(Movie, on_delete=models.CASCADE, null=True, related_name="words")
    series = models.OneToOneField(Series, on_delete=models.CASCADE, null=True, related_name="words")
    person = models.OneToOneField(Person, on_delete=models.CASCADE, null=True, related_name="words")
    name = models.TextField()
    # Weights: A the name, B people, C genres, D the description.
    document = SearchVectorField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(movie__isnull=False, series=None, person=None)
                | Q(movie=None, series__isnull=False, person=None)
                | Q(movie=None, series=None, person__isnull=False),
                name="words_are_of_one_thing",
            ),
        ]
        indexes = [
            # Search. No pending list: readers would have to go through it.
            GinIndex(fields=["document"], name="findable_by_word", fastupdate=False),
            # Type-ahead: names that begin so.
            models.Index(fields=["name"], name="findable_by_name", opclasses=["text_pattern_ops"]),
        ]

    def __str__(self) -> str:
        return self.name


class Word(models.Model):
    """A word of some name, person or genre, to correct typing errors by.

    Written without a lock and never taken away: one standing here twice, or for something that is
    gone, costs nothing.
    """

    id = models.BigAutoField(primary_key=True)
    word = models.TextField()

    class Meta:
        indexes = [
            # Is it known; and words that begin alike.
            models.Index(fields=["word"], name="word_by_beginning", opclasses=["text_pattern_ops"]),
            GinIndex(fields=["word"], name="word_by_likeness", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.word
