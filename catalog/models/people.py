"""People credited in films: directors, cast, VJs, writers and producers."""

from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from catalog.models.counters import CountedModel
from catalog.models.films import Movie
from kushfilms.core.models import TimestampedModel, UUIDModel
from kushfilms.core.storage import public_url


class Person(CountedModel, UUIDModel, TimestampedModel):
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=140, unique=True)
    biography = models.TextField(blank=True, max_length=5000)
    photo_key = models.CharField(max_length=200, blank=True)  # of a `public/…` object
    follower_count = models.PositiveIntegerField(default=0)

    counters = frozenset({"follower_count"})

    class Meta:
        verbose_name_plural = "people"
        indexes = [
            # The editors' list, and lookups of a person by name.
            models.Index(Upper("name"), name="person_by_name"),
            # `people`, by name; its cursor ends in the id.
            models.Index(fields=["name", "id"], name="person_in_order"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def photo_url(self) -> str:
        return public_url(self.photo_key)


class CreditJob(models.TextChoices):
    DIRECTOR = "DIRECTOR", _("Director")
    CAST = "CAST", _("Cast")
    # A video jockey, who narrates a film in another language and is as popular as its actors.
    VJ = "VJ", _("VJ")
    WRITER = "WRITER", _("Writer")
    PRODUCER = "PRODUCER", _("Producer")


class Credit(UUIDModel):
    """A person's part in a film. `Movie.director`, `cast` and `vjs` are copies for reading."""

    movie = models.ForeignKey(Movie, on_delete=models.CASCADE, related_name="credits")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="credits")
    job = models.CharField(max_length=8, choices=CreditJob.choices)
    character = models.CharField(max_length=120, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["job", "order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["movie", "person", "job"], name="one_credit_a_job"),
        ]
        # `people?job=VJ`
        indexes = [models.Index(fields=["job", "person"], name="credit_by_job")]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_job_display()} of {self.movie}"
