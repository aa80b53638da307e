"""Limits of anonymous clients: a village behind one address passes, invented clients do not."""

import time
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.conf import settings as django_settings
from django.core.wsgi import get_wsgi_application
from django.test import Client, RequestFactory
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import DeviceGrant, TokenPurpose, User
from accounts.services.device_grants import code_show, device_grant_start
from accounts.services.known_devices import device_new
from accounts.services.one_time_tokens import token_mint
from accounts.services.sessions import Device
from catalog.models import Movie
from kushfilms.core.client_ids import client_id_issue, client_id_read, client_of
from kushfilms.core.public_cache import PublicAnswers
from kushfilms.core.request_client import client_network
from kushfilms.core.tests.test_public_cache import Node
from tests.factories import MovieFactory, UserFactory

TOWER = "41.75.160.1"  # a carrier's, with thousands of people behind it
FROZEN = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/148.0.0.0 Mobile"
PHONE: dict[str, Any] = {
    "REMOTE_ADDR": TOWER,
    "HTTP_USER_AGENT": FROZEN,
    "HTTP_ACCEPT_LANGUAGE": "en",
}
SUGGEST, MOVIES = "/api/v1/movies/suggest", "/api/v1/movies"
REGISTER = "/api/v1/auth/register"
HOUR = 3600
ApiAs = Callable[[User], APIClient]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_window")]


def _cookie(age: float = HOUR) -> str:
    return f"{django_settings.CLIENT_COOKIE_NAME}={client_id_issue(now=time.time() - age)}"


# ── A village ───────────────────────────────────────────────────────────────────────────


def test_a_village_with_one_address_and_one_kind_of_phone_comes_in(password: str) -> None:
    """Register twenty-five people in one hour, each with their own browser."""
    movie = MovieFactory.create(slug="seven-hills")
    for n in range(25):
        phone = Client(**PHONE)
        assert phone.get("/register").status_code == 200
        form = {"email": f"v{n}@example.ug", "password": password, "name": f"Viewer {n}"}
        assert phone.post("/register", form).status_code == 302
        user = User.objects.get(email=f"v{n}@example.ug")
        link = token_mint(user, purpose=TokenPurpose.VERIFY_EMAIL, now=timezone.now())
        assert phone.post("/verify", {"token": link})["Location"] == "/verify/done"
        grant = device_grant_start(Device(ip=TOWER), now=timezone.now()).row
        typed = phone.post("/tv", {"code": code_show(grant.user_code), "answer": "approve"})
        assert typed["Location"] == "/tv/approved"
        for mails in ("sev", "seve", "seven"):
            assert phone.get(SUGGEST, {"q": mails}).status_code == 200
        assert phone.get(f"{MOVIES}/{movie.slug}").status_code == 200
    assert User.objects.filter(email_verified=True).count() == 25
    assert DeviceGrant.objects.filter(state="APPROVED").count() == 25


def test_apps_without_an_id_share_what_their_network_has() -> None:
    """Let neighbours search after a hundred searches of one phone."""
    MovieFactory.create()
    app = APIClient(**PHONE)
    assert {app.get(SUGGEST, {"q": f"film {n}"}).status_code for n in range(150)} == {200}


# ── Made-up clients ─────────────────────────────────────────────────────────────────────

Disguise = Callable[[int], dict[str, Any]]
DISGUISES: list[Disguise] = [
    lambda n: {"HTTP_USER_AGENT": f"Bot/{n}", "HTTP_ACCEPT_LANGUAGE": f"x-{n}"},
    lambda n: {"HTTP_X_DEVICE_ID": f"made-up-{n}"},
    lambda n: {"HTTP_COOKIE": f"client=made-up.{n}:signature"},
    lambda n: {"HTTP_X_DEVICE_TOKEN": device_new()},
    lambda _: {"HTTP_COOKIE": _cookie(age=0)},
    lambda n: {"HTTP_AUTHORIZATION": f"Bearer made-up-{n}"},
    lambda n: {"HTTP_X_FORWARDED_FOR": f"10.0.0.{n}"},
]


