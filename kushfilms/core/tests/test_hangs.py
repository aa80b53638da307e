"""Dependencies that hang (SIGSTOP) and do not die: each costs its own feature, and a moment."""

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psutil
import pytest
from django.test import Client

from dev.stack import keys, test_stacks
from dev.stack.environment import Site, contract
from dev.stack.stack import Stack
from kushfilms.core import storage
from kushfilms.core.breaker import Breaker
from kushfilms.core.db.postgresql import watched
from kushfilms.core.tests.live import ask, web_server
from tests.concurrency import at_once

# The longest a person waits here before the machine is called broken, not slow.
PATIENCE = 30
LIST, FORGOT = "/api/v1/movies?limit=1", "/api/v1/auth/forgot-password"
JSON = {"Content-Type": "application/json"}
pytestmark = pytest.mark.timeout(240)


@dataclass
class LiveSite:
    port: int
    stack: Stack

    def get(self, path: str) -> tuple[int, dict[str, str], bytes]:
        return ask(self.port, "GET", path, timeout=PATIENCE)

    def ready(self) -> tuple[int, dict[str, Any]]:
        status, _, body = self.get("/readyz")
        return status, json.loads(body)["checks"]

    def wait_until(self, what: Any) -> None:
        deadline = time.monotonic() + 2 * PATIENCE
        while not what():
            assert time.monotonic() < deadline
            time.sleep(0.2)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    home = tmp_path_factory.mktemp("hangs")
    with test_stacks.private_stack() as stack:
        environ = {**stack.env(), "PUBLIC_CACHE_BYTES": "0",
                   **contract(kind="test", site=Site(), home=home, keys=keys.for_tests(),
                              given={})}  # fmt: skip
        with web_server(home, environ, threads=2) as port:
            found = LiveSite(port, stack)
            found.wait_until(lambda: found.get(LIST)[0] == 200)
            yield found


@contextmanager
def stopped(pid: int | None) -> Iterator[None]:
    """Stop a process and its children, like a swapping machine or a pausing hypervisor."""
    family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    for process in family:
        os.kill(process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in family:
            os.kill(process.pid, signal.SIGCONT)


def forgot(site: LiveSite) -> int:
    body = json.dumps({"email": "nobody@kush.test"}).encode()
    return ask(site.port, "POST", FORGOT, body, JSON, timeout=PATIENCE)[0]


def test_a_database_that_hangs_is_a_503_and_comes_back(site: LiveSite) -> None:
    site.wait_until(lambda: site.ready()[1]["cache"]["ok"])
    with stopped(site.stack.postgres.child.pid):
        answers = at_once(lambda _: site.get(LIST), range(4))
        assert {status for status, *_ in answers} == {503}
        assert {headers["retry-after"] for _, headers, _ in answers} == {"10"}
        assert {json.loads(body)["code"] for *_, body in answers} == {"unavailable"}
        page = site.get("/movies")
        assert (page[0], page[1]["retry-after"]) == (503, "10")
        assert b"<html" in page[2]
        assert site.get("/healthz")[0] == 200
        site.wait_until(lambda: site.ready()[0] == 503)
        status, checks = site.ready()
        assert (status, checks["database"]["ok"], checks["cache"]["ok"]) == (503, False, True)
    site.wait_until(lambda: site.get(LIST)[0] == 200)
    site.wait_until(lambda: site.ready()[0] == 200)


def test_a_cache_and_broker_that_hang_cost_no_page(site: LiveSite) -> None:
    with stopped(site.stack.valkey.child.pid):
        assert at_once(lambda _: forgot(site), range(6)) == [202] * 6
        assert site.get(LIST)[0] == 200
        assert site.get("/healthz")[0] == 200
        site.wait_until(lambda: not site.ready()[1]["cache"]["ok"])
        assert site.ready()[0] == 200
    site.wait_until(lambda: site.ready()[1]["cache"]["ok"])


def test_hanging_storage_affects_only_pictures(site: LiveSite) -> None:
    with stopped(site.stack.s3.child.pid):
        answers = at_once(lambda _: site.get("/public/posters/x/a.webp"), range(6))
        assert {status for status, *_ in answers} == {503}
        assert {headers["retry-after"] for _, headers, _ in answers} == {"5"}
        assert site.get(LIST)[0] == 200
        site.wait_until(lambda: not site.ready()[1]["storage"]["ok"])
        assert site.ready()[0] == 200
    site.wait_until(lambda: site.get("/public/posters/x/a.webp")[0] == 404)


# ── Parts ───────────────────────────────────────────────────────────────────────────────


def test_a_breaker_lets_one_try_in_each_pause() -> None:
    breaker = Breaker(pause_seconds=0.05)
    assert not breaker.blocks()
    breaker.failed()
    assert breaker.blocks()
    time.sleep(0.06)
    assert [breaker.blocks() for _ in range(3)] == [False, True, True]
    breaker.worked()
    assert not breaker.blocks()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/movies", "/", "/login", "/films.rss", "/api/v1/movies"])
def test_pages_and_api_are_503_while_the_database_is_away(
    monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    from django.db.backends.utils import CursorWrapper
    from django.db.utils import OperationalError

    def away(*_: Any, **__: Any) -> Any:
        raise OperationalError("the server closed the connection unexpectedly")

    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "x"
    monkeypatch.setattr(CursorWrapper, "execute", away)
    answer = client.get(path)
    if path == "/login":
        assert answer.status_code == 200  # it needs no row
        return
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")


def test_requests_and_workers_wait_differently_for_storage(settings: Any) -> None:
    from kushfilms.core.context import RequestContext, opened

    worker: Any = storage.client().meta.config
    with opened(RequestContext(request_id="a-request")):
        request: Any = storage.client().meta.config
    assert (worker.read_timeout, request.read_timeout) == (60, 5)
    assert request.retries["total_max_attempts"] == 1


def test_a_silent_monitor_ends_connections_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent:
        silent = True

    monkeypatch.setattr(watched, "database_monitor", Silent)
    with pytest.raises(watched.DatabaseSilent):
        watched.WatchedConnection.connect("host=127.0.0.1 port=1")
