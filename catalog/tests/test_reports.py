"""Reports, from the form to the outcome."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import AuditLog, Notification, User
from catalog.models import Comment, Movie, Report
from catalog.services import reports
from catalog.services.comments import comment_create
from kushfilms.core.errors import WrongState

ApiAs = Callable[[User], APIClient]
SiteAs = Callable[[User], Client]
QUEUE = "/api/v1/admin/reports"

pytestmark = pytest.mark.django_db


@pytest.fixture
def comment(stranger: User, movie_factory: Any) -> Comment:
    movie = movie_factory(slug="seven-hills")
    return comment_create(movie, user_id=stranger.pk, content="Buy soap", now=timezone.now())


def report_by(user: User, target: Any, reason: str = "SPAM") -> Report:
    return reports.report_create(
        target, reporter_id=user.pk, reason=reason, details="", now=timezone.now()
    )


def about(kind: str, target: Any, reason: str = "SPAM") -> dict[str, str]:
    return {"targetType": kind, "targetId": str(target.pk), "reason": reason}


def test_a_second_report_is_the_first(viewer: User, comment: Comment, api_as: ApiAs) -> None:
    phone = api_as(viewer)
    first = phone.post("/api/v1/reports", about("COMMENT", comment))
    again = phone.post("/api/v1/reports", about("COMMENT", comment, "OTHER"))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert first.json()["status"] == "PENDING"
    assert Report.objects.get().reporter == viewer


def test_invalid_targets(
    viewer: User, stranger: User, comment: Comment, movie_factory: Any, api: APIClient,
    api_as: ApiAs,
) -> None:  # fmt: skip
    phone = api_as(viewer)
    assert api.post("/api/v1/reports", about("COMMENT", comment)).status_code == 401
    for kind, target in (("COMMENT", viewer), ("MOVIE", movie_factory.draft()), ("USER", comment)):
        assert phone.post("/api/v1/reports", about(kind, target)).status_code == 404, kind
    assert phone.post("/api/v1/reports", about("USER", viewer)).status_code == 400
    assert api_as(stranger).post("/api/v1/reports", about("COMMENT", comment)).status_code == 400
    bad: list[Any] = [
        {}, {**about("MOVIE", comment), "reason": "BAD"}, {**about("ALIEN", comment)},
        {**about("COMMENT", comment), "details": "x" * 1001}, {"targetId": "seven"}, [],
    ]  # fmt: skip
    for body in bad:
        assert phone.post("/api/v1/reports", body).status_code == 400, body
    assert not Report.objects.exists()


def test_the_form_works_without_scripts(viewer: User, comment: Comment, site_as: SiteAs) -> None:
    browser, url = site_as(viewer), f"/report?comment={comment.pk}"
    assert "Buy soap" in browser.get(url).content.decode()
    assert "This field is required" in browser.post(url, {}).content.decode()
    for _ in range(2):
        page = browser.post(url, {"reason": "SPAM", "details": "Again and again"})
    assert "Thank you" in page.content.decode()
    assert Report.objects.get().details == "Again and again"
    assert browser.post("/report?movie=seven-hills", {"reason": "OTHER"}).status_code == 200
    for lost in ("/report", "/report?comment=x", "/report?movie=nothing", "/report?user=seven"):
        assert browser.get(lost).status_code == 404, lost
    assert Client().get(url)["Location"].startswith("/login?next=")


def test_the_queue_is_for_moderators(
    viewer: User, moderator: User, comment: Comment, api_as: ApiAs
) -> None:
    report_by(viewer, comment)
    report_by(viewer, comment.movie)
    assert api_as(viewer).get(QUEUE).status_code == 403
    page = api_as(moderator).get(f"{QUEUE}?status=PENDING&limit=1").json()
    assert (page["count"], page["previous"]) == (2, None)
    (row,) = page["results"]
    assert (row["target"]["content"], row["target"]["title"]) == ("Buy soap", comment.movie.title)
    assert row["reporter"]["email"] == viewer.email
    assert api_as(moderator).get(page["next"]).json()["next"] is None
    for bad in ("?status=LOST", "?page=0", "?page=x", "?limit=101", "?page=9999999"):
        assert api_as(moderator).get(f"{QUEUE}{bad}").status_code == 400, bad


def test_hiding_settles_every_report_of_the_comment(
    viewer: User, moderator: User, comment: Comment, user_factory: Any, api_as: ApiAs
) -> None:
    first, second = report_by(viewer, comment), report_by(user_factory(), comment, "OTHER")
    other = report_by(viewer, comment.movie)
    form = {"outcome": "HIDE_COMMENT", "resolution": "Advertising"}
    answer = api_as(moderator).post(f"{QUEUE}/{first.pk}/resolve", form)
    assert answer.status_code == 200, answer.json()
    assert (answer.json()["status"], answer.json()["target"]["visible"]) == ("RESOLVED", False)
    second.refresh_from_db()
    other.refresh_from_db()
    assert (second.state, second.outcome, second.reviewer) == (
        "RESOLVED", "HIDE_COMMENT", moderator,
    )  # fmt: skip
    assert other.state == "PENDING"
    comment.refresh_from_db()
    assert (comment.hidden, comment.hidden_reason) == (True, "Advertising")
    notices = Notification.objects.filter(title="Your report")
    assert set(notices.values_list("user", flat=True)) == {viewer.pk, second.reporter_id}
    actions = AuditLog.objects.values_list("action", "actor_id")
    assert set(actions) == {("comment.hide", moderator.pk), ("report.resolve", moderator.pk)}
    again = api_as(moderator).post(f"{QUEUE}/{first.pk}/resolve", form)
    assert (again.status_code, again.json()["code"]) == (409, "already_decided")


def test_an_outcome_is_undone(
    viewer: User, stranger: User, moderator: User, comment: Comment, api_as: ApiAs
) -> None:
    report, staff = report_by(viewer, comment), api_as(moderator)
    form = {"outcome": "BAN_USER", "resolution": "Advertising", "banDays": 7}
    assert staff.post(f"{QUEUE}/{report.pk}/restore").json()["code"] == "nothing_to_restore"
    assert staff.post(f"{QUEUE}/{report.pk}/resolve", form).status_code == 200
    stranger.refresh_from_db()
    comment.refresh_from_db()
    assert (stranger.is_banned, comment.hidden) == (True, True)
    assert stranger.banned_until is not None
    assert staff.post(f"{QUEUE}/{report.pk}/restore").json()["restoredAt"]
    stranger.refresh_from_db()
    comment.refresh_from_db()
    assert (stranger.is_banned, comment.hidden) == (False, False)
    assert staff.post(f"{QUEUE}/{report.pk}/restore").status_code == 409


def test_only_admins_unpublish_films(
    viewer: User, moderator: User, admin: User, comment: Comment, api_as: ApiAs
) -> None:
    movie = comment.movie
    report = report_by(viewer, movie, "COPYRIGHT")
    form = {"outcome": "UNPUBLISH_MOVIE"}
    denied = api_as(moderator).post(f"{QUEUE}/{report.pk}/resolve", form)
    assert (denied.status_code, denied.json()["code"]) == (403, "role_denied")
    unfit = api_as(admin).post(f"{QUEUE}/{report.pk}/resolve", {"outcome": "HIDE_COMMENT"})
    assert unfit.status_code == 400
    assert Movie.objects.get(pk=movie.pk).published
    assert not Notification.objects.exists()
    assert api_as(admin).post(f"{QUEUE}/{report.pk}/resolve", form).status_code == 200
    assert not Movie.objects.get(pk=movie.pk).published
    assert api_as(moderator).post(f"{QUEUE}/{report.pk}/restore").status_code == 403
    assert api_as(admin).post(f"{QUEUE}/{report.pk}/restore").status_code == 200
    assert Movie.objects.get(pk=movie.pk).published


def test_a_ban_by_report_respects_roles(
    viewer: User, moderator: User, admin: User, api_as: ApiAs
) -> None:
    report = report_by(viewer, admin)
    form = {"outcome": "BAN_USER", "resolution": "Coup"}
    answer = api_as(moderator).post(f"{QUEUE}/{report.pk}/resolve", form)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_below_you")
    report.refresh_from_db()
    assert report.state == "PENDING"
    assert not User.objects.filter(is_banned=True).exists()
    mute = api_as(admin).post(f"{QUEUE}/{report.pk}/resolve", {"outcome": "BAN_USER"})
    assert mute.status_code == 400  # a reason is required


def test_a_claim_reserves_a_report_for_a_while(
    viewer: User, moderator: User, admin: User, comment: Comment, api_as: ApiAs, time_machine: Any
) -> None:
    time_machine.move_to(timezone.now(), tick=False)
    report = report_by(viewer, comment)
    own, theirs = api_as(moderator), api_as(admin)
    assert own.post(f"{QUEUE}/{report.pk}/claim").json()["status"] == "REVIEWING"
    assert own.post(f"{QUEUE}/{report.pk}/claim").status_code == 200
    dismiss = {"outcome": "DISMISS"}
    for call in ("claim", "resolve"):
        refused = theirs.post(f"{QUEUE}/{report.pk}/{call}", dismiss)
        assert (refused.status_code, refused.json()["code"]) == (409, "claimed")
    time_machine.move_to(timezone.now() + reports.CLAIM_LASTS + timedelta(seconds=1))
    assert api_as(admin).post(f"{QUEUE}/{report.pk}/resolve", dismiss).status_code == 200
    assert list(AuditLog.objects.order_by("created_at").values_list("action", flat=True)) == [
        "report.claim", "report.resolve",
    ]  # fmt: skip


def _claim_at_once(report: Report, people: list[User]) -> list[bool]:
    def claim(user: User) -> bool:
        try:
            reports.report_claim(report, by=user, now=timezone.now())
        except WrongState:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(claim, people))


@pytest.mark.django_db(transaction=True)
def test_one_of_several_moderators_gets_the_claim(
    viewer: User, comment: Comment, user_factory: Any
) -> None:
    people = user_factory.create_batch(5, role="MODERATOR")
    assert sum(_claim_at_once(report_by(viewer, comment), people)) == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_two_get_the_claim(
    viewer: User, comment: Comment, user_factory: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from threading import Barrier

    from django.db.models import QuerySet

    gate, rows = Barrier(2, timeout=60), reports._open_rows
    unlocked = lambda self, **_: self  # noqa: E731
    monkeypatch.setattr(QuerySet, "select_for_update", unlocked)

    def meet(*args: Any, **named: Any) -> Any:
        found = rows(*args, **named)
        gate.wait()
        return found

    monkeypatch.setattr(reports, "_open_rows", meet)
    people = user_factory.create_batch(2, role="MODERATOR")
    assert _claim_at_once(report_by(viewer, comment), people) == [True, True]


def test_the_queue_costs_the_same_at_2_and_at_20(
    moderator: User, comment: Comment, user_factory: Any, api_as: ApiAs,
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    staff = api_as(moderator)
    staff.get(QUEUE)
    for rows in (2, 18):
        for user in user_factory.create_batch(rows):
            report_by(user, comment)
        with django_assert_num_queries(2):  # the count, the page
            assert staff.get(QUEUE).json()["results"][0]["openCount"] in {2, 20}