@pytest.mark.parametrize("disguise", DISGUISES)
def test_changing_headers_does_not_bypass_a_limit(
    api: APIClient, settings: Any, disguise: Disguise
) -> None:
    settings.THROTTLE_RATES = {**settings.THROTTLE_RATES, "device_code": "1/900"}
    settings.THROTTLE_CEILINGS = {"strangers": 4, "network": 20}
    url = "/api/v1/auth/device/code"
    answers = [api.post(url, {}, REMOTE_ADDR=TOWER, **disguise(n)) for n in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 4 + [429] * 2
    assert DeviceGrant.objects.count() == 4
    # One with an id that is an hour old has its own count, under the ceiling of the network.
    ripe: dict[str, Any] = {"HTTP_COOKIE": _cookie()}
    codes = [api.post(url, {}, REMOTE_ADDR=TOWER, **ripe).status_code for _ in range(2)]
    assert codes == [200, 429]
    assert api.post(url, {}, REMOTE_ADDR="10.9.9.9").status_code == 200


def test_new_accounts_do_not_bypass_the_registration_limit(
    api: APIClient, settings: Any, password: str
) -> None:
    """Count registrations by client, as each new account could register twenty others."""
    settings.THROTTLE_RATES = {
        **settings.THROTTLE_RATES,
        "register": "1/3600",
        "client_ids": "1/3600",
    }
    settings.THROTTLE_CEILINGS = {"strangers": 3, "network": 20}
    codes, bearer = [], ""
    for n in range(5):
        body = {"email": f"r{n}@example.ug", "password": password, "name": f"Viewer {n}"}
        made = api.post(REGISTER, body, REMOTE_ADDR=TOWER, HTTP_AUTHORIZATION=f"Bearer {bearer}")
        bearer = made.json().get("accessToken", bearer)
        codes.append(made.status_code)
    assert codes == [201] * 3 + [429] * 2
    ids = [
        api.post("/api/v1/auth/client", REMOTE_ADDR=TOWER, HTTP_AUTHORIZATION=f"Bearer {bearer}")
        for _ in range(4)
    ]
    assert [made.status_code for made in ids] == [201] * 3 + [429]


def test_many_ids_that_are_old_enough_end_at_the_networks_ceiling(
    api: APIClient, settings: Any
) -> None:
    settings.THROTTLE_RATES = {**settings.THROTTLE_RATES, "device_code": "1/900"}
    settings.THROTTLE_CEILINGS = {"strangers": 2, "network": 5}
    url = "/api/v1/auth/device/code"
    codes = [
        api.post(url, {}, REMOTE_ADDR=TOWER, HTTP_COOKIE=_cookie()).status_code for _ in range(7)
    ]
    assert codes == [200] * 5 + [429] * 2


@pytest.mark.parametrize("address", ["2c0f:fe38:1:2::1", "2c0f:fe38:1:2:ffff:ffff:ffff:ffff"])
def test_an_ipv6_customer_is_a_network(rf: RequestFactory, address: str) -> None:
    assert client_network(rf.get("/", REMOTE_ADDR=address)) == "2c0f:fe38:1:2::/64"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("41.75.160.1:4711", "41.75.160.1"), ("[2c0f:fe38:1:2::1]:443", "2c0f:fe38:1:2::/64"),
        ("::ffff:41.75.160.1", "41.75.160.1"), ("", ""), ("nonsense", ""),
    ],
)  # fmt: skip
def test_addresses_as_proxies_write_them(rf: RequestFactory, address: str, network: str) -> None:
    assert client_network(rf.get("/", REMOTE_ADDR=address)) == network


# ── Who is signed in ────────────────────────────────────────────────────────────────────


def test_a_signed_in_person_counts_alone_also_on_public_answers(
    viewer: User, stranger: User, api_as: ApiAs, settings: Any, password: str
) -> None:
    settings.THROTTLE_RATES = {**settings.THROTTLE_RATES, "movies": "2/60"}
    settings.THROTTLE_CEILINGS = {"strangers": 1, "network": 1}
    own, foreign, nobody = api_as(viewer), api_as(stranger), APIClient()
    assert [own.get(MOVIES).status_code for _ in range(3)] == [200, 200, 429]
    assert foreign.get(MOVIES).status_code == 200
    assert [nobody.get(MOVIES).status_code for _ in range(3)] == [200, 200, 429]
    assert foreign.get(MOVIES).status_code == 200
    browser = Client()
    third = UserFactory.create()
    browser.post("/login", {"email": third.email, "password": password})
    answer = browser.get(MOVIES)
    assert (answer.status_code, "Cookie" in answer.get("Vary", "")) == (200, False)


