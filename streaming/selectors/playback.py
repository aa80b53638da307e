"""Streams that run now, and the film after the one being watched."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from catalog.models import Movie
from catalog.selectors import NEWEST, episode_next, movies_listed
from kushfilms.core.db.prepared import STAND_IN_AUDIENCE, STAND_IN_ID, Prepared
from streaming.models import PlaybackSession

# A stream counts against the plan while its heartbeat is younger than this many intervals.
LIVE_HEARTBEATS = 3
# Placeholder of the prepared statement; it differs from every other placeholder there.
STAND_IN_UNTIL = datetime(1, 1, 3, 4, 5, 6, tzinfo=UTC)


def movie_next(movie: Movie, *, now: datetime, country: str) -> Movie | None:
    """Return the film to offer after this one, or None.

    The next episode of its series; else, of its category, the film published before it or the
    newest.
    """
    if following := episode_next(movie, now=now, country=country):
        return following
    if movie.category_id is None or movie.published_at is None:
        return None
    others = movies_listed(now=now, country=country).without_episodes()
    others = others.filter(category_id=movie.category_id).exclude(pk=movie.pk)
    others = others.order_by(*NEWEST)
    return others.filter(published_at__lte=movie.published_at).first() or others.first()


def live_since(now: datetime) -> datetime:
    return now - timedelta(seconds=settings.HEARTBEAT_SECONDS * LIVE_HEARTBEATS)


def live_until(now: datetime) -> datetime:
    """Return the latest heartbeat that counts as live.

    A heartbeat further ahead was written before the clock was set back.
    """
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
    """Return a person's running streams.

    A stream without a heartbeat for a while is over: a closed laptop or a lost network must not
    lock a family out.
    """
    return _live(user_id=user_id, since=live_since(now), until=live_until(now))


def streams_live_count(user_id: UUID, *, now: datetime, besides: UUID) -> int:
    """Count a person's running streams but one, by a prepared statement."""
    rows = _LIVE.rows(user_id=user_id, since=live_since(now), until=live_until(now))
    return sum(pk != besides for pk, _sign_in_id in rows)


def streams_elsewhere(user_id: UUID) -> list[PlaybackSession]:
    """Return a person's running streams, latest first, to name the devices that use the plan."""
    running = streams_live(user_id, now=timezone.now()).select_related("asset__movie")
    return list(running.order_by("-last_heartbeat_at")[:5])


def session_started_at(session_id: UUID, *, user_id: UUID) -> datetime | None:
    """Return when this person's session began, or None if there is no such session."""
    own_sessions = PlaybackSession.objects.filter(pk=session_id, user_id=user_id)
    return own_sessions.values_list("started_at", flat=True).first()
