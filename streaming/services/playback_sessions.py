"""A playback session: its token, its heartbeats, and what ends it."""

import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import DurationField, Func, Q, QuerySet
from django.utils import timezone

from accounts.auth.principal import Principal, principal_load
from catalog.entitlement import Entitlement, Refusal, entitlement_decide
from catalog.models import Movie
from catalog.services.plays import play_note
from kushfilms.core import storage
from kushfilms.core.db.prepared import STAND_IN_AUDIENCE, STAND_IN_ID, Prepared
from kushfilms.core.errors import Denied, InvalidInput, NotFound
from streaming.models import AssetKind, PlaybackSession, VideoAsset
from streaming.services.worker_wake import wake_edges
from streaming.signing import StreamToken, sign

# A stream counts against the plan while its heartbeat is younger than this many beats.
LIVE_BEATS = 3
# Looked into for this long is played; and opened again within the day it is the same play.
VIEW_AFTER, SAME_VIEW_WITHIN = timedelta(seconds=20), timedelta(hours=12)
# What the edge remembers of a session; the database is asked after that.
EDGE_CACHE_SECONDS = 30
LIVE = "live"
# Of the prepared statement; no other value of it is the same.
STAND_IN_UNTIL = datetime(1, 1, 3, 4, 5, 6, tzinfo=UTC)
# New plays replace old ones all the time: edges are told in batches.
EDGE_WAKE_SECONDS = 5
# Players count in their own way: a film's last second may be a little later for them.
END_TOLERANCE_SECONDS = 60
# Read by deploy/edge/worker.js. No token lives as long as this.
REVOKED_KEY = "edge/revoked.json"
LONGEST_TOKEN = timedelta(hours=24)
TRAILER_SHOWN = Q(is_current=True, movie__published=True)


def base_url(token: str) -> str:
    """Below this lies everything a token opens: on the CDN, or, without one, a path here."""
    return f"{settings.CDN_URL}/hls/{token}"


def playback_decide(
    movie: Movie,
    *,
    viewer: Principal | None,
    now: datetime,
    country: str = "",
    elsewhere: int = 0,
) -> Entitlement:
    """The one decision; `elsewhere` are the viewer's other streams that run now."""
    return entitlement_decide(
        movie,
        viewer=viewer,
        now=now,
        country=country,
        streams_elsewhere=elsewhere,
        stream_limits=settings.STREAM_LIMITS,
    )


def live_since(now: datetime) -> datetime:
    return now - timedelta(seconds=settings.HEARTBEAT_SECONDS * LIVE_BEATS)


def live_until(now: datetime) -> datetime:
    """A heartbeat further ahead is of before the clock went back, and no sign of life."""
    return now + (now - live_since(now))


def _live(*, user_id: UUID, since: datetime, until: datetime) -> QuerySet[PlaybackSession]:
    return PlaybackSession.objects.filter(
        user_id=user_id,
        last_heartbeat_at__gt=since,
        last_heartbeat_at__lte=until,
        ended_at=None,
        revoked_at=None,
    )


_LIVE = Prepared(
    lambda **values: _live(**values).values_list("pk", "sign_in_id"),
    user_id=STAND_IN_ID,
    since=STAND_IN_AUDIENCE["now"],
    until=STAND_IN_UNTIL,
)


def streams_live(user_id: UUID, *, now: datetime) -> QuerySet[PlaybackSession]:
    """A person's streams that run now. One without a heartbeat for a while is over: closing a
    laptop or losing the network must not lock a family out."""
    return _live(user_id=user_id, since=live_since(now), until=live_until(now))


def token_issue(session: PlaybackSession, *, asset: VideoAsset, now: datetime) -> tuple[str, int]:
    """A token for a session and the seconds it is good for: the film, and time to pause."""
    lifetime = round(asset.duration_seconds) + settings.STREAM_TOKEN_GRACE_SECONDS
    token = StreamToken(
        asset_id=asset.pk,
        package_number=session.package.number,
        viewer_id=session.user_id,
        session_id=session.pk,
        expires_at=now + timedelta(seconds=lifetime),
    )
    return sign(token), lifetime


