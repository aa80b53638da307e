"""One of each object that a URL can name, all of them one viewer's."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Model
from django.utils import timezone

from accounts.models import AuditLog, DataExport, Notification, Session, SessionKind, User
from billing.models import (
    Checkout,
    Discrepancy,
    LedgerEntry,
    Payment,
    Plan,
    ProviderCommand,
    ProviderEvent,
    Subscription,
)
from billing.services.complimentary import subscription_grant
from catalog.models import (
    Comment,
    Movie,
    MovieImport,
    Person,
    Report,
    Season,
    Series,
    TakedownNotice,
    WatchHistory,
)
from catalog.services.deletion import movie_delete
from catalog.services.ratings import rating_set
from kushfilms.core.models import Job
from streaming.models import AssetStatus, Encode, Package, PlaybackSession, VideoAsset, WorkItem
from tests.factories import CategoryFactory, MovieFactory


@dataclass(frozen=True)
class World:
    rows: dict[str, Any]  # by label, "catalog.movie"
    episode: Movie  # in the season
    deleted: Movie

    def fill(self, route: str) -> str:
        """Return the URL of a route in this world."""
        movie = self.rows["catalog.movie"]
        pk = self._pk(route)
        places = {
            "<slug:reference>": getattr(movie, "slug", ""),
            "<str:reference>": getattr(movie, "slug", ""),
            "<slug:slug>": self._slug(route),
            "<uuid:movie_id>/restore": f"{self.deleted.pk}/restore",
            "episodes/<uuid:movie_id>": f"episodes/{self.episode.pk}",
            "<uuid:movie_id>": self._id("catalog.movie"),
            "<uuid:category_id>": self._id("catalog.category"),
            "<uuid:person_id>": self._id("catalog.person"),
            "<uuid:series_id>": self._id("catalog.series"),
            "<uuid:season_id>": self._id("catalog.season"),
            "<uuid:rating_id>": self._id("catalog.rating"),
            "<section>": "films",
            "<str:kind>": "csv",
            "<uuid:session_id>": self._id("accounts.session"),
            "<uuid:payment_id>": self._id("billing.payment"),
            "<uuid:export_id>": self._id("accounts.dataexport"),
            "<uuid:user_id>": self._id("accounts.user"),
            "<uuid:comment_id>": self._id("catalog.comment"),
            "<uuid:report_id>": self._id("catalog.report"),
            "<uuid:notice_id>": self._id("catalog.takedownnotice"),
            "<uuid:video_id>": self._id("streaming.videoasset"),
            "<int:subtitle_id>": "1",
            "<int:track_id>": "1",
            "<slug:slot>": self._place(route),
            "<str:verb>": "accept",
            "<uuid:pk>": pk,
        }
        for place, value in places.items():
            route = route.replace(place, value)
        return f"/{route}"

    def _slug(self, route: str) -> str:
        """Return the id of the object that the preceding part of the path names."""
        by_word = {"watch": "movie", "series": "series", "people": "person"}
        word = route.partition("/<slug:slug>")[0].rpartition("/")[2]
        return str(self.rows[f"catalog.{by_word.get(word, 'category')}"].slug)

    def _place(self, route: str) -> str:
        """Return the kind of picture of the object."""
        places = {"category": "image", "person": "photo", "series": "poster"}
        return next((place for word, place in places.items() if f"/{word}/" in route), "")

    def _pk(self, route: str) -> str:
        """Return the id of the object that owns these pages or endpoints."""
        labels = {label.replace(".", "/"): label for label in self.rows}
        if "series/season/" in route:
            return self._id("catalog.season")
        mine = [label for part, label in labels.items() if f"admin/{part}/" in route]
        return self._id(mine[0] if mine else "accounts.notification")

    def _id(self, label: str) -> str:
        return str(self.rows[label].pk)


def world_of(viewer: User) -> World:
    category = CategoryFactory.create(slug="drama")
    movie = MovieFactory.create(slug="seven-hills", category=category, trailer_duration=30)
    later = timezone.now() + timedelta(days=1)
    comment = Comment.objects.create(movie=movie, user=viewer, content="Soap")
    session = Session.objects.create(user=viewer, kind=SessionKind.API, expires_at=later)
    subscription_grant(viewer, plan=Plan.BASIC, until=later)
    series = Series.objects.create(
        title="Kampala Nights", slug="kampala-nights", published=True, published_at=timezone.now()
    )
    season = Season.objects.create(series=series, number=1)
    episode = MovieFactory.create(kind="EPISODE", season=season, episode_number=1)
    rows: list[Model] = [
        viewer, session, category, movie, comment,
        Subscription.objects.get(user=viewer),
        Notification.objects.create(user=viewer, title="Hello", message="Hello"),
        DataExport.objects.create(user=viewer),
        AuditLog.objects.create(action="movie.publish", entity="catalog.movie"),
        rating_set(movie, user_id=viewer.pk, stars=4, review="Good"),
        Person.objects.create(name="VJ Junior", slug="vj-junior"),
        MovieImport.objects.create(filename="films.csv", state="CHECKED"),
        series,
        season,
        Report.objects.create(comment=comment, reporter=viewer, reason="SPAM"),
        WatchHistory.objects.create(user=viewer, movie=movie, progress=9),
        Job.objects.create(kind="mail", state="FAILED", finished_at=timezone.now()),
        TakedownNotice.objects.create(
            movie=movie, movie_title="Seven Hills", claimant_name="O", claimant_email="o@o.ug",
            postal_address="x", work="x", statement="x", signature="x",
            sworn_good_faith=True, sworn_accurate=True,
        ),
        *_streaming(movie, viewer, session),
        *_money(viewer, later),
    ]  # fmt: skip
    deleted = movie_delete(MovieFactory.create(), now=timezone.now())
    return World({row._meta.label_lower: row for row in rows}, episode, deleted)


def _money(viewer: User, later: Any) -> list[Model]:
    now, cents = timezone.now(), {"provider": "stripe", "currency": "USD"}
    payment = Payment.objects.create(
        user=viewer, provider_payment_id="ch_1", amount_minor=299, status="SUCCEEDED", paid_at=now,
        **cents,
    )  # fmt: skip
    Checkout.objects.create(
        user=viewer, plan=Plan.BASIC, provider_session_id="cs_owner", url="x", expires_at=later
    )
    entry = LedgerEntry.objects.create(
        payment=payment, kind="CHARGE", provider_object_id="ch_1", amount_minor=299,
        occurred_at=now, **cents,
    )  # fmt: skip
    event = ProviderEvent.objects.create(
        provider="stripe", event_id="evt_1", type="x", version_at=1, state="FAILED",
        payload={"data": {"object": {}}},
    )  # fmt: skip
    order = ProviderCommand.objects.create(
        user=viewer, kind="CANCEL", provider="stripe", object_id="sub_1"
    )
    wrong = Discrepancy.objects.create(
        provider="stripe", kind="MISSED", object_id="sub_1", detail="Canceled there."
    )
    return [payment, entry, event, order, wrong]


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
    trailer = VideoAsset.objects.create(
        movie=movie, kind="TRAILER", filename="t.mp4", source_key="source/t/t.mp4", source_size=1
    )
    shown = Package.objects.create(encode=encode, asset=trailer, number=1, stage="FULL")
    trailer.is_current, trailer.live_package = True, shown
    trailer.save()
    return [asset, work, play]
