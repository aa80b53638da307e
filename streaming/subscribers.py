"""Reactions to events of the apps below: playback ends when its entitlement does."""

from django.db.models import Q

from accounts.events import RoleChanged, SessionsRevoked
from accounts.models import User
from accounts.services.notifications import notification_create
from billing.events import PlanChanged
from catalog.events import MovieDeleted, MovieTakenDown, MovieTermsChanged, PersonMerged
from kushfilms.core.events import subscribe
from streaming.models import AudioTrack, PlaybackSession, VideoAsset
from streaming.services.assets import movie_storage_discard
from streaming.services.playback_sessions import sessions_review, sessions_revoke, trailers_review


@subscribe(SessionsRevoked)
def end_playbacks_of_sessions(event: SessionsRevoked) -> None:
    ids = PlaybackSession.objects.filter(
        sign_in_id__in=event.session_ids, revoked_at=None
    ).values_list("pk", flat=True)
    sessions_revoke(list(ids), code="no_entitlement")


@subscribe(RoleChanged)
def end_previews(event: RoleChanged) -> None:
    """Review a person's streams: former staff may watch only what viewers may."""
    sessions_review(Q(user_id=event.user_id))


@subscribe(PlanChanged)
def review_viewer(event: PlanChanged) -> None:
    sessions_review(Q(user_id=event.user_id))


@subscribe(MovieTermsChanged)
def review_film(event: MovieTermsChanged) -> None:
    sessions_review(Q(asset__movie_id=event.movie_id))
    trailers_review(event.movie_id)


@subscribe(MovieDeleted)
def discard_storage(event: MovieDeleted) -> None:
    movie_storage_discard(event.movie_id)


@subscribe(MovieTakenDown)
def notify_uploaders(event: MovieTakenDown) -> None:
    uploads = VideoAsset.objects.filter(movie_id=event.movie_id, uploaded_by__isnull=False)
    state = "was taken down for a copyright claim" if event.down else "can be shown again"
    for person in User.objects.filter(pk__in=uploads.values("uploaded_by")):
        notification_create(
            person,
            title=f"“{event.title}” {state}"[:200],
            message="A copyright claim about this film was accepted. If you hold the rights, "
            "reply with a counter-notice."
            if event.down
            else "The copyright claim about this film was reversed.",
            action_url=f"/admin/catalog/movie/{event.movie_id}/change/",
        )


@subscribe(PersonMerged)
def move_narrations(event: PersonMerged) -> None:
    AudioTrack.objects.filter(narrator_id=event.person_id).update(narrator_id=event.into_id)