class FilmLength(Func):
    """Seconds as an interval."""

    template = "make_interval(secs => %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True)
class Renewal:
    token: str
    expires_in: int

    @property
    def stream_url(self) -> str:
        return f"{base_url(self.token)}/master.m3u8"


def playback_heartbeat(
    session_id: UUID, *, viewer: Principal, movie: Movie, country: str = ""
) -> Renewal:
    """A sign of life from a player: asks the decision again and renews the token.

    Raises:
        NotFound: not a session of this person and film.
        EntitlementDenied: no longer allowed; the session is over for the edge too.
        Denied: `stream_limit` or `no_entitlement`, when it was taken away.
    """
    now = timezone.now()
    session = (
        PlaybackSession.objects.select_related("asset", "package")
        .filter(pk=session_id, user_id=viewer.user_id, asset__movie=movie)
        .first()
    )
    if session is None:
        raise NotFound("There is no such playback session.")
    if session.revoked_at is not None:
        raise Denied("This playback has ended.", code=session.revoked_code)
    live = _LIVE.rows(user_id=viewer.user_id, since=live_since(now), until=live_until(now))
    elsewhere = sum(pk != session.pk for pk, _sign_in_id in live)
    entitlement = playback_decide(
        movie, viewer=viewer, now=now, country=country, elsewhere=elsewhere
    )
    if not entitlement.allowed:
        code = "stream_limit" if entitlement.refusal == Refusal.STREAM_LIMIT else "no_entitlement"
        sessions_revoke([session.pk], code=code)
        entitlement.enforce()
    PlaybackSession.objects.filter(pk=session.pk).update(
        last_heartbeat_at=now, ended_at=None, sign_in_id=viewer.session_id
    )
    _count(session, movie=movie, now=now)
    token, expires_in = token_issue(session, asset=session.asset, now=now)
    return Renewal(token, expires_in)


def _count(session: PlaybackSession, *, movie: Movie, now: datetime) -> None:
    """A play, once it has lasted; a film somebody opens again the same day is the same play."""
    if session.counted_at is not None or now - session.started_at < VIEW_AFTER:
        return
    mine = PlaybackSession.objects.filter(pk=session.pk, counted_at=None)
    if not mine.update(counted_at=now):  # another heartbeat was first
        return
    same = PlaybackSession.objects.filter(user_id=session.user_id, asset__movie=movie)
    if not same.filter(counted_at__gt=now - SAME_VIEW_WITHIN).exclude(pk=session.pk).exists():
        play_note(movie.pk, now=now, country=session.country)


def session_started_at(session_id: UUID, *, user_id: UUID) -> datetime | None:
    """None where this person has no such session."""
    mine = PlaybackSession.objects.filter(pk=session_id, user_id=user_id)
    return mine.values_list("started_at", flat=True).first()


def progress_check(seconds: float, *, movie: Movie) -> None:
    """Raises InvalidInput: a place that the film does not have."""
    end = movie.duration
    impossible = not math.isfinite(seconds) or (end and seconds > end + END_TOLERANCE_SECONDS)
    if impossible:
        fault = "The film is not that long."
        raise InvalidInput(fault, fields={"progress": [fault]})


def playback_end(session_id: UUID, *, viewer: Principal) -> None:
    """The player was closed; its place in the stream limit is free at once."""
    PlaybackSession.objects.filter(pk=session_id, user_id=viewer.user_id, ended_at=None).update(
        ended_at=timezone.now()
    )


def playback_take_over(viewer: Principal) -> None:
    """“Watch here instead”: the person's other streams end, at the edge too."""
    running = streams_live(viewer.user_id, now=timezone.now())
    sessions_revoke(list(running.values_list("pk", flat=True)), code="stream_limit")


# ── Taking it away ──────────────────────────────────────────────────────────────────────


def sessions_revoke(session_ids: list[UUID], *, code: str) -> None:
    """End playback now, at the edge too: the next segment is 403 with this code."""
    PlaybackSession.objects.filter(pk__in=session_ids, revoked_at=None).update(
        revoked_at=timezone.now(), revoked_code=code
    )
    keys = [edge_key(session_id) for session_id in session_ids]
    transaction.on_commit(lambda: cache.delete_many(keys))
    transaction.on_commit(wake_edges)


