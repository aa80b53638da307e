"""Reads about copyright claims."""

from urllib.parse import urlsplit
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from catalog.models import Movie, TakedownNotice
from catalog.selectors.films import movie_get
from kushfilms.core.errors import InvalidInput, NotFound

SEVERAL = 5


def movie_claimed(film: str) -> Movie:
    """The public film that a claimant means by an address, an id or a title.

    Raises:
        InvalidInput: none, or several; the sentence says how to be clear.
    """
    text = film.replace("\0", "").strip()
    reference = urlsplit_last(text)
    try:
        return movie_get(reference)
    except NotFound:
        titled = Movie.objects.filter(published=True, title__iexact=text)
        found = list(titled[:SEVERAL])
    if len(found) == 1:
        return found[0]
    fault = "We find no such film. Copy the address of its page from your browser."
    if found:
        pages = ", ".join(f"/movies/{movie.slug}" for movie in found)
        fault = _(
            "Several films have this title: %(pages)s. Give the address of the one you mean."
        ) % {"pages": pages}
    raise InvalidInput(fault, fields={"film": [fault]})


def urlsplit_last(address: str) -> str:
    """`https://…/movies/seven-hills?x` reads `seven-hills`; so does the slug by itself."""
    try:
        path = urlsplit(address).path
    except ValueError:
        return ""
    return path.rstrip("/").rpartition("/")[2][:220]


def takedowns_listed(*, status: str = "") -> QuerySet[TakedownNotice]:
    """The desk, oldest first."""
    notices = TakedownNotice.objects.select_related("movie", "decided_by")
    return (notices.filter(status=status) if status else notices).order_by("created_at", "pk")


def takedown_get(notice_id: UUID) -> TakedownNotice:
    """Raises NotFound."""
    notice = takedowns_listed().filter(pk=notice_id).first()
    if notice is None:
        raise NotFound("There is no such claim.")
    return notice
