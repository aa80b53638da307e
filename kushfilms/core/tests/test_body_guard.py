"""Slow and large bodies: refused by size unread, given up when late, without a waiting thread."""

import asyncio
import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from io import BytesIO
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.wsgi import get_wsgi_application
from django.test import Client

from kushfilms.core.body_guard import middleware
from kushfilms.core.body_guard.limits import body_limit, default_limit
from kushfilms.core.body_guard.middleware import BodyGuard
from kushfilms.core.front.application import PIECE_BYTES, Front
from kushfilms.core.front.bodies import Bodies
from kushfilms.core.front.environ import environ_of
from kushfilms.core.tests.live import ask, web_server

LOGIN = "/api/v1/auth/login"
MIB = 1024**2


def test_bodies_without_a_length_are_bounded_behind_a_proxy_too() -> None:
    taken: list[bytes] = []

    def application(environ: Any, start_response: Any) -> list[bytes]:
        refusal = environ.get(middleware.REFUSAL)
        taken.append(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        start_response(f"{refusal.status} Refused" if refusal else "200 OK", [])
        return [b""]

    app, started = BodyGuard(application), []
    for size in (5, default_limit() + 1):
        environ: dict[str, Any] = {"REQUEST_METHOD": "POST", "PATH_INFO": LOGIN}
        setup_testing_defaults(environ)
        environ |= {"wsgi.input": BytesIO(b"a" * size), "HTTP_TRANSFER_ENCODING": "chunked"}
        list(app(environ, lambda status, headers: started.append((status[:3], headers))))
    assert started == [("200", []), ("413", [("Connection", "close")])]
    assert taken == [b"aaaaa", b""]


# ── The front, without sockets ──────────────────────────────────────────────────────────


def front_of(application: Any, **options: Any) -> Front:
    return Front(application, **{"threads": 1, "patience_seconds": 0.05, **options})


def call(
    app: Front, *messages: Any, length: int | None = None, path: str = LOGIN, method: str = "POST"
) -> tuple[int, dict[str, str], bytes]:
    """One request whose body comes in these messages; None waits for ever."""
    coming, started = list(messages), []

    async def receive() -> Any:
        if not coming or coming[0] is None:
            await asyncio.Event().wait()
        message = coming.pop(0)
        more = bool(coming)
        return message if isinstance(message, dict) else {
            "type": "http.request", "body": message, "more_body": more,
        }  # fmt: skip

    async def send(message: Any) -> None:
        started.append(message)

    announced = (b"transfer-encoding", b"chunked")
    if length is not None:
        announced = (b"content-length", str(length).encode())
    scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(),
             "query_string": b"", "headers": [(b"host", b"127.0.0.1"), announced]}  # fmt: skip
    # In a thread of its own: Playwright's sync API leaves an event loop running in the main thread.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(app(scope, receive, send))).result()
    if not started:
        return 0, {}, b""
    headers = {name.decode(): value.decode() for name, value in started[0]["headers"]}
    return started[0]["status"], headers, b"".join(part["body"] for part in started[1:])


def echo(environ: Any, start_response: Any) -> list[bytes]:
    refusal = environ.get(middleware.REFUSAL)
    start_response(f"{refusal.status} Refused" if refusal else "200 OK", [])
    return [environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))]


def test_a_body_is_passed_on_whole() -> None:
    app = front_of(echo)
    assert call(app, b"abc", b"de", length=5) == (200, {}, b"abcde")
    assert call(app, b"abc", b"de") == (200, {}, b"abcde")
    assert call(app, length=0) == (200, {}, b"")
    assert call(app, b"abc", length=3, method="GET") == (200, {}, b"")


def test_bodies_are_refused_by_size_before_they_are_read() -> None:
    app = front_of(echo)
    assert call(app, None, length=default_limit() + 1)[:2] == (413, {"connection": "close"})
    assert call(app, None, length=default_limit() + 1, method="GET")[0] == 413
    assert call(app, *[b"a" * MIB] * 9, None)[0] == 413  # cut off where the limit is
    assert call(app, b"abcdef", b"g", length=5)[0] == 413
    assert call(app, b"abc", length=5)[0] == 400


def test_a_late_body_is_given_up_and_one_that_breaks_off_is_not_answered() -> None:
    app = front_of(echo)
    assert call(app, b"abc", None, length=5)[:2] == (408, {"connection": "close"})
    assert call(app, b"abc", {"type": "http.disconnect"}, length=5) == (0, {}, b"")


def test_bodies_under_way_are_bounded_and_given_back() -> None:
    app = front_of(echo)
    app._bodies = Bodies(patience_seconds=0.05, most_at_once=0)
    assert call(app, b"abc", length=3)[0] == 503
    app._bodies = Bodies(patience_seconds=0.05, most_at_once=1)
    assert [call(app, b"a", None, length=5)[0] for _ in range(3)] == [408] * 3


def test_an_answer_in_pieces_is_closed_also_when_the_client_is_gone() -> None:
    closed: list[int] = []

    class Pieces:
        def __iter__(self) -> Iterator[bytes]:
            yield from [b"a" * PIECE_BYTES, b"b", b"c"]

        def close(self) -> None:
            closed.append(1)

    def application(_environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [("X-Kind", "pieces")])
        return Pieces()

    status, headers, body = call(front_of(application), length=0)
    assert (status, headers, len(body)) == (200, {"x-kind": "pieces"}, PIECE_BYTES + 2)
    assert len(closed) == 1


