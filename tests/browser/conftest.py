"""Chromium against the live server, real storage, and films encoded by the pipeline."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from django.core.signals import request_finished, request_started
from django.utils import timezone
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

from accounts.models import User
from accounts.roles import Role
from accounts.services.people import user_create
from billing.models import Plan
from billing.services.complimentary import subscription_grant
from catalog.models import Movie
from tests.browser.films import source_make
from tests.browser.shared_film import MadeFilm, made_film_keep, made_film_read
from tests.once import once_a_run

# Playwright's own loop runs in this thread; our code in it stays synchronous all the same.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

Value = TypeVar("Value")

expect.set_options(timeout=20_000)  # a busy machine is no failure
CHROMIUM = os.environ.get("CHROMIUM_PATH", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-gpu",
    "--autoplay-policy=no-user-gesture-required",
]
PASSWORD = "matatu-9931-x"
TITLE = "Kampala after dark"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def made_film(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> MadeFilm:
    """Return the film, encoded by the first worker that needs it, for the whole run."""
    with once_a_run("film.json", tmp_path_factory) as kept, django_db_blocker.unblock():
        if not kept.exists():
            source = source_make(tmp_path_factory.mktemp("film") / "kampala.mkv")
            made_film_keep(kept, source=source, title=TITLE)
        return made_film_read(kept)


@pytest.fixture
def film(transactional_db: None, made_film: MadeFilm) -> Movie:
    """Return a free, published film of 24 s: two audio tracks, captions, 360p, 240p and 144p."""
    made_film.load()
    return Movie.objects.get()


@pytest.fixture
def person(transactional_db: None) -> Callable[..., User]:
    def make(email: str = "viewer@kush.test", *, plan: str = "", role: Role = Role.USER) -> User:
        user = user_create(email=email, password=PASSWORD, name="Nakato", role=role)
        if plan:
            subscription_grant(user, plan=Plan(plan), until=timezone.now() + timedelta(days=9))
        return user

    return make


class InFlight:
    """Count of requests that the server under test is answering."""

    def __init__(self) -> None:
        self.count = 0
        self._changed = threading.Condition()
        request_started.connect(self._begin)
        request_finished.connect(self._end)

    def _begin(self, **_: Any) -> None:
        with self._changed:
            self.count += 1

    def _end(self, **_: Any) -> None:
        with self._changed:
            self.count -= 1
            self._changed.notify_all()

    def wait(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self.count <= 0, timeout=10)
            self.count = 0


in_flight = InFlight()


@pytest.fixture
def contexts(chromium: Browser, transactional_db: None) -> Iterator[Callable[..., BrowserContext]]:
    """Return a maker of browsers for different people or devices, each with a fresh profile.

    They close, and their last requests are answered, before the database is emptied: a page that
    polls, as the TV's does, would deadlock with that.
    """
    made: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        options = {"viewport": {"width": 360, "height": 740}, **options}
        made.append(chromium.new_context(**options))
        return made[-1]

    yield make
    for context in made:
        context.close()
    in_flight.wait()


class Viewer:
    """A signed-in person at a browser; `complaints` are the console's errors."""

    def __init__(self, page: Page, base_url: str) -> None:
        self.page = page
        self.base_url = base_url
        self.complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"{message.text} {message.location.get('url', '')}")

    def sign_in(self, user: User) -> None:
        self.page.goto(f"{self.base_url}/login")
        self.page.fill("input[name=email]", user.email)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("main button[type=submit]")
        self.page.wait_for_url(lambda url: "/login" not in url)

    def watch(self, movie: Movie) -> None:
        self.page.goto(f"{self.base_url}/watch/{movie.slug}")

    def seconds(self) -> float:
        return float(self.page.evaluate("document.getElementById('video').currentTime"))

    def wait_past(self, seconds: float) -> None:
        # The page that is being left may have no player yet.
        self.until(f"document.getElementById('video')?.currentTime > {seconds}")

    def wait_for(self, look: Callable[[], Value | None], *, seconds: float = 15) -> Value:
        """Poll the database until the page's last request has arrived; return the value."""
        deadline = time.monotonic() + seconds
        while (found := look()) is None:
            assert time.monotonic() < deadline, "nothing came"
            self.page.wait_for_timeout(50)
        return found

    def until(self, condition: str, *, seconds: float = 30) -> None:
        """Wait for a condition; Playwright's own way evals in the page, which our CSP forbids."""
        deadline = time.monotonic() + seconds
        while not self.page.evaluate(f"() => Boolean({condition})"):
            assert time.monotonic() < deadline, f"never came true: {condition}"
            self.page.wait_for_timeout(50)

    def script(self, expression: str) -> Any:
        """Evaluate an expression with `video` and the player's `stream` and `session`."""
        return self.page.evaluate(
            "() => { const video = document.getElementById('video');"
            "const { stream, session } = document.getElementById('player').viewing;"
            f"return ({expression}); }}"
        )


@pytest.fixture
def at_browser(contexts: Callable[..., BrowserContext], live_server: Any) -> Callable[..., Viewer]:
    """Return `at_browser(user, **context options)`, which signs in on a new device."""

    def make(user: User | None = None, **options: Any) -> Viewer:
        viewer = Viewer(contexts(**options).new_page(), live_server.url)
        if user is not None:
            viewer.sign_in(user)
        return viewer

    return make
