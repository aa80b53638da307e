"""What a viewer has watched is theirs to forget. Nothing is counted from it."""

from uuid import UUID

from catalog.models import Movie, WatchHistory


def history_remove(movie: Movie, *, user_id: UUID) -> None:
    """Forget one film; a no-op where it was never watched."""
    WatchHistory.objects.filter(user_id=user_id, movie=movie).delete()


def history_clear(user_id: UUID) -> None:
    WatchHistory.objects.filter(user_id=user_id).delete()
