"""One of each thing a URL can name, all of them one viewer's."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Model
from django.utils import timezone

from accounts.models import AuditLog, DataExport, Notification, Session, SessionKind, User
from billing.models import Plan, Subscription
from billing.services import subscription_grant
from catalog.models import Comment, Movie, Report, TakedownNotice, WatchHistory
from kushfilms.core.models import Job
from streaming.models import AssetStatus, Encode, Package, PlaybackSession, VideoAsset, WorkItem
from tests.factories import CategoryFactory, MovieFactory


@dataclass(frozen=True)
class World:
    rows: dict[str, Model]  # by label, "catalog.movie"

    def fill(self, route: str) -> str:
        """The route's address in this world."""
        movie, category = self.rows["catalog.movie"], self.rows["catalog.category"]
        pk = self._pk(route)
        places = {
            "<slug:reference>": getattr(movie, "slug", ""),
            "<str:reference>": getattr(movie, "slug", ""),
            "<slug:slug>": getattr(movie if "watch/" in route else category, "slug", ""),
            "<uuid:session_id>": self._id("accounts.session"),
            "<uuid:export_id>": self._id("accounts.dataexport"),
            "<uuid:user_id>": self._id("accounts.user"),
            "<uuid:comment_id>": self._id("catalog.comment"),
            "<uuid:report_id>": self._id("catalog.report"),
            "<uuid:notice_id>": self._id("catalog.takedownnotice"),
            "<uuid:video_id>": self._id("streaming.videoasset"),
            "<str:verb>": "accept",
            "<uuid:pk>": pk,
        }
        for place, value in places.items():
            route = route.replace(place, value)
        return f"/{route}"

    def _pk(self, route: str) -> str:
        """Of the thing whose pages or endpoints these are."""
        labels = {label.replace(".", "/"): label for label in self.rows}
        mine = [label for part, label in labels.items() if f"admin/{part}/" in route]
        return self._id(mine[0] if mine else "accounts.notification")

    def _id(self, label: str) -> str:
        return str(self.rows[label].pk)


def world_of(viewer: User) -> World:
    category = CategoryFactory.create(slug="drama")
    movie = MovieFactory.create(slug="seven-hills", category=category)
    later = timezone.now() + timedelta(days=1)
    comment = Comment.objects.create(movie=movie, user=viewer, content="Soap")
    session = Session.objects.create(user=viewer, kind=SessionKind.API, expires_at=later)
    subscription_grant(viewer, plan=Plan.BASIC, until=later)
    rows: list[Model] = [
        viewer, session, category, movie, comment,
        Subscription.objects.get(user=viewer),
        Notification.objects.create(user=viewer, title="Hello", message="Hello"),
        DataExport.objects.create(user=viewer),
        AuditLog.objects.create(action="movie.publish", entity="catalog.movie"),
        Report.objects.create(comment=comment, reporter=viewer, reason="SPAM"),
        WatchHistory.objects.create(user=viewer, movie=movie, progress=9),
        Job.objects.create(kind="mail", state="FAILED", finished_at=timezone.now()),
        TakedownNotice.objects.create(
            movie=movie, movie_title="Seven Hills", claimant_name="O", claimant_email="o@o.ug",
            postal_address="x", work="x", statement="x", signature="x",
            sworn_good_faith=True, sworn_accurate=True,
        ),
        *_streaming(movie, viewer, session),
    ]  # fmt: skip
    return World({row._meta.label_lower: row for row in rows})


def _streaming(movie: Movie, viewer: User, session: Session) -> list[Model]:
    asset = VideoAsset.objects.create(
        movie=movie, filename="a.mp4", source_key="source/a/a.mp4", source_size=1
    )
    encode = Encode.objects.create(asset=asset)
    work = WorkItem.objects.create(encode=encode, kind="PROBE", priority=1)
    package = Package.objects.create(encode=encode, asset=asset, number=1, stage="EARLY")
    asset.status, asset.is_current, asset.live_package = AssetStatus.READY, True, package
    asset.save()
    play = PlaybackSession.objects.create(
        user=viewer, sign_in=session, asset=asset, package=package
    )
    return [asset, work, play]
