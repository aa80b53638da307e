"""Refresh, sign-out and ban, by token and by cookie; the cached principal behind both."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.auth import principal
from accounts.auth.principal import principal_get
from accounts.auth.tokens import _read_access
from accounts.models import Session, User
from accounts.services.moderation import user_ban
from accounts.services.sessions import session_revoke

ME, REFRESH, LOGOUT = "/api/v1/auth/me", "/api/v1/auth/refresh", "/api/v1/auth/logout"
ApiAs = Callable[[User], APIClient]
SiteAs = Callable[[User], Client]

# What happens on commit is the point here, so these commit.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_ways]


def _sign_in(api: APIClient, user: User, password: str) -> dict[str, Any]:
    body: dict[str, Any] = api.post(
        "/api/v1/auth/login", {"email": user.email, "password": password}
    ).json()
    return body


def _bearer(token: str) -> dict[str, Any]:
    return {"HTTP_AUTHORIZATION": f"Bearer {token}"}


def test_a_refresh_token_works_once(api: APIClient, viewer: User, password: str) -> None:
    first = _sign_in(api, viewer, password)
    answer = api.post(REFRESH, {"refreshToken": first["refreshToken"]})
    assert answer.status_code == 200
    second = answer.json()
    assert set(second) == {"accessToken", "refreshToken"}
    assert api.get(ME, **_bearer(second["accessToken"])).status_code == 200


def test_using_one_twice_ends_the_whole_family(
    api: APIClient, viewer: User, stranger: User, password: str, api_as: ApiAs
) -> None:
    bystander = api_as(stranger)
    first = _sign_in(api, viewer, password)
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        second = api.post(REFRESH, {"refreshToken": first["refreshToken"]}).json()
    with time_machine.travel(start + timedelta(seconds=60), tick=False):
        again = api.post(REFRESH, {"refreshToken": first["refreshToken"]})
    assert (again.status_code, again.json()["code"]) == (401, "token_reused")
    assert api.get(ME, **_bearer(second["accessToken"])).status_code == 401
    assert api.post(REFRESH, {"refreshToken": second["refreshToken"]}).status_code == 401
    assert Session.objects.get(user=viewer).revoked_reason == "refresh_token_reused"
    assert bystander.get(ME).status_code == 200


def test_a_lost_answer_signs_nobody_out(api: APIClient, viewer: User, password: str) -> None:
    """Answer a repeated refresh, even after another tab spent the successor."""
    first = _sign_in(api, viewer, password)["refreshToken"]
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        answered = api.post(REFRESH, {"refreshToken": first}).json()
    with time_machine.travel(start + timedelta(seconds=30), tick=False):
        third = api.post(REFRESH, {"refreshToken": answered["refreshToken"]}).json()
    with time_machine.travel(start + timedelta(seconds=59.9), tick=False):
        again = api.post(REFRESH, {"refreshToken": first})
        assert again.status_code == 200
        assert again.json()["refreshToken"] == answered["refreshToken"]
        assert api.get(ME, **_bearer(again.json()["accessToken"])).status_code == 200
        assert api.get(ME, **_bearer(third["accessToken"])).status_code == 200
        same = api.post(REFRESH, {"refreshToken": again.json()["refreshToken"]}).json()
        assert same["refreshToken"] == third["refreshToken"]


def test_after_a_sign_out_the_grace_is_over(api: APIClient, viewer: User, password: str) -> None:
    first = _sign_in(api, viewer, password)["refreshToken"]
    second = api.post(REFRESH, {"refreshToken": first}).json()
    api.post(LOGOUT, **_bearer(second["accessToken"]))
    assert api.post(REFRESH, {"refreshToken": first}).status_code == 401


def test_an_apps_sign_in_ends_however_often_it_is_refreshed(
    api: APIClient, viewer: User, password: str
) -> None:
    start, token = timezone.now(), _sign_in(api, viewer, password)["refreshToken"]
    for day in range(6, 180, 6):
        with time_machine.travel(start + timedelta(days=day), tick=False):
            token = api.post(REFRESH, {"refreshToken": token}).json()["refreshToken"]
    with time_machine.travel(start + timedelta(days=179, hours=23), tick=False):
        last = api.post(REFRESH, {"refreshToken": token}).json()
    with time_machine.travel(start + timedelta(days=180, seconds=5), tick=False):
        assert api.get(ME, **_bearer(last["accessToken"])).status_code == 401
        assert api.post(REFRESH, {"refreshToken": last["refreshToken"]}).status_code == 401


def test_a_clock_that_is_some_seconds_behind_signs_nobody_out(
    api: APIClient, viewer: User, password: str
) -> None:
    """Accept a token of a node whose clock is ahead."""
    tokens, now = _sign_in(api, viewer, password), timezone.now()
    with time_machine.travel(now - timedelta(seconds=25), tick=False):
        assert api.get(ME, **_bearer(tokens["accessToken"])).status_code == 200
        assert api.post(REFRESH, {"refreshToken": tokens["refreshToken"]}).status_code == 200
    with time_machine.travel(now - timedelta(seconds=40), tick=False):
        assert api.get(ME, **_bearer(_future(tokens["accessToken"]))).status_code == 401


def test_an_access_token_ends_to_the_second(api: APIClient, viewer: User, password: str) -> None:
    start = timezone.now().replace(microsecond=0)
    with time_machine.travel(start, tick=False):
        token = _sign_in(api, viewer, password)["accessToken"]
    with time_machine.travel(start + timedelta(minutes=15), tick=False):
        assert api.get(ME, **_bearer(token)).status_code == 401


def _future(token: str) -> str:
    """Read the token without the cache."""
    _read_access.cache_clear()
    return token


@pytest.mark.parametrize("raw", ["", "x", "a.b.c", 7, None, "\x00", "e30.e30.e30", "z" * 5000])
def test_other_tokens_are_refused(api: APIClient, raw: object) -> None:
    answer = api.post(REFRESH, {"refreshToken": raw})
    assert answer.status_code in {400, 401}
    assert answer.json()["code"] in {"validation_error", "token_invalid"}


def test_access_and_refresh_tokens_are_not_interchangeable(
    api: APIClient, viewer: User, password: str
) -> None:
    pair = _sign_in(api, viewer, password)
    assert api.post(REFRESH, {"refreshToken": pair["accessToken"]}).status_code == 401
    assert api.get(ME, **_bearer(pair["refreshToken"])).status_code == 401


def test_signing_out_ends_this_sign_in_and_no_other(viewer: User, api_as: ApiAs) -> None:
    phone, tv = api_as(viewer), api_as(viewer)
    assert phone.get(ME).status_code == tv.get(ME).status_code == 200
    assert phone.post(LOGOUT).status_code == 204
    ended = phone.get(ME)
    assert (ended.status_code, ended.json()["code"]) == (401, "session_ended")
    assert tv.get(ME).status_code == 200


def test_signing_out_takes_a_sign_in(api: APIClient) -> None:
    answer = api.post(LOGOUT)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_ban_counts_on_the_next_request(
    viewer: User, stranger: User, api_as: ApiAs, site_as: SiteAs
) -> None:
    phone, browser, other = api_as(viewer), site_as(viewer), api_as(stranger)
    assert phone.get(ME).status_code == 200
    assert b"Sign out" in browser.get("/subscribe").content
    user_ban(viewer, reason="Fraud")
    assert phone.get(ME).status_code == 401
    assert b"Sign out" not in browser.get("/subscribe").content
    assert other.get(ME).status_code == 200


def test_signing_out_by_cookie_needs_the_csrf_token(viewer: User, password: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.get("/login")
    form = {"email": viewer.email, "password": password}
    token = browser.cookies["csrftoken"].value
    assert browser.post("/login", {**form, "csrfmiddlewaretoken": token}).status_code == 302
    assert browser.post(LOGOUT).status_code == 403
    assert browser.get(ME).status_code == 200
    token = browser.cookies["csrftoken"].value
    assert browser.post(LOGOUT, headers={"X-CSRFToken": token}).status_code == 204
    assert browser.get(ME).status_code == 401
    assert Session.objects.get().revoked_reason == "signed_out"


# ── The cached principal ────────────────────────────────────────────────────────────────


def test_a_warm_request_makes_no_query(
    viewer: User, site_as: SiteAs, django_assert_num_queries: Any
) -> None:
    browser = site_as(viewer)
    browser.get("/about")
    with django_assert_num_queries(0):
        assert b"Sign out" in browser.get("/about").content


def test_by_token_nothing_is_read(
    viewer: User, api_as: ApiAs, django_assert_num_queries: Any
) -> None:
    phone = api_as(viewer)
    phone.get(ME)
    with django_assert_num_queries(0):
        assert phone.get(ME).status_code == 200


def test_a_wiped_cache_ends_no_sign_in(viewer: User, api_as: ApiAs) -> None:
    phone, signed_out = api_as(viewer), api_as(viewer)
    assert signed_out.post(LOGOUT).status_code == 204
    cache.delete_pattern("*")  # type: ignore[attr-defined]
    assert phone.get(ME).status_code == 200
    assert signed_out.get(ME).status_code == 401


def test_without_redis_everything_still_holds(
    viewer: User, api_as: ApiAs, settings: Any, api: APIClient, password: str
) -> None:
    away = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": away}
    phone = api_as(viewer)
    assert phone.get(ME).status_code == 200
    assert _sign_in(api, viewer, password)["user"]["id"] == str(viewer.pk)
    assert phone.post(LOGOUT).status_code == 204
    assert phone.get(ME).status_code == 401


def test_a_slow_reader_cannot_cache_a_revoked_session(
    viewer: User, api_as: ApiAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read the row, revoke the session, then let the reader cache the old row."""
    api_as(viewer)
    session = Session.objects.get()
    load = principal.principals_load

    def slow_load(session_ids: Any) -> Any:
        found = load(session_ids)
        session_revoke(session.pk, reason="test")
        return found

    monkeypatch.setattr(principal, "principals_load", slow_load)
    assert principal_get(session.pk) is not None  # it did read before the revocation
    monkeypatch.setattr(principal, "principals_load", load)
    assert principal_get(session.pk) is None


