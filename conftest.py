"""Fixtures for all apps: people by role and plan, their clients, films."""

import gc
import os
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.client import ClientHandler
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import SessionKind, User
from accounts.roles import Role
from accounts.services.sessions import Device, session_issue_tokens, session_start
from billing.models import Plan
from billing.services.complimentary import subscription_grant
from kushfilms.core.jobs import job_run_next
from kushfilms.core.models import JobLane
from tests.factories import PASSWORD, CategoryFactory, MovieFactory, UserFactory
from tests.fast_path import WAYS, fast_first
from tests.flushing import flush_lightly

pytest_plugins = ["tests.payments"]

# Workers of one run share a Redis; each clears only its own keys.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
# A test's rows are rolled back without a notification, so the cache would be stale. Tests of the
# cache build their own.
django_settings.PUBLIC_CACHE_BYTES = 0
django_settings.CACHES["default"]["KEY_PREFIX"] = f"test-{WORKER}"


# Each test client builds the middleware again, which would look up every static file.
django_settings.WHITENOISE_AUTOREFRESH = True

# Argon2 is slow on purpose; a test about hashing uses the fixture `real_hashing`.
HASHERS = django_settings.PASSWORD_HASHERS
django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *HASHERS]


# These take minutes each; if they started last, one worker would finish them alone.
BEGUN_FIRST = (
    "test_faults.py", "test_api_fuzz.py", "test_site.py", "test_controls.py", "test_table.py",
    "test_hard_sources.py", "test_corpus.py", "test_upload.py", "test_player.py",
    "test_money.py", "test_seed_demo.py", "test_lock_out.py", "test_export.py",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {name: place for place, name in enumerate(BEGUN_FIRST)}
    items.sort(key=lambda item: places.get(item.path.name, len(places)))


def pytest_collection_finish() -> None:
    """Exclude imported and collected objects from garbage collection: they live to the end."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def real_hashing(settings: Any) -> None:
    settings.PASSWORD_HASHERS = HASHERS


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: Any, django_db_blocker: Any) -> None:
    """Let tests that commit empty the tables after them, which the log and the ledger refuse."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_auditlog DISABLE TRIGGER auditlog_no_truncate")
        cursor.execute("ALTER TABLE billing_ledgerentry DISABLE TRIGGER ledger_no_truncate")
        flush_lightly()


@pytest.fixture(autouse=True)
def _clean_cache() -> Iterator[None]:
    cache.delete_pattern("*")  # type: ignore[attr-defined]  # of django-redis
    yield
    cache.delete_pattern("*")  # type: ignore[attr-defined]


@pytest.fixture
def user_factory(db: Any) -> type[UserFactory]:
    return UserFactory


@pytest.fixture
def movie_factory(db: Any) -> type[MovieFactory]:
    return MovieFactory


@pytest.fixture
def category_factory(db: Any) -> type[CategoryFactory]:
    return CategoryFactory


# ── People ──────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def viewer(db: Any) -> User:
    """Create a viewer on the FREE plan."""
    return UserFactory.create(name="Aisha")


@pytest.fixture
def stranger(db: Any) -> User:
    """Create a viewer who is unrelated to the subject of a test."""
    return UserFactory.create(name="Stranger")


def _subscriber(plan: Plan) -> User:
    user = UserFactory.create(name=plan.label)
    subscription_grant(user, plan=plan, until=timezone.now() + timedelta(days=30))
    return user


@pytest.fixture
def basic_viewer(db: Any) -> User:
    return _subscriber(Plan.BASIC)


@pytest.fixture
def premium_viewer(db: Any) -> User:
    return _subscriber(Plan.PREMIUM)


@pytest.fixture
def moderator(db: Any) -> User:
    return UserFactory.create(name="Moderator", role=Role.MODERATOR)


@pytest.fixture
def admin(db: Any) -> User:
    return UserFactory.create(name="Admin", role=Role.ADMIN)


@pytest.fixture
def super_admin(db: Any) -> User:
    return UserFactory.create(name="Super Admin", role=Role.SUPER_ADMIN)


@pytest.fixture
def password() -> str:
    """Return the password of all people."""
    return PASSWORD


# ── Clients ─────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def api() -> APIClient:
    """Return a client that is not signed in."""
    return APIClient()


@pytest.fixture
def api_as() -> Callable[[User], APIClient]:
    """Return a function that signs a person in by bearer token and returns the client."""

    def sign_in(user: User) -> APIClient:
        session = session_start(user, kind=SessionKind.API, device=Device(ip="10.0.0.1"))
        client = APIClient()
        token = session_issue_tokens(session).access
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        return client

    return sign_in


@pytest.fixture
def site_as() -> Callable[[User], Client]:
    """Return a function that signs a person in on the sign-in page and returns the browser."""

    def sign_in(user: User) -> Client:
        client = Client()
        answer = client.post("/login", {"email": user.email, "password": PASSWORD})
        assert answer.status_code == 302, answer.content.decode()
        return client

    return sign_in


@pytest.fixture(autouse=True)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the paths that the fast path has answered, in a test of `both_ways`.

    Such a test runs once through Django alone and once with the fast path in front of it.
    """
    answered: list[str] = []
    if getattr(request, "param", WAYS[0]) != WAYS[0]:
        monkeypatch.setattr(ClientHandler, "__call__", fast_first(ClientHandler.__call__, answered))
    return answered


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.definition.get_closest_marker("both_ways"):
        metafunc.parametrize("way", WAYS, indirect=True)


# ── Background ──────────────────────────────────────────────────────────────────────────


@pytest.fixture
def run_jobs() -> Callable[[], int]:
    """Return a function that does every job due, like a worker, and returns their number."""

    def run() -> int:
        done = 0
        while any(job_run_next(lane) for lane in JobLane):
            done += 1
        return done

    return run


# ── Time ────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def fresh_window() -> Iterator[None]:
    """Move to a moment when all windows of rate limits begin, so that no test spans two."""
    hour = 3600
    with time_machine.travel((time.time() // hour + 1) * hour + 1, tick=True):
        yield
