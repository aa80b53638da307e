"""CORS: configured origins only, with bearer tokens and never a cookie."""

from collections.abc import Callable
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.wsgi import get_wsgi_application
from rest_framework.test import APIClient

from accounts.models import User
from kushfilms.core.checks import refuse_bad_configuration
from kushfilms.core.cors import CrossOrigin
from kushfilms.core.public_cache import Memory, PublicAnswers

pytestmark = pytest.mark.django_db(transaction=True)

TV, EVIL = "https://tv.kush.test", "https://evil.test"
Asked = tuple[int, dict[str, str], bytes]


def ask(
    path: str,
    *,
    method: str = "GET",
    origins: tuple[str, ...] = (TV,),
    app: Any = None,
    **environ: str,
) -> Asked:
    given: dict[str, Any] = {"REQUEST_METHOD": method, "PATH_INFO": path,
                             "HTTP_HOST": "127.0.0.1", **environ}  # fmt: skip
    setup_testing_defaults(given)
    started: list[Any] = []
    layer = CrossOrigin(app or get_wsgi_application(), origins=origins)
    body = b"".join(layer(given, lambda *answer: started.extend(answer[:2])))
    return int(started[0][:3]), {name.lower(): value for name, value in started[1]}, body


def cors(answer: Asked) -> set[str]:
    return {name for name in answer[1] if name.startswith("access-control")}


def test_a_configured_origin_reads_the_api() -> None:
    status, headers, _ = answer = ask("/api/v1/movies", HTTP_ORIGIN=TV)
    assert (status, headers["access-control-allow-origin"]) == (200, TV)
    assert cors(answer) == {"access-control-allow-origin", "access-control-expose-headers"}
    assert "Origin" in headers["vary"].split(", ")


@pytest.mark.parametrize(
    ("path", "origin", "origins"),
    [
        ("/api/v1/movies", EVIL, (TV,)),
        ("/api/v1/movies", f"{TV}.evil.test", (TV,)),
        ("/api/v1/movies", "null", (TV,)),
        ("/api/v1/movies", "http://tv.kush.test", (TV,)),
        ("/api/v1/movies", TV, ()),
        ("/api/v1/movies", "http://127.0.0.1", (TV, "http://127.0.0.1")),  # the site itself
        ("/login", TV, (TV,)),
        ("/about", TV, ("*",)),
    ],
)
def test_no_other_origin_and_no_page_is_opened(
    path: str, origin: str, origins: tuple[str, ...]
) -> None:
    answer = ask(path, HTTP_ORIGIN=origin, origins=origins)
    assert answer[0] == 200
    assert cors(answer) == set()


def test_a_preflight_is_answered_in_front_of_django() -> None:
    def never(*_: Any) -> Any:
        raise AssertionError

    asked: Any = {"HTTP_ORIGIN": TV, "HTTP_ACCESS_CONTROL_REQUEST_METHOD": "PUT"}
    status, headers, body = ask("/api/v1/users/profile", method="OPTIONS", app=never, **asked)
    assert (status, body) == (204, b"")
    assert headers["access-control-allow-origin"] == TV
    assert "Authorization" in headers["access-control-allow-headers"]
    assert "PUT" in headers["access-control-allow-methods"]
    assert "access-control-allow-credentials" not in headers
    with pytest.raises(AssertionError):
        ask("/api/v1/users/profile", method="OPTIONS", app=never, **asked | {"HTTP_ORIGIN": EVIL})


def test_a_cookie_from_another_origin_signs_nobody_in(
    viewer: User, site_as: Callable[[User], Any], api_as: Callable[[User], APIClient]
) -> None:
    browser = site_as(viewer)
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items())
    me = "/api/v1/auth/me"
    assert ask(me, HTTP_COOKIE=cookie)[0] == 200  # the control: our own page
    refused = ask(me, HTTP_COOKIE=cookie, HTTP_ORIGIN=TV)
    assert refused[0] == 401
    assert refused[1]["access-control-allow-origin"] == TV  # so that the app can read why
    app: Any = api_as(viewer)
    bearer = app._credentials["HTTP_AUTHORIZATION"]
    assert ask(me, HTTP_AUTHORIZATION=bearer, HTTP_ORIGIN=TV)[0] == 200


def test_what_is_kept_in_memory_is_the_same_for_every_origin() -> None:
    class Listener:
        generation = 1

        def start(self) -> None: ...
        def is_current(self, *_: object) -> bool:
            return True

    kept = Memory(most_bytes=10**6, changes=Listener())  # type: ignore[arg-type]
    memory = PublicAnswers(get_wsgi_application(), memory=kept)
    first = ask("/api/v1/movies", app=memory)
    second = ask("/api/v1/movies", app=memory, HTTP_ORIGIN=TV)
    third = ask("/api/v1/movies", app=memory, HTTP_ORIGIN=EVIL)
    assert first[2] == second[2] == third[2]
    assert [bool(cors(answer)) for answer in (first, second, third)] == [False, True, False]
    assert {"Origin" in answer[1]["vary"] for answer in (first, second, third)} == {True}


@pytest.mark.parametrize(
    "origin", ["http://tv.kush.test", "tv.kush.test", "https://tv.kush.test/a"]
)
def test_production_takes_https_origins_only(settings: Any, origin: str) -> None:
    settings.CORS_ALLOWED_ORIGINS = [origin]
    refuse_bad_configuration()
    settings.PRODUCTION = True
    with pytest.raises(Exception, match="CORS_ALLOWED_ORIGINS"):
        refuse_bad_configuration()
