"""Former addresses, which lead to the present one for good."""

from django.db import models
from django.utils import timezone


class SlugKind(models.TextChoices):
    MOVIE = "MOVIE"
    SERIES = "SERIES"
    CATEGORY = "CATEGORY"
    PERSON = "PERSON"


class FormerSlug(models.Model):
    """A slug that a row had before it was renamed, unless another row has it now."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=8, choices=SlugKind.choices)
    slug = models.CharField(max_length=220)
    target_id = models.UUIDField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "slug"], name="one_target_a_former_slug"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.slug}"
