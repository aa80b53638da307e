"""Notifications by API and on the site, and their mails."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import Notification, NotificationType, User
from accounts.services import unread
from accounts.services.moderation import user_ban
from accounts.services.notifications import notification_create, notification_read
from accounts.services.unread import unread_count
from kushfilms.core.models import Job

URL, PAGE = "/api/v1/users/notifications", "/account/notifications"
ApiAs = Callable[[User], APIClient]
SiteAs = Callable[[User], Client]

pytestmark = pytest.mark.django_db


def notify(user: User, count: int = 1, **fields: Any) -> list[Notification]:
    text = {"title": "A new film", "message": "Last Boda is here.", **fields}
    return [notification_create(user, **text) for _ in range(count)]


def test_the_list_and_its_unread(viewer: User, stranger: User, api_as: ApiAs) -> None:
    first, second = notify(viewer), notify(viewer, title="Another", action_url="/movies/x")
    notify(stranger)
    body = api_as(viewer).get(URL).json()
    assert [row["id"] for row in body["results"]] == [str(second[0].pk), str(first[0].pk)]
    assert (body["unread"], body["next"], body["previous"]) == (2, None, None)
    assert body["results"][0] | {"id": "", "createdAt": ""} == {
        "id": "", "createdAt": "", "type": "SYSTEM", "title": "Another", "readAt": None,
        "message": "Last Boda is here.", "actionUrl": "/movies/x", "metadata": {},
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_reading_one_and_all(viewer: User, stranger: User, api_as: ApiAs) -> None:
    (first, *_), (foreign,) = notify(viewer, 3), notify(stranger)
    phone = api_as(viewer)
    assert phone.get(URL).json()["unread"] == 3
    read = phone.put(f"{URL}/{first.pk}/read").json()
    assert read["readAt"]
    assert phone.put(f"{URL}/{first.pk}/read").json() == read  # the first time counts
    assert phone.get(URL).json()["unread"] == 2
    unread = phone.get(URL, {"unread": "true"}).json()["results"]
    assert len(unread) == 2
    assert phone.put(f"{URL}/read").json() == {"unread": 0}
    assert phone.get(URL, {"unread": "true"}).json()["results"] == []
    foreign.refresh_from_db()
    assert foreign.read_at is None


def test_another_persons_notification_is_not_found(
    viewer: User, stranger: User, api_as: ApiAs
) -> None:
    (foreign,) = notify(stranger)
    for pk in (foreign.pk, uuid4()):
        assert api_as(viewer).put(f"{URL}/{pk}/read").status_code == 404
    foreign.refresh_from_db()
    assert foreign.read_at is None
    assert APIClient().get(URL).status_code == 401
    assert APIClient().put(f"{URL}/read").status_code == 401


@pytest.mark.parametrize(
    "query", [{"unread": "maybe"}, {"cursor": "x"}, {"limit": "0"}, {"limit": "101"}]
)
def test_invalid_input_is_a_client_error(
    viewer: User, api_as: ApiAs, query: dict[str, str]
) -> None:
    assert api_as(viewer).get(URL, query).status_code == 400


def test_the_list_scrolls_and_costs_the_same(
    viewer: User, api_as: ApiAs, django_assert_num_queries: Any
) -> None:
    phone = api_as(viewer)
    for more in (2, 18):
        notify(viewer, more)
        phone.get(URL)
        with django_assert_num_queries(1):
            phone.get(URL)
    page = phone.get(URL, {"limit": 15}).json()
    rest = phone.get(page["next"]).json()
    assert len(page["results"] + rest["results"]) == 20
    assert len({row["id"] for row in page["results"] + rest["results"]}) == 20


# ── The site ────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db(transaction=True)
def test_the_unread_count_is_cached_until_a_change(
    viewer: User, site_as: SiteAs, django_assert_num_queries: Any
) -> None:
    browser = site_as(viewer)
    assert b'aria-label="Notifications"' in browser.get("/terms").content
    (first, _) = notify(viewer, 2)
    assert b"Notifications, 2 unread" in browser.get("/terms").content
    cache.delete_pattern("*unread*")  # type: ignore[attr-defined]  # past the moment of change
    browser.get("/terms")
    with django_assert_num_queries(0):
        assert b"Notifications, 2 unread" in browser.get("/terms").content
    notification_read(first.pk, user_id=viewer.pk, now=timezone.now())
    assert b"Notifications, 1 unread" in browser.get("/terms").content
    assert b"bell" not in Client().get("/terms").content


@pytest.mark.django_db(transaction=True)
def test_a_slow_reader_cannot_cache_an_old_count(
    viewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Count, then create a notification, then cache the old count, which must not stay."""

    def late_add(*args: Any, **kwargs: Any) -> Any:
        notify(viewer)
        return cache.add(*args, **kwargs)

    late = SimpleNamespace(get=cache.get, set_many=cache.set_many, add=late_add)
    with monkeypatch.context() as patch:
        patch.setattr(unread, "cache", late)
        assert unread_count(viewer.pk) == 0
    assert unread_count(viewer.pk) == 1


