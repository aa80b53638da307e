"""Every write by staff leaves exactly one entry with actor, action, values and origin."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin as django_admin
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.admin.base import BaseAdmin
from accounts.models import AuditLog, Session, SessionKind, User
from catalog.models import Category, Comment, Movie, Rating, Report, TakedownNotice
from kushfilms.core.models import Job

SiteAs = Callable[[User], Client]
ApiAs = Callable[[User], APIClient]
ADMIN, API = "/admin", "/api/v1/admin"

pytestmark = pytest.mark.django_db


def test_every_admin_page_is_one_of_ours() -> None:
    strange = [
        model._meta.label
        for model, page in django_admin.site._registry.items()
        if not isinstance(page, BaseAdmin)
    ]
    assert strange == []


@pytest.fixture
def house(
    viewer: User, stranger: User, movie_factory: Any, category_factory: Any
) -> dict[str, Any]:
    """Create one of each object that staff may change."""
    movie = movie_factory(title="Seven Hills", slug="seven-hills")
    comment = Comment.objects.create(movie=movie, user=stranger, content="Soap")
    expires = timezone.now() + timedelta(days=1)
    return {
        "viewer": viewer,
        "movie": movie,
        "draft": movie_factory(title="Draft", published=False),
        "category": category_factory(name="Drama"),
        "comment": comment,
        "rating": Rating.objects.create(movie=movie, user=stranger, stars=1, review="Soap"),
        "report": Report.objects.create(comment=comment, reporter=viewer, reason="SPAM"),
        "session": Session.objects.create(user=viewer, kind=SessionKind.API, expires_at=expires),
        "notice": TakedownNotice.objects.create(
            movie=movie, movie_title="Seven Hills", claimant_name="O", claimant_email="o@o.ug",
            postal_address="x", work="x", statement="x", signature="x",
            sworn_good_faith=True, sworn_accurate=True,
        ),
        "job": Job.objects.create(kind="mail", state="FAILED", finished_at=timezone.now()),
    }  # fmt: skip


def chosen(page: str, action: str, thing: str, **fields: str) -> tuple[str, dict[str, Any]]:
    return f"{ADMIN}/{page}/", {"action": action, "_selected_action": f"{{{thing}}}", **fields}


# What is called, with {names} of the house; the entry's action; what stood there before, or None
# where nothing did; the values after it.
WRITES: list[tuple[str, tuple[str, dict[str, Any]], str, Any, Any]] = [
    ("site", chosen("catalog/movie", "publish", "draft"), "movie.publish",
     {"published": False}, {"published": True}),
    ("site", chosen("catalog/movie", "unpublish", "movie"), "movie.unpublish",
     {"published": True}, {"published": False}),
    ("site", chosen("catalog/movie", "feature", "movie"), "movie.feature",
     {"featured": False}, {"featured": True}),
    ("site", (f"{ADMIN}/catalog/movie/{{movie}}/delete/", {"post": "yes"}), "movie.delete",
     {"title": "Seven Hills", "published": True}, {}),
    ("site", (f"{ADMIN}/catalog/category/{{category}}/change/",
              {"name": "Tragedy", "slug": "tragedy", "order": "0", "active": "on"}),
     "category.change", {"name": "Drama"}, {"name": "Tragedy"}),
    ("site", (f"{ADMIN}/catalog/category/add/",
              {"name": "New", "slug": "new", "order": "1", "active": "on"}),
     "category.create", {}, {"name": "New"}),
    ("site", (f"{ADMIN}/catalog/category/{{category}}/delete/", {"post": "yes"}),
     "category.delete", {}, {}),
    ("site", chosen("accounts/user", "ban", "viewer", reason="Spam", days="7"), "user.ban",
     {"is_banned": False}, {"is_banned": True}),
    ("site", (f"{ADMIN}/accounts/user/{{viewer}}/ban/", {"reason": "Spam", "days": ""}),
     "user.ban", {"is_banned": False}, {"is_banned": True, "banned_until": None}),
    ("site", (f"{ADMIN}/accounts/user/{{viewer}}/change/",
              {"email": "new@n.ug", "name": "Aisha", "locale": "en", "role": "USER"}),
     "user.change", {}, {"email": "new@n.ug"}),
    ("site", (f"{ADMIN}/accounts/user/{{viewer}}/erase/", {}), "user.delete", {}, {}),
    ("site", chosen("accounts/user", "give_premium", "viewer"), "subscription.grant",
     {}, {"plan": "PREMIUM"}),
    ("site", (f"{ADMIN}/accounts/session/{{session}}/sign-out/", {}), "session.sign_out",
     {"live": True}, {"live": False}),
    ("site", chosen("accounts/session", "revoke", "session"), "session.sign_out",
     {"live": True}, {"live": False}),
    ("site", chosen("catalog/comment", "hide", "comment"), "comment.hide",
     {"hidden": False}, {"hidden": True}),
    ("site", (f"{ADMIN}/catalog/report/{{report}}/claim/", {}), "report.claim",
     {"state": "PENDING"}, {"state": "REVIEWING"}),
    ("site", (f"{ADMIN}/catalog/report/{{report}}/resolve/", {"outcome": "DISMISS"}),
     "report.resolve", {"state": "PENDING"}, {"state": "DISMISSED", "outcome": "DISMISS"}),
    ("site", (f"{ADMIN}/catalog/takedownnotice/{{notice}}/reject/now/", {"note": "No"}),
     "takedown.reject", {"status": "RECEIVED"}, {"status": "REJECTED"}),
    ("site", chosen("core/job", "retry", "job"), "job.retry",
     {"state": "FAILED"}, {"state": "WAITING"}),
    ("api", (f"{API}/users/{{viewer}}/ban", {"reason": "Spam"}), "user.ban",
     {"is_banned": False}, {"is_banned": True}),
    ("put", (f"{API}/users/{{viewer}}", {"name": "New"}), "user.change",
     {"name": "Aisha"}, {"name": "New"}),
    ("put", (f"{API}/users/{{viewer}}", {"role": "MODERATOR"}), "user.set_role",
     {"role": "USER"}, {"role": "MODERATOR"}),
    ("api", (f"{API}/comments/{{comment}}/hide", {"reason": "Spam"}), "comment.hide",
     {"hidden": False}, {"hidden": True}),
    ("api", (f"{API}/ratings/{{rating}}/hide", {"reason": "Spam"}), "rating.hide",
     {"hidden": False}, {"hidden": True}),
    ("site", chosen("catalog/rating", "hide", "rating"), "rating.hide",
     {"hidden": False}, {"hidden": True}),
    ("api", (f"{API}/reports/{{report}}/resolve", {"outcome": "DISMISS"}), "report.resolve",
     {"state": "PENDING"}, {"state": "DISMISSED"}),
    ("api", (f"{API}/movies/{{movie}}/unpublish", {"reason": "Sound"}), "movie.unpublish",
     {"published": True}, {"published": False}),
    ("put", (f"{API}/movies/{{movie}}", {"year": "1999"}), "movie.change",
     {"year": 2024}, {"year": 1999}),
    ("put", (f"{API}/categories/{{category}}", {"name": "Tragedy"}), "category.change",
     {"name": "Drama"}, {"name": "Tragedy"}),
    ("api", (f"{API}/takedowns/{{notice}}/reject", {"note": "No"}), "takedown.reject",
     {"status": "RECEIVED"}, {"status": "REJECTED"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("door", "call", "action", "old", "new"),
    WRITES,
    ids=[f"{door} {call[1].get('action', '')} {action}" for door, call, action, _, _ in WRITES],
)
def test_one_entry(
    super_admin: User, house: dict[str, Any], site_as: SiteAs, api_as: ApiAs,
    door: str, call: tuple[str, dict[str, Any]], action: str, old: Any, new: Any,
) -> None:  # fmt: skip
    url, body = call
    ids = {name: str(row.pk) for name, row in house.items()}
    filled = {key: str(value).format(**ids) for key, value in body.items()}
    client: Any = site_as(super_admin) if door == "site" else api_as(super_admin)
    send = client.put if door == "put" else client.post
    answer = send(url.format(**ids), filled, REMOTE_ADDR="10.9.8.7")
    assert answer.status_code in {200, 302}, answer.content.decode()[:500]
    entry = AuditLog.objects.get()
    assert (entry.action, entry.actor_id, entry.ip) == (action, super_admin.pk, "10.9.8.7")
    assert entry.actor_role == "SUPER_ADMIN"
    assert old.items() <= entry.old_values.items()
    assert new.items() <= entry.new_values.items()


def test_a_form_that_changes_nothing_leaves_no_entry(
    super_admin: User, house: dict[str, Any], site_as: SiteAs
) -> None:
    category: Category = house["category"]
    form = {"name": "Drama", "slug": category.slug, "order": "0", "active": "on"}
    site_as(super_admin).post(f"{ADMIN}/catalog/category/{category.pk}/change/", form)
    assert not AuditLog.objects.exists()
    assert Movie.objects.count() == 2
