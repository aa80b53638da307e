"""Reactions of catalog to its own events and to those of accounts."""

from accounts.events import PersonErased
from catalog.events import MoviePublished
from catalog.services.comments import comments_recount
from catalog.services.new_film_notices import followers_notify
from kushfilms.core.events import subscribe


@subscribe(MoviePublished)
def notify_followers(event: MoviePublished) -> None:
    followers_notify(event.movie_id)


@subscribe(PersonErased)
def recount_comments(event: PersonErased) -> None:
    """Count comments again without those of an erased person."""
    comments_recount(event.user_id)