def edge_cache_clear(session_ids: list[UUID]) -> None:
    """These were just revoked: our own edge asks their rows again, the CDN's are told soon."""
    cache.delete_many([edge_key(session_id) for session_id in session_ids])
    if cache.add("edges-told", 1, timeout=EDGE_WAKE_SECONDS):
        wake_edges()


def sessions_end_of(where: Q) -> None:
    """End every session there is a row for, whatever the decision would say."""
    ids = PlaybackSession.objects.filter(where, revoked_at=None).values_list("pk", flat=True)
    sessions_revoke(list(ids), code="no_entitlement")


def sessions_review(where: Q) -> None:
    """Ask the decision again for every session that may still fetch, and end those refused."""
    now = timezone.now()
    refused: list[UUID] = []
    candidates = PlaybackSession.objects.filter(
        where, revoked_at=None, started_at__gt=now - timedelta(days=2)
    ).select_related("asset__movie", "sign_in")
    for session in candidates.iterator(chunk_size=500):
        viewer = principal_load(session.sign_in_id)
        movie = session.asset.movie
        if viewer is None or not _still_allowed(movie, viewer, session, now=now):
            refused.append(session.pk)
    if refused:
        sessions_revoke(refused, code="no_entitlement")


def _still_allowed(
    movie: Movie, viewer: Principal, session: PlaybackSession, *, now: datetime
) -> bool:
    return entitlement_decide(movie, viewer=viewer, now=now, country=session.country).allowed


def revocations_publish() -> int:
    """Write the list that CDN edges read: sessions taken away whose tokens may still run.

    Returns how many. Raises StorageError.
    """
    now = timezone.now()
    since = now - LONGEST_TOKEN
    grace = timedelta(seconds=settings.STREAM_TOKEN_GRACE_SECONDS)
    revoked = PlaybackSession.objects.filter(revoked_at__gt=since).filter(
        last_heartbeat_at__gt=now - grace - FilmLength("asset__duration_seconds")
    )
    listed = {str(pk): code for pk, code in revoked.values_list("pk", "revoked_code")}
    hidden = VideoAsset.objects.filter(kind=AssetKind.TRAILER, movie__updated_at__gt=since)
    for pk in hidden.filter(~TRAILER_SHOWN).values_list("pk", flat=True):
        listed[str(pk)] = "no_entitlement"
    storage.put_mutable(REVOKED_KEY, json.dumps(listed).encode(), content_type="application/json")
    return len(listed)


def trailer_shown(asset_id: UUID) -> bool:
    """Trailers are nobody's session: their tokens name the asset in its place."""
    shown = VideoAsset.objects.filter(TRAILER_SHOWN, pk=asset_id, kind=AssetKind.TRAILER)
    return shown.exists()


def trailers_review(movie_id: UUID) -> None:
    """The film's terms changed: what edges remember of its trailers is out of date."""
    trailers = VideoAsset.objects.filter(movie_id=movie_id, kind=AssetKind.TRAILER)
    keys = [edge_key(pk) for pk in trailers.values_list("pk", flat=True)]
    if keys:
        transaction.on_commit(lambda: cache.delete_many(keys))
        transaction.on_commit(wake_edges)


def edge_key(session_id: UUID) -> str:
    return f"edge:{session_id}"


def edge_state(session_id: UUID) -> str:
    """`live`, or the code to refuse with. One cache read when warm."""
    state: str | None = cache.get(edge_key(session_id))
    if state is None:
        row = (
            PlaybackSession.objects.filter(pk=session_id)
            .values_list("revoked_code", "revoked_at")
            .first()
        )
        gone = row[1] is not None if row else not trailer_shown(session_id)
        state = (row[0] if row and row[0] else "no_entitlement") if gone else LIVE
        cache.set(edge_key(session_id), state, timeout=EDGE_CACHE_SECONDS)
    return state
