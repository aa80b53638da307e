"""Playback sessions: tokens, heartbeats, and revocation."""

import json
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import DurationField, Func, Q
from django.utils import timezone

from accounts.auth.principal import Principal, principal_load
from catalog.entitlement import Entitlement, Refusal, entitlement_decide
from catalog.models import Movie
from catalog.services.plays import play_note
from kushfilms.core import storage
from kushfilms.core.errors import Denied, InvalidInput, NotFound
from streaming.models import AssetKind, PlaybackSession, VideoAsset
from streaming.selectors.playback import streams_live, streams_live_count
from streaming.services.worker_wake import wake_edges
from streaming.signing import StreamToken, sign

# A viewing this long counts as a view; another within these hours is the same view.
VIEW_AFTER = timedelta(seconds=20)
SAME_VIEW_WITHIN = timedelta(hours=12)
# An edge's answer about a session is cached for this long, then the database is read again.
EDGE_CACHE_SECONDS = 30
LIVE = "live"
# New plays replace old ones all the time: edges get the list in batches.
EDGE_WAKE_SECONDS = 5
# Players measure lengths differently: a film's last second may be a little later for them.
END_TOLERANCE_SECONDS = 60
# Read by deploy/edge/worker.js. No token lives this long.
REVOKED_KEY = "edge/revoked.json"
LONGEST_TOKEN = timedelta(hours=24)
TRAILER_SHOWN = Q(is_current=True, movie__published=True)


def base_url(token: str) -> str:
    """Return the URL above all objects that a token opens: on the CDN, or, without one, a path."""
    return f"{settings.CDN_URL}/hls/{token}"


def playback_decide(
    movie: Movie,
    *,
    viewer: Principal | None,
    now: datetime,
    country: str = "",
    elsewhere: int = 0,
) -> Entitlement:
    """Decide whether this viewer may play; `elsewhere` counts their other running streams."""
    return entitlement_decide(
        movie,
        viewer=viewer,
        now=now,
        country=country,
        streams_elsewhere=elsewhere,
        stream_limits=settings.STREAM_LIMITS,
    )


def token_lifetime(duration_seconds: float) -> int:
    """Return the seconds that a token of a film of this length is valid."""
    return round(duration_seconds) + int(settings.STREAM_TOKEN_GRACE_SECONDS)


def token_issue(session: PlaybackSession, *, asset: VideoAsset, now: datetime) -> tuple[str, int]:
    """Sign a token for a session; return it and its seconds: the film and time to pause."""
    lifetime = token_lifetime(asset.duration_seconds)
    token = StreamToken(
        asset_id=asset.pk,
        package_number=session.package.number,
        viewer_id=session.user_id,
        session_id=session.pk,
        expires_at=now + timedelta(seconds=lifetime),
    )
    return sign(token), lifetime


class FilmLength(Func):
    """Seconds as a PostgreSQL interval."""

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
    """Decide again whether this session may play on, and renew its token.

    Raises:
        NotFound: this person has no such session of this film.
        EntitlementDenied: no longer allowed; the edge refuses the session from now on.
        Denied: `stream_limit` or `no_entitlement`, when the session was revoked before.
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
    elsewhere = streams_live_count(viewer.user_id, now=now, besides=session.pk)
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
    _view_count(session, movie=movie, now=now)
    token, expires_in = token_issue(session, asset=session.asset, now=now)
    return Renewal(token, expires_in)


def _view_count(session: PlaybackSession, *, movie: Movie, now: datetime) -> None:
    """Count a view once it lasts 20 s; another within 12 h by the same person is the same view."""
    if session.counted_at is not None or now - session.started_at < VIEW_AFTER:
        return
    uncounted = PlaybackSession.objects.filter(pk=session.pk, counted_at=None)
    if not uncounted.update(counted_at=now):  # a concurrent heartbeat was first
        return
    views = PlaybackSession.objects.filter(user_id=session.user_id, asset__movie=movie)
    if not views.filter(counted_at__gt=now - SAME_VIEW_WITHIN).exclude(pk=session.pk).exists():
        play_note(movie.pk, now=now, country=session.country)


def progress_check(seconds: float, *, movie: Movie) -> None:
    """Refuse a position outside the film. Raises InvalidInput."""
    end = movie.duration
    impossible = not math.isfinite(seconds) or (end and seconds > end + END_TOLERANCE_SECONDS)
    if impossible:
        fault = "This position is past the end of the film."
        raise InvalidInput(fault, fields={"progress": [fault]})


def playback_end(session_id: UUID, *, viewer: Principal) -> None:
    """End a session whose player was closed, so that it no longer counts in the stream limit."""
    PlaybackSession.objects.filter(pk=session_id, user_id=viewer.user_id, ended_at=None).update(
        ended_at=timezone.now()
    )


def playback_take_over(viewer: Principal) -> None:
    """End a person's other streams, at the edge too: “Watch here instead”."""
    running = streams_live(viewer.user_id, now=timezone.now())
    sessions_revoke(list(running.values_list("pk", flat=True)), code="stream_limit")