def test_the_environ_follows_pep_3333() -> None:
    seen: dict[str, Any] = {}

    def application(environ: Any, start_response: Any) -> list[bytes]:
        seen.update(environ)
        start_response("204 No Content", [])
        return []

    call(front_of(application), length=0, path="/a%20b/%C3%A9%FF")
    assert seen["PATH_INFO"].encode("latin-1") == b"/a b/\xc3\xa9\xff"
    scope = {"type": "http", "method": "GET", "path": "/", "client": ("10.0.0.9", 5),
             "server": ("127.0.0.1", 8000), "query_string": b"q=%C3%A9", "headers": [
                 (b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"x-one", b"1"), (b"x-one", b"2"),
                 (b"x_forwarded_for", b"6.6.6.6"), (b"content-type", b"text/plain")]}  # fmt: skip
    environ = environ_of(scope)
    assert environ["HTTP_COOKIE"] == "a=1; b=2"
    assert environ["HTTP_X_ONE"] == "1,2"
    assert "HTTP_X_FORWARDED_FOR" not in environ
    assert (environ["CONTENT_TYPE"], environ["REMOTE_ADDR"]) == ("text/plain", "10.0.0.9")
    assert (environ["QUERY_STRING"], environ["SERVER_PORT"]) == ("q=%C3%A9", "8000")


@pytest.mark.parametrize(
    ("path", "most"),
    [
        (LOGIN, default_limit()),
        ("/login", default_limit()),
        ("/nowhere", default_limit()),
        ("/api/webhooks/stripe", default_limit()),
        ("/admin/catalog/category/add/", default_limit()),
        ("/api/v1/users/avatar", 5 * MIB),
        ("/account/avatar", 5.25 * MIB),
        ("/admin/catalog/movieimport/send/", 10.25 * MIB),
        ("/admin/catalog/movie/0b0c3f0e-2d4a-4c55-9a3e-6f1b0f0c9a11/poster/", 5.25 * MIB),
        ("/admin/catalog/person/0b0c3f0e-2d4a-4c55-9a3e-6f1b0f0c9a11/picture/photo/", 5.25 * MIB),
        ("/api/v1/admin/people/0b0c3f0e-2d4a-4c55-9a3e-6f1b0f0c9a11/photo", 5 * MIB),
        ("/desk/0b0c3f0e-2d4a-4c55-9a3e-6f1b0f0c9a11/subtitles", 2.25 * MIB),
    ],
)
def test_views_for_files_accept_larger_bodies(path: str, most: float) -> None:
    assert body_limit(path) == most


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "is_json"), [(LOGIN, True), ("/login", False), ("/admin/login/", False)]
)
def test_a_refusal_is_json_or_a_page(path: str, *, is_json: bool) -> None:
    app = BodyGuard(get_wsgi_application())
    environ: dict[str, Any] = {"REQUEST_METHOD": "POST", "PATH_INFO": path,
                               "HTTP_ACCEPT_LANGUAGE": "en"}  # fmt: skip
    setup_testing_defaults(environ)
    environ |= {"wsgi.input": BytesIO(), "CONTENT_LENGTH": str(50 * MIB), "HTTP_HOST": "127.0.0.1"}
    started: list[Any] = []
    page = b"".join(app(environ, lambda *answer: started.extend(answer))).decode()
    assert started[0].startswith("413")
    if is_json:
        body = json.loads(page)
        assert (body["code"], body["error"]) == ("too_large", "Payload Too Large")
    else:
        assert "<html" in page
        assert "This is too large" in page


# ── Through sockets ─────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    environ = {"REQUEST_BODY_SECONDS": "4"}
    with web_server(tmp_path_factory.mktemp("web"), environ, threads=2) as port:
        yield port


def drip(port: int, path: str) -> socket.socket:
    """Open a connection that announces a body and sends its beginning."""
    client = socket.create_connection(("127.0.0.1", port))
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    client.sendall(f"{head}Content-Length: 100000\r\n\r\n{{".encode())
    return client


def test_slow_clients_leave_the_site_to_the_others(port: int) -> None:
    """Forty slow ones, two threads; under a WSGI server `/healthz` waits as long as they drip."""
    body = json.dumps({"email": "nobody@kush.test", "password": "x"}).encode()
    with ExitStack() as clients:
        slow = [clients.enter_context(drip(port, path)) for path in (LOGIN, "/login") * 20]
        for _ in range(3):
            assert ask(port, "GET", "/healthz", timeout=20)[0] == 200
            assert ask(port, "GET", "/about", timeout=20)[0] == 200
            quick = ask(port, "POST", LOGIN, body, {"Content-Type": "application/json"}, timeout=20)
            assert quick[0] in {401, 429}
            for client in slow:
                client.sendall(b" ")


def test_a_late_body_is_given_up_in_the_shape_of_the_api(port: int) -> None:
    with drip(port, LOGIN) as client:
        client.settimeout(30)
        answer = client.recv(4000)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b'"request_timeout"' in answer


def test_a_large_upload_is_refused_unread(port: int) -> None:
    client = socket.create_connection(("127.0.0.1", port))
    with client:
        client.sendall(
            b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 400000000\r\n\r\n"
        )
        answer = client.recv(4000)
        assert answer.startswith(b"HTTP/1.1 413 ")
        assert b"connection: close" in answer.lower()


def test_a_chunked_body_without_an_end_is_refused(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(
            b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        block = b"10000\r\n" + b"a" * 65536 + b"\r\n"
        sent = 0
        try:
            while sent < 64:
                client.sendall(block)
                sent += 1
        except OSError:
            pass
        client.settimeout(10)
        try:
            answer = client.recv(4000)
        except ConnectionError:
            answer = b"HTTP/1.1 413 "  # cut before it was read
        assert answer.startswith(b"HTTP/1.1 413 ")


def test_without_the_guard_these_bodies_pass() -> None:
    """The control of the three above: no other part refuses these by size."""
    assert Client().post("/login", b"a" * 3_000_000, content_type="text/plain").status_code != 413