@pytest.mark.django_db(transaction=True)
def test_a_cached_rendering_counts_by_its_client(
    viewer: User, api_as: ApiAs, settings: Any
) -> None:
    settings.THROTTLE_RATES = {**settings.THROTTLE_RATES, "movies": "1/60"}
    settings.THROTTLE_CEILINGS = {"strangers": 1, "network": 1}
    MovieFactory.create()
    node = Node()
    node.app = PublicAnswers(get_wsgi_application(), memory=node.memory)
    # As if a beat had just arrived, as no thread listens here.
    node.app._begun, node.listener._last_beat_at = True, time.monotonic()
    phone: Any = api_as(viewer)
    token = phone._credentials["HTTP_AUTHORIZATION"]
    nobodys = [node.get(f"{MOVIES}?page={n}") for n in range(2)]
    hers = node.get(f"{MOVIES}?page=3", HTTP_AUTHORIZATION=token)
    assert [answer.status for answer in (*nobodys, hers)] == [200, 429, 200]
    assert nobodys[0].body == hers.body
    assert "set-cookie" not in hers.headers


# ── The wait ────────────────────────────────────────────────────────────────────────────


def test_text_and_header_show_the_real_wait(settings: Any, password: str) -> None:
    settings.THROTTLE_RATES = {**settings.THROTTLE_RATES, "register": "1/3600"}
    settings.THROTTLE_CEILINGS = {"strangers": 1, "network": 1}
    start = time.time() // HOUR * HOUR
    form = {"email": "a@example.ug", "password": password, "name": "Nakato"}
    with time_machine.travel(start + 60, tick=False):
        assert APIClient().post(REGISTER, form).status_code == 201
        by_api = APIClient().post(REGISTER, {**form, "email": "b@example.ug"})
        page = Client().post("/register", {**form, "email": "b@example.ug"})
    assert (by_api.status_code, by_api["Retry-After"]) == (429, "3540")
    assert by_api.json()["message"] == "Too many tries. Try again in 59 minutes."
    assert (page.status_code, page["Retry-After"]) == (429, "3540")
    assert "Try again in 59 minutes." in page.content.decode()
    with time_machine.travel(start + 60 + 3540, tick=False):
        again = APIClient().post(REGISTER, {**form, "email": "b@example.ug"})
        assert again.status_code == 201


# ── The id itself ───────────────────────────────────────────────────────────────────────


def test_a_browser_gets_its_id_with_a_form_and_keeps_it(client: Client) -> None:
    page = client.get("/login")
    cookie = page.cookies["client"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert "client" not in client.get("/login").cookies
    client.cookies["client"] = "forged"
    assert "client" in client.get("/login").cookies


def test_public_responses_set_no_id(movie_factory: Any) -> None:
    movie: Movie = movie_factory()
    for url in ("/films.rss", "/robots.txt", "/sitemap.xml", MOVIES, f"{MOVIES}/{movie.slug}"):
        answer = Client().get(url)
        assert (answer.status_code, dict(answer.cookies)) == (200, {}), url
    assert "client" not in Client().get(f"/movies/{movie.slug}").cookies  # it keeps its ETag


def test_an_app_asks_for_an_id_and_is_known_by_it_after_an_hour(
    api: APIClient, rf: RequestFactory
) -> None:
    answer = api.post("/api/v1/auth/client")
    assert answer.status_code == 201
    request = rf.get("/", HTTP_X_DEVICE_TOKEN=answer.json()["deviceToken"])
    assert (client_of(request).id[:2], client_of(request).ripe) == ("d.", False)
    with time_machine.travel(time.time() + HOUR):
        assert client_of(request).ripe


@pytest.mark.parametrize("token", ["", "x", "a.1", "a.1:sig", "\xff", "z" * 5000])
def test_an_id_that_we_did_not_sign_is_none(token: str) -> None:
    assert client_id_read(token) == ("", 0.0)
