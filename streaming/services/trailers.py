"""Trailers, which anyone may watch: no sign-in, no session, a token with a short life."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop as _

from accounts.services.audit import audit_write
from catalog.entitlement import entitlement_decide
from catalog.models import Movie
from catalog.services.films import movie_media_update
from kushfilms.core.errors import NotFound
from streaming.media import Media, media_get
from streaming.models import AssetKind, VideoAsset
from streaming.services.playback_sessions import base_url, trailers_review
from streaming.signing import StreamToken, sign

ANONYMOUS_VIEWER = UUID(int=0)
# Time to pause. A later visit gets a new token for nothing.
GRACE = timedelta(minutes=15)


@dataclass(frozen=True)
class Trailer:
    movie: Movie
    media: Media
    token: str
    expires_in: int

    @property
    def base_url(self) -> str:
        return base_url(self.token)


def trailer_play(movie: Movie, *, now: datetime, country: str) -> Trailer:
    """Decide and sign a token. Raises NotFound, or Denied where the film is not shown."""
    if movie.published and not movie.trailer_duration:
        raise NotFound(_("This film has no trailer."))
    entitlement_decide(movie, viewer=None, now=now, country=country, trailer=True).enforce()
    media = media_get(movie, kind=AssetKind.TRAILER)
    lifetime = timedelta(seconds=round(media.asset.duration_seconds)) + GRACE
    token = StreamToken(
        asset_id=media.asset.pk,
        package_number=media.package.number,
        viewer_id=ANONYMOUS_VIEWER,
        session_id=media.asset.pk,  # the id an edge looks up (`trailer_shown`)
        expires_at=now + lifetime,
    )
    return Trailer(movie, media, sign(token), int(lifetime.total_seconds()))


@transaction.atomic
def trailer_remove(movie: Movie) -> None:
    """Stop showing the film's trailer. Raises NotFound when it has none."""
    trailers = VideoAsset.objects.filter(movie=movie, kind=AssetKind.TRAILER)
    if not trailers.filter(is_current=True).update(is_current=False):
        raise NotFound(_("This film has no trailer."))
    movie_media_update(movie, trailer_duration=0)
    audit_write("movie.trailer_remove", movie, old={"seconds": movie.trailer_duration})
    trailers_review(movie.pk)