# ── Revocation ──────────────────────────────────────────────────────────────────────────


def sessions_revoke(session_ids: list[UUID], *, code: str) -> None:
    """End playback now, at the edge too: the next segment is a 403 with this code."""
    PlaybackSession.objects.filter(pk__in=session_ids, revoked_at=None).update(
        revoked_at=timezone.now(), revoked_code=code
    )
    keys = [edge_key(session_id) for session_id in session_ids]
    transaction.on_commit(lambda: cache.delete_many(keys))
    transaction.on_commit(wake_edges)


def edge_cache_clear(session_ids: list[UUID]) -> None:
    """Drop cached answers about revoked sessions, and have the CDN's list written soon."""
    cache.delete_many([edge_key(session_id) for session_id in session_ids])
    if cache.add("edges-woken", 1, timeout=EDGE_WAKE_SECONDS):
        wake_edges()


def sessions_end_of(where: Q) -> None:
    """End every matching session, without a new decision."""
    ids = PlaybackSession.objects.filter(where, revoked_at=None).values_list("pk", flat=True)
    sessions_revoke(list(ids), code="no_entitlement")


def sessions_review(where: Q) -> None:
    """Decide again for every matching session that may still fetch, and end those refused."""
    now = timezone.now()
    refused: list[UUID] = []
    candidates = PlaybackSession.objects.filter(
        where, revoked_at=None, started_at__gt=now - timedelta(days=2)
    ).select_related("asset__movie", "sign_in")
    for session in candidates.iterator(chunk_size=500):
        viewer = principal_load(session.sign_in_id)
        if viewer is not None:
            movie = session.asset.movie
            decision = entitlement_decide(movie, viewer=viewer, now=now, country=session.country)
            if decision.allowed:
                continue
        refused.append(session.pk)
    if refused:
        sessions_revoke(refused, code="no_entitlement")


def revocations_publish() -> int:
    """Write the list that CDN edges read: revoked sessions whose tokens have not expired.

    Return the number of entries. Raises StorageError.
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
    """Return True while viewers may see the trailer; its token names the asset, not a session."""
    shown = VideoAsset.objects.filter(TRAILER_SHOWN, pk=asset_id, kind=AssetKind.TRAILER)
    return shown.exists()


def trailers_review(movie_id: UUID) -> None:
    """Drop cached answers about a film's trailers, whose terms have changed."""
    trailers = VideoAsset.objects.filter(movie_id=movie_id, kind=AssetKind.TRAILER)
    keys = [edge_key(pk) for pk in trailers.values_list("pk", flat=True)]
    if keys:
        transaction.on_commit(lambda: cache.delete_many(keys))
        transaction.on_commit(wake_edges)


def edge_key(session_id: UUID) -> str:
    return f"edge:{session_id}"


def edge_state(session_id: UUID) -> str:
    """Return `live`, or the code to refuse with. One cache read when warm."""
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
