"""Start of playback: the decision, the session, the token."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection
from django.utils import timezone

from accounts.auth.principal import Principal
from catalog.entitlement import Entitlement
from catalog.models import Movie
from kushfilms.core.errors import Denied, NotFound, NotSignedIn
from streaming.media import Media, media_get, medias_get
from streaming.models import PlaybackSession
from streaming.selectors.playback import live_since
from streaming.services.playback_sessions import (
    base_url,
    edge_cache_clear,
    playback_decide,
    token_issue,
)

NO_LIMIT = 2**31 - 1
# In the order of people, whose rows `streaming_begin` locks, so that two processes do not wait for
# each other in a circle.
OPEN = """
SELECT start.place, opened.elsewhere, opened.position_seconds, opened.replaced
FROM (
    SELECT * FROM unnest(
        $1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::bigint[], $7::text[],
        $8::text[], $9::int[]
    ) WITH ORDINALITY AS start(
        session_id, user_id, sign_in_id, movie_id, asset_id, package_id, device, country,
        most, place
    ) ORDER BY user_id, place
) AS start, LATERAL streaming_begin(
    session_id, user_id, sign_in_id, movie_id, asset_id, package_id, device, country,
    $10, $11, most, $12
) AS opened
"""


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


@dataclass(frozen=True, slots=True)
class Viewing:
    """A film that a viewer wants to start, on one of their devices."""

    movie: Movie
    viewer: Principal
    device_name: str = ""
    country: str = ""


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
    viewing = Viewing(movie, viewer, device_name, country)
    media = media_get(movie)
    session = _session(media, viewer=viewer, device_name=device_name, country=country, now=now)
    most = entitlement.stream_limit or NO_LIMIT
    try:
        opened = _open([(viewing, session, most)], now=now)
    except IntegrityError as exc:
        raise NotFound("There is no such film.") from exc
    if not opened:  # the account was erased during this request
        raise NotSignedIn("Sign in again.", code="session_ended")
    [(_, elsewhere, resume_at)] = opened
    playback_decide(movie, viewer=viewer, now=now, country=country, elsewhere=elsewhere).enforce()
    return _playback(session, viewing, media, resume_at=resume_at)


def playbacks_start(
    viewings: Sequence[Viewing], *, now: datetime
) -> list[Playback | Denied | None]:
    """Start playback for many viewers at once, in one commit.

    A refusal stands where `playback_start` would raise it, None where another error. Raises
    IntegrityError if a film was deleted since it was read; then nothing has started.
    """
    results: list[Playback | Denied | None] = [None] * len(viewings)
    medias = medias_get([viewing.movie for viewing in viewings])
    places: list[int] = []
    rows: list[tuple[Viewing, PlaybackSession, int]] = []
    for place, viewing in enumerate(viewings):
        entitlement = _decide(viewing, now=now)
        media = medias.get(viewing.movie.pk)
        if isinstance(entitlement.error, Denied):
            results[place] = entitlement.error
        elif entitlement.allowed and media:
            session = _session(
                media,
                viewer=viewing.viewer,
                device_name=viewing.device_name,
                country=viewing.country,
                now=now,
            )
            places.append(place)
            rows.append((viewing, session, entitlement.stream_limit or NO_LIMIT))
    for row, elsewhere, resume_at in _open(rows, now=now) if rows else []:
        viewing, session, _ = rows[row]
        error = _decide(viewing, now=now, elsewhere=elsewhere).error
        if error is None:
            media = medias[viewing.movie.pk]
            results[places[row]] = _playback(session, viewing, media, resume_at=resume_at)
        elif isinstance(error, Denied):
            results[places[row]] = error
    return results


def _decide(viewing: Viewing, *, now: datetime, elsewhere: int = 0) -> Entitlement:
    return playback_decide(
        viewing.movie,
        viewer=viewing.viewer,
        now=now,
        country=viewing.country,
        elsewhere=elsewhere,
    )


def _playback(
    session: PlaybackSession, viewing: Viewing, media: Media, *, resume_at: int
) -> Playback:
    token, expires_in = token_issue(session, asset=media.asset, now=session.started_at)
    return Playback(session, viewing.movie, media, token, expires_in, resume_at)


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


def _open(
    rows: Sequence[tuple[Viewing, PlaybackSession, int]], *, now: datetime
) -> list[tuple[int, int, int]]:
    """Insert each session unless that many streams run on the person's other sign-ins.

    Return for each person who still exists: the row's number, how many streams run there, and the
    second at which the person stopped in the film. Raises IntegrityError for a deleted film.
    """
    values = [
        (
            session.pk,
            session.user_id,
            session.sign_in_id,
            viewing.movie.pk,
            session.asset_id,
            session.package_id,
            session.device_name,
            session.country,
            most,
        )
        for viewing, session, most in rows
    ]
    columns = [list(column) for column in zip(*values, strict=True)]
    common = (now, live_since(now), settings.STREAM_TOKEN_GRACE_SECONDS)
    with connection.prepared_cursor() as cursor:  # type: ignore[attr-defined]  # our engine's
        cursor.execute(OPEN, [*columns, *common])
        opened: list[tuple[int, int, int | None, list[UUID]]] = cursor.fetchall()
    replaced = [session_id for *_, gone in opened for session_id in gone]
    if replaced:
        edge_cache_clear(replaced)
    return [(place - 1, elsewhere, position or 0) for place, elsewhere, position, _ in opened]
