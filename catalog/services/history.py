"""Removal of watch history. No counter depends on it."""

from uuid import UUID

from catalog.models import Movie, WatchHistory


def history_remove(movie: Movie, *, user_id: UUID) -> None:
    """Remove one film from the history; does nothing where it was never watched."""
    WatchHistory.objects.filter(user_id=user_id, movie=movie).delete()


def history_clear(user_id: UUID) -> None:
    WatchHistory.objects.filter(user_id=user_id).delete()
