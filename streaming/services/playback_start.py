"""Start of playback: the decision, the session, the token."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, connection
from django.utils import timezone

from accounts.auth.principal import Principal
from catalog.models import Movie
from kushfilms.core.errors import NotFound, NotSignedIn
from streaming.media import Media, media_get
from streaming.models import PlaybackSession
from streaming.selectors.playback import live_since
from streaming.services.playback_sessions import (
    base_url,
    edge_cache_clear,
    playback_decide,
    token_issue,
)

NO_LIMIT = 2**31 - 1
OPEN = "SELECT * FROM streaming_begin($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"


@dataclass(frozen=True)
class Playback:
    """A session with its media and token. `resume_at` is in seconds."""

    session: PlaybackSession
    movie: Movie
    media: Media
    token: str
    expires_in: int
    resume_at: int

    @property
    def base_url(self) -> str:
        return base_url(self.token)

    @property
    def stream_url(self) -> str:
        return f"{self.base_url}/master.m3u8"

    @property
    def storyboard_url(self) -> str | None:
        return f"{self.base_url}/storyboard.vtt" if self.session.package.has_storyboard else None


def playback_start(
    movie: Movie, *, viewer: Principal | None, device_name: str = "", country: str = ""
) -> Playback:
    """Decide, open a session, sign a token.

    Streams of the same sign-in end first: a page reports its close only after the next page has
    started, so a reload would count itself against the limit. (Another open tab starts again with
    its next heartbeat.) Their tokens are revoked too where the plan has no stream left for them,
    and so are those of streams that have been silent for long: saved tokens must not play more
    streams than the plan allows. The person's row is locked, so of two devices that start at once
    the limit stops one.

    Raises:
        NotSignedIn, NotFound, EntitlementDenied: as `entitlement_decide` raises them.
    """
    now = timezone.now()
    entitlement = playback_decide(movie, viewer=viewer, now=now, country=country)
    entitlement.enforce()
    if viewer is None:  # pragma: no cover  the decision refuses strangers
        raise NotFound("There is no such film.")
    media = media_get(movie)
    session = _session(media, viewer=viewer, device_name=device_name, country=country, now=now)
    elsewhere, resume_at = _open(session, movie, most=entitlement.stream_limit or NO_LIMIT)
    playback_decide(movie, viewer=viewer, now=now, country=country, elsewhere=elsewhere).enforce()
    token, expires_in = token_issue(session, asset=media.asset, now=now)
    return Playback(session, movie, media, token, expires_in, resume_at)


def playback_preview(movie: Movie, *, viewer: Principal, device_name: str = "") -> Playback:
    """Start playback for staff, whatever the film's state and terms, and outside every limit.

    Raises Denied: `not_ready` while the film has no package.
    """
    now = timezone.now()
    media = media_get(movie)
    session = _session(media, viewer=viewer, device_name=f"Preview, {device_name}", now=now)
    session.ended_at = now  # it counts in no limit and no list; the token works all the same
    session.save(force_insert=True)
    token, expires_in = token_issue(session, asset=media.asset, now=now)
    return Playback(session, movie, media, token, expires_in, resume_at=0)


def _session(
    media: Media, *, viewer: Principal, device_name: str, now: datetime, country: str = ""
) -> PlaybackSession:
    return PlaybackSession(
        user_id=viewer.user_id,
        sign_in_id=viewer.session_id,
        asset=media.asset,
        package=media.package,
        device_name=device_name[:120],
        country=country,
        started_at=now,
        last_heartbeat_at=now,
    )


def _open(session: PlaybackSession, movie: Movie, *, most: int) -> tuple[int, int]:
    """Insert the session unless `most` streams run on the person's other sign-ins.

    Return how many run there, and the second at which the person stopped in the film.

    Raises:
        NotSignedIn: the account was erased during this request.
        NotFound: the film was deleted, and this process's cache does not have that yet.
    """
    values = (
        session.pk,
        session.user_id,
        session.sign_in_id,
        movie.pk,
        session.asset_id,
        session.package_id,
        session.device_name,
        session.country,
        session.started_at,
        live_since(session.started_at),
        most,
        settings.STREAM_TOKEN_GRACE_SECONDS,
    )
    try:
        with connection.prepared_cursor() as cursor:  # type: ignore[attr-defined]  # our engine's
            cursor.execute(OPEN, values)
            opened = cursor.fetchone()
    except IntegrityError as exc:
        raise NotFound("There is no such film.") from exc
    if opened is None:
        raise NotSignedIn("Sign in again.", code="session_ended")
    elsewhere, position, replaced = opened
    if replaced:
        edge_cache_clear(replaced)
    return elsewhere, position or 0
