"""Reads of copyright claims."""

from urllib.parse import urlsplit
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from catalog.models import Movie, TakedownNotice
from catalog.selectors.films import movie_get
from kushfilms.core.errors import InvalidInput, NotFound

SEVERAL = 5


def movie_claimed(film: str) -> Movie:
    """Return the published film that a claimant names by address, id or title.

    Raises:
        InvalidInput: no such film, or several; the sentence explains what to enter.
    """
    text = film.replace("\0", "").strip()
    reference = slug_in_address(text)
    try:
        return movie_get(reference)
    except NotFound:
        titled = Movie.objects.filter(published=True, title__iexact=text)
        found = list(titled[:SEVERAL])
    if len(found) == 1:
        return found[0]
    fault = "We cannot find this film. Copy the address of its page from your browser."
    if found:
        pages = ", ".join(f"/movies/{movie.slug}" for movie in found)
        fault = _(
            "Several films have this title: %(pages)s. Give the address of the one you mean."
        ) % {"pages": pages}
    raise InvalidInput(fault, fields={"film": [fault]})


def slug_in_address(address: str) -> str:
    """Return `seven-hills` for `https://…/movies/seven-hills?x`, and for the slug itself."""
    try:
        path = urlsplit(address).path
    except ValueError:
        return ""
    return path.rstrip("/").rpartition("/")[2][:220]


def takedowns_listed(*, status: str = "") -> QuerySet[TakedownNotice]:
    """Return claims, oldest first."""
    notices = TakedownNotice.objects.select_related("movie", "decided_by")
    return (notices.filter(status=status) if status else notices).order_by("created_at", "pk")


def takedown_get(notice_id: UUID) -> TakedownNotice:
    """Return a claim. Raises NotFound."""
    notice = takedowns_listed().filter(pk=notice_id).first()
    if notice is None:
        raise NotFound("There is no such claim.")
    return notice
