"""A viewer presses Play: the decision, the session, the token."""

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
from streaming.services.playback_sessions import (
    base_url,
    edge_cache_clear,
    live_since,
    playback_decide,
    token_issue,
)

NO_LIMIT = 2**31 - 1
OPEN = "SELECT * FROM streaming_begin($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"


@dataclass(frozen=True)
class Playback:
    """What a player needs to begin. `resume_at` is in seconds."""

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

    What ran on this very sign-in ends: a page's farewell comes after its successor has begun, so
    a reload would meet itself at the limit. (The other tab, if there is one, asks again with its
    next heartbeat.) Its token ends as well when the person's plan has no place left for it, as
    others' that were silent for long: whoever saves a token plays no more streams than whoever
    does not. The person's row is locked, so of two devices starting at once the limit
    stops one.

    Raises:
        NotSignedIn, NotFound, EntitlementDenied: as `entitlement_decide` says.
    """
    now = timezone.now()
    entitlement = playback_decide(movie, viewer=viewer, now=now, country=country)
    entitlement.enforce()
    if viewer is None:  # pragma: no cover  strangers are refused
        raise NotFound("There is no such film.")
    media = media_get(movie)
    session = _session(media, viewer=viewer, device_name=device_name, country=country, now=now)
    elsewhere, resume_at = _open(session, movie, most=entitlement.stream_limit or NO_LIMIT)
    playback_decide(movie, viewer=viewer, now=now, country=country, elsewhere=elsewhere).enforce()
    token, expires_in = token_issue(session, asset=media.asset, now=now)
    return Playback(session, movie, media, token, expires_in, resume_at)


def playback_preview(movie: Movie, *, viewer: Principal, device_name: str = "") -> Playback:
    """For who publishes films: whatever the film's state and terms, and outside every limit.

    Raises Denied: `not_ready` while there is nothing to play.
    """
    now = timezone.now()
    media = media_get(movie)
    session = _session(media, viewer=viewer, device_name=f"Preview, {device_name}", now=now)
    session.ended_at = now  # for limits and lists: the token is good all the same
    session.save(force_insert=True)
    token, expires_in = token_issue(session, asset=media.asset, now=now)
    return Playback(session, movie, media, token, expires_in, resume_at=0)


def _session(
    media: Media, *, viewer: Principal, device_name: str, now: datetime, country: str = ""
) -> PlaybackSession:
    """Not in the database yet."""
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
    """Insert it, unless `most` streams run on the person's other sign-ins: how many do, and where
    they stopped in the film, in seconds.

    Raises:
        NotSignedIn: erased since they were asked who they are.
        NotFound: the film is gone, which memory has not heard yet.
    """
    row = session
    values = (
        row.pk, row.user_id, row.sign_in_id, movie.pk, row.asset_id, row.package_id,
        row.device_name, row.country, row.started_at, live_since(row.started_at), most,
        settings.STREAM_TOKEN_GRACE_SECONDS,
    )  # fmt: skip
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