def test_a_cached_principal_is_the_one_the_database_has(
    premium_viewer: User, api_as: ApiAs
) -> None:
    premium_viewer.date_of_birth = date(1990, 2, 3)
    premium_viewer.save()
    api_as(premium_viewer)
    session = Session.objects.filter(user=premium_viewer).latest("created_at")
    held: list[Any] = []

    def read(key: str) -> Any:
        held.append(cache.get(key))
        return held[-1]

    fresh = principal_get(session.pk, read=read)
    cached = principal_get(session.pk, read=read)
    assert held[0] is None
    assert isinstance(held[1], dict)
    assert cached == fresh == principal.principal_load(session.pk)


@pytest.mark.parametrize("held", ["{}", '{"role": "SUPER_ADMIN"}', "[1]", "\x80\x04N."])
def test_an_invalid_cache_entry_is_read_from_the_database(
    viewer: User, api_as: ApiAs, held: str
) -> None:
    phone = api_as(viewer)
    assert phone.get(ME).status_code == 200
    client: Any = cache.client  # type: ignore[attr-defined]  # of django-redis
    name = client.make_key(principal.principal_key(Session.objects.get().pk))
    client.get_client().set(str(name), held.encode("latin-1"))
    answer = phone.get(ME)
    assert (answer.status_code, answer.json()["role"]) == (200, "USER")


def test_an_expired_session_signs_nobody_in(viewer: User, api_as: ApiAs) -> None:
    phone = api_as(viewer)
    Session.objects.update(expires_at=timezone.now())
    assert phone.get(ME).status_code == 401


def test_me_shows_the_plan_and_its_end(premium_viewer: User, api_as: ApiAs) -> None:
    shown = api_as(premium_viewer).get(ME).json()["subscription"]
    assert shown["plan"] == "PREMIUM"
    assert shown["until"].endswith("Z")
