"""Copyright claims on films."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from catalog.models.films import Movie
from kushfilms.core.models import UUIDModel


class TakedownStatus(models.TextChoices):
    RECEIVED = "RECEIVED", "Awaiting decision"
    ACCEPTED = "ACCEPTED", "Accepted: film taken down"
    REJECTED = "REJECTED", "Rejected"
    REVERSED = "REVERSED", "Accepted, then reversed"


class TakedownNotice(UUIDModel):
    """A copyright claim as it was sworn, and the decision on it."""

    claimant_name = models.CharField(max_length=120)
    claimant_email = models.EmailField(max_length=254)
    organisation = models.CharField(max_length=160, blank=True)
    postal_address = models.CharField(max_length=300)
    phone = models.CharField(max_length=40, blank=True)
    work = models.TextField(max_length=2000)  # the claimant's work that was copied
    # None: the film was removed for good; the claim stays on file.
    movie = models.ForeignKey(
        Movie, on_delete=models.SET_NULL, null=True, blank=True, related_name="takedowns"
    )
    movie_title = models.CharField(max_length=200)
    statement = models.TextField(max_length=4000)
    sworn_good_faith = models.BooleanField()
    sworn_accurate = models.BooleanField()
    signature = models.CharField(max_length=120)
    status = models.CharField(
        max_length=8, choices=TakedownStatus.choices, default=TakedownStatus.RECEIVED
    )
    # What the acceptance changed in the film, so that a reversal restores exactly that.
    took_off_air = models.BooleanField(default=False)
    stopped_automatic_publication = models.BooleanField(default=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.CharField(max_length=1000, blank=True)
    reversed_at = models.DateTimeField(null=True, blank=True)
    reversal_note = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sworn_good_faith=True, sworn_accurate=True),
                name="takedown_is_sworn",
            ),
            models.CheckConstraint(
                condition=Q(status="RECEIVED", decided_at=None)
                | (~Q(status="RECEIVED") & Q(decided_at__isnull=False)),
                name="takedown_is_decided_at_a_moment",
            ),
        ]
        indexes = [
            # The staff's queue, oldest first.
            models.Index(fields=["status", "created_at"], name="takedown_desk"),
            # Whether an accepted claim bars the publication of a film.
            models.Index(fields=["movie"], name="takedown_stands", condition=Q(status="ACCEPTED")),
        ]

    def __str__(self) -> str:
        return f"{self.claimant_name} on “{self.movie_title}”"
