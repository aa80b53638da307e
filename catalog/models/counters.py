"""Counters stored beside the rows they count, so that they can be read cheaply."""

from typing import Any, ClassVar

from django.db import models


class CountedModel(models.Model):
    """A model whose `counters` change by SQL alone.

    A form that saves a whole row it read a while ago would overwrite them with old numbers, so
    `save()` leaves them out unless they are named.
    """

    counters: ClassVar[frozenset[str]] = frozenset()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding and not args and not kwargs:
            names = (field.name for field in self._meta.concrete_fields if not field.primary_key)
            kwargs["update_fields"] = [name for name in names if name not in self.counters]
        super().save(*args, **kwargs)