def test_opening_one_marks_it_and_goes_there(viewer: User, site_as: SiteAs) -> None:
    browser = site_as(viewer)
    (inside,), (outside,), (bare,) = (
        notify(viewer, action_url=url) for url in ("/movies?sort=newest", "//evil.example", "")
    )
    assert browser.get(f"{PAGE}/{inside.pk}/open")["Location"] == PAGE
    inside.refresh_from_db()
    assert inside.read_at is None
    assert browser.post(f"{PAGE}/{inside.pk}/open")["Location"] == "/movies?sort=newest"
    assert browser.post(f"{PAGE}/{outside.pk}/open")["Location"] == PAGE
    assert browser.post(f"{PAGE}/{bare.pk}/open")["Location"] == PAGE
    assert not Notification.objects.filter(read_at=None).exists()
    assert browser.post(f"{PAGE}/{uuid4()}/open").status_code == 404


def test_the_page(viewer: User, stranger: User, site_as: SiteAs) -> None:
    browser = site_as(viewer)
    assert "No notifications yet" in browser.get(PAGE).content.decode()
    notify(viewer, 21, title="<b>Bold</b>")
    (foreign,) = notify(stranger, title="Not yours")
    page = browser.get(PAGE).content.decode()
    assert page.count("&lt;b&gt;Bold") >= 20
    assert ("Older" in page, "Not yours" in page, "style=" in page) == (True, False, False)
    assert browser.post(PAGE)["Location"] == PAGE
    assert not Notification.objects.filter(user=viewer, read_at=None).exists()
    foreign.refresh_from_db()
    assert foreign.read_at is None
    assert Client().get(PAGE)["Location"] == "/login?next=/account/notifications"
    assert browser.get(PAGE, {"cursor": "x"}).status_code == 400


# ── By mail ─────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def wants_mail(viewer: User) -> User:
    viewer.email_verified = True
    viewer.save()
    return viewer


def test_people_who_want_mail_get_it(
    wants_mail: User, run_jobs: Callable[[], int], mailoutbox: list[Any]
) -> None:
    notify(wants_mail, title="Your plan\nends", action_url="/subscribe")
    notify(wants_mail, kind=NotificationType.NEW_CONTENT)  # not asked for
    run_jobs()
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == ([wants_mail.email], "Your plan ends")
    assert f"{settings.FRONTEND_URL}/subscribe" in mail.body
    assert "/unsubscribe?token=" in mail.extra_headers["List-Unsubscribe"]
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.extra_headers["List-Unsubscribe"].strip("<>") in mail.body


@pytest.mark.parametrize("why", ["unverified", "banned", "erased", "unsubscribed meanwhile"])
def test_unreachable_people_get_no_mail(
    wants_mail: User, run_jobs: Callable[[], int], mailoutbox: list[Any], why: str
) -> None:
    if why == "unsubscribed meanwhile":
        notify(wants_mail)
        assert Job.objects.filter(kind="mail").count() == 1
        wants_mail.emailed_types = []
    elif why == "banned":
        user_ban(wants_mail, reason="Spam")
    elif why == "erased":
        wants_mail.erased_at = timezone.now()
    else:
        wants_mail.email_verified = False
    wants_mail.save()
    notify(wants_mail)
    run_jobs()
    assert mailoutbox == []
    assert Notification.objects.filter(user=wants_mail).exists()


@pytest.fixture
def link(wants_mail: User, run_jobs: Callable[[], int], mailoutbox: list[Any]) -> str:
    """Return the path of a mail's one-click link."""
    notify(wants_mail)
    run_jobs()
    url: str = mailoutbox[0].extra_headers["List-Unsubscribe"].strip("<>")
    return url[url.index("/unsubscribe") :]


def test_one_click_ends_this_sort_of_mail(link: str, wants_mail: User, stranger: User) -> None:
    program = Client(enforce_csrf_checks=True)
    for _ in range(2):
        answer = program.post(link, {"List-Unsubscribe": "One-Click"})
        assert (answer.status_code, b"Unsubscribed" in answer.content) == (200, True)
    wants_mail.refresh_from_db()
    stranger.refresh_from_db()
    assert "SYSTEM" not in wants_mail.emailed_types
    assert "PAYMENT_FAILED" in wants_mail.emailed_types
    assert "SYSTEM" in stranger.emailed_types


def test_looking_at_the_link_does_nothing(link: str, wants_mail: User) -> None:
    answer = Client().get(link)
    assert b"Unsubscribe" in answer.content
    wants_mail.refresh_from_db()
    assert "SYSTEM" in wants_mail.emailed_types


@pytest.mark.parametrize("change", ["", "?token=", "?token=x", "?token=%00", "?token=a:b:c", "cut"])
def test_a_changed_link_does_nothing(link: str, wants_mail: User, change: str) -> None:
    url = link[:-3] if change == "cut" else f"/unsubscribe{change}"
    assert Client().get(url).status_code == 400
    assert Client().post(url).status_code == 400
    wants_mail.refresh_from_db()
    assert "SYSTEM" in wants_mail.emailed_types
