"""Filters of admin lists: only the columns that a list offers."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client

from accounts.models import User

SiteAs = Callable[[User], Client]
USERS = "/admin/accounts/user/"

pytestmark = pytest.mark.django_db


def _columns_not_offered() -> Iterator[tuple[str, str]]:
    """Yield the list's URL and a lookup, for every column of every model of the back office."""
    for model, model_admin in admin.site._registry.items():
        url = f"/admin/{model._meta.label_lower.replace('.', '/')}/"
        filters: list[Any] = [*model_admin.list_filter, model_admin.date_hierarchy]
        offered = {
            item[0] if isinstance(item, tuple) else getattr(item, "parameter_name", item)
            for item in filters
        }
        for field in model._meta.get_fields():
            if field.name not in offered:
                yield url, f"{field.name}__startswith"
                yield url, field.name


def test_no_list_filters_by_a_column_it_does_not_offer(super_admin: User, site_as: SiteAs) -> None:
    browser = site_as(super_admin)
    asked = list(_columns_not_offered())
    assert (USERS, "password__startswith") in asked
    allowed = [
        (url, lookup) for url, lookup in asked if browser.get(url, {lookup: "a"}).status_code != 400
    ]
    assert allowed == []


@pytest.mark.parametrize("lookup", ["password__regex", "role__regex", "email__gt", "sessions__ip"])
def test_a_moderator_reads_no_secret_through_a_filter(
    moderator: User, site_as: SiteAs, lookup: str
) -> None:
    answer = site_as(moderator).get(USERS, {lookup: "a"})
    assert answer.status_code == 400
    assert moderator.email not in answer.content.decode()


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("accounts/user", "role__exact=MODERATOR"),
        ("accounts/auditlog", "created_at__gte=2026-01-01+00:00:00Z&actor=system"),
        ("billing/subscription", "status__exact=ACTIVE"),
        ("billing/subscription", "churn=late"),
        ("billing/payment", "paid_at__year=2026"),
        ("billing/discrepancy", "resolved_at__isempty=1"),
        ("catalog/movie", "category__id__exact=4fd4ee66-9c1d-4cf7-8aeb-6ffc1ae6fb2e"),
    ],
)
def test_the_filters_a_list_offers_still_work(
    super_admin: User, site_as: SiteAs, page: str, query: str
) -> None:
    assert site_as(super_admin).get(f"/admin/{page}/?{query}").status_code == 200


def test_only_a_super_admin_reads_the_audit_log(
    admin: User, super_admin: User, viewer: User, site_as: SiteAs
) -> None:
    pages = ["/admin/accounts/auditlog/", f"{USERS}{viewer.pk}/history/"]
    browser = site_as(admin)
    assert [browser.get(page).status_code for page in pages] == [403, 403]
    page = browser.get(f"{USERS}{viewer.pk}/change/").content.decode()
    assert "What staff did" not in page
    assert "/history/" not in page
    assert [site_as(super_admin).get(page).status_code for page in pages] == [200, 200]


def test_the_redirect_to_a_public_page_is_gone(super_admin: User, site_as: SiteAs) -> None:
    browser = site_as(super_admin)
    assert [browser.get(f"/admin/r/{n}/1/").status_code for n in (1, 2, "x")] == [404] * 3
