"""Search index of films, series and people. Triggers keep its rows, whichever way they are written.

The index is a table of its own because a film's counters change all day, and each change would
rewrite the index of its words.
"""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Left, Length

from catalog.models.films import Movie
from catalog.models.people import Person
from catalog.models.series import Series


class Findable(models.Model):
    """The searchable words of a film, series or person, in lower case and without accents."""

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
            # Search. Without a pending list, which every reader would have to scan.
            GinIndex(fields=["document"], name="findable_by_word", fastupdate=False),
            # Search among very many matches: names first (`catalog_best`).
            GinIndex(
                Func(
                    F("document"),
                    template="ts_filter(%(expressions)s, '{a}')",
                    output_field=SearchVectorField(),
                ),
                name="findable_by_name_word",
                fastupdate=False,
            ),
            # Whether a series has these words.
            GinIndex(
                fields=["document"],
                name="findable_series_by_word",
                fastupdate=False,
                condition=Q(series__isnull=False),
            ),
            # Suggestions: names with this beginning.
            models.Index(fields=["name"], name="findable_by_name", opclasses=["text_pattern_ops"]),
        ]

    def __str__(self) -> str:
        return self.name


class Word(models.Model):
    """A word of a name, person or genre, used to correct typing errors.

    Rows are written without a lock and never deleted: a duplicate or an obsolete word does no harm.
    """

    id = models.BigAutoField(primary_key=True)
    word = models.TextField()

    class Meta:
        indexes = [
            # Look-up of a word, and of words with the same beginning.
            models.Index(fields=["word"], name="word_by_beginning", opclasses=["text_pattern_ops"]),
            GinIndex(fields=["word"], name="word_by_likeness", opclasses=["gin_trgm_ops"]),
            # Words that a mistyped one may have been, nearly all with the same first letter.
            models.Index(Left("word", 1), Length("word"), "word", name="word_by_letter_and_length"),
        ]

    def __str__(self) -> str:
        return self.word
