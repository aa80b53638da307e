"""What the process stands on, asked in the background: `/healthz` and `/readyz` never wait.

`/healthz`: this process is alive. `/readyz`: the database answers, so requests can be sent here;
the rest is named, but pages go on without it.
"""

import json
import threading
import time
from collections.abc import Callable
from functools import cache, partial

from django.conf import settings
from django.core.cache import cache as redis_cache
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from redis import Redis

from kushfilms.core import storage
from kushfilms.core.db.postgresql.monitor import PatientConnection, database_monitor

# Workers beat every 2 s (kushfilms.celery.leave_pulse); a busy machine may miss some.
PULSE_SECONDS = 20
KEPT_SECONDS = 2.0
# An answer this late counts as none.
LATE_SECONDS = 5.0
FIRST_SECONDS = 1.0
# Without these no page can be made.
NEEDED = ("database",)
Check = dict[str, object]


class Probe:
    """One dependency, asked by a thread of its own while somebody wants to know."""

    def __init__(self, ask: Callable[[], None], *, every_seconds: float = KEPT_SECONDS) -> None:
        self._ask, self._every = ask, every_seconds
        self._lock, self._asking, self._first = threading.Lock(), False, threading.Event()
        self._check: Check = {"ok": False, "error": "NotAsked"}
        self._asked_at = self._answered_at = 0.0

    def refresh(self) -> None:
        """Ask in the background, unless that is under way or was a moment ago."""
        now = time.monotonic()
        with self._lock:
            if self._asking or (self._first.is_set() and now - self._asked_at < self._every):
                return
            self._asking, self._asked_at = True, now
        threading.Thread(target=self._run, name="probe", daemon=True).start()

    def check(self) -> Check:
        """Return the last answer. One that is overdue is a failure."""
        if self._asking and time.monotonic() - self._asked_at > LATE_SECONDS:
            return {"ok": False, "error": "Timeout"}
        return self._check

    def wait_first(self, seconds: float) -> None:
        self._first.wait(max(0.0, seconds))

    def _run(self) -> None:
        started = time.monotonic()
        try:
            self._ask()
        except Exception as exc:  # noqa: BLE001  whatever a driver raises means: not there
            check: Check = {"ok": False, "error": type(exc).__name__}
        else:
            check = {"ok": True, "milliseconds": round((time.monotonic() - started) * 1000, 1)}
        with self._lock:
            self._check, self._asking = check, False
        self._first.set()


class Readiness:
    def __init__(self, probes: dict[str, Probe]) -> None:
        self._probes = probes

    def report(self, *, wait_seconds: float = 0) -> tuple[int, bytes]:
        """Return status and JSON. Only a first answer is waited for, and only so long."""
        deadline = time.monotonic() + wait_seconds
        for probe in self._probes.values():
            probe.refresh()
        for probe in self._probes.values():
            probe.wait_first(deadline - time.monotonic())
        checks = {name: probe.check() for name, probe in self._probes.items()}
        ready = all(checks[name]["ok"] for name in NEEDED)
        return (200 if ready else 503), json.dumps({"ready": ready, "checks": checks}).encode()


def _database() -> None:
    """The monitor asks every second; where it does not run, ask here."""
    monitor = database_monitor()
    if monitor.begun:
        if monitor.age_seconds > LATE_SECONDS:
            raise TimeoutError
        return
    parameters = connections["default"].get_connection_params()
    with PatientConnection.connect(**{**parameters, "connect_timeout": 2}) as connection:
        connection.execute("SELECT 1")


def _cache() -> None:
    """By a connection of its own: the cache's may have given up for a while."""
    bounds = {"socket_timeout": 1, "socket_connect_timeout": 1, "retry": None}
    with Redis.from_url(settings.REDIS_URL, **bounds) as client:
        client.ping()


def _storage() -> None:
    storage.probe()


def note_pulse(worker: str) -> None:
    """Note that a worker of this name lives."""
    redis_cache.set(f"pulse:{worker}", 1, timeout=PULSE_SECONDS)


def _pulse(worker: str) -> None:
    if redis_cache.get(f"pulse:{worker}") is None:
        raise LookupError(f"no {worker} worker has reported")


@cache
def readiness() -> Readiness:
    """Return this process's."""
    return Readiness(
        {
            "database": Probe(_database),
            "cache": Probe(_cache),
            # R2 bills each question.
            "storage": Probe(_storage, every_seconds=10),
            # Named for their queues: the one that does small things, the one that encodes.
            "worker": Probe(partial(_pulse, "default")),
            "encoder": Probe(partial(_pulse, "encode")),
        }
    )


@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(b'{"status":"ok"}', content_type="application/json")


@never_cache
def readyz(_request: HttpRequest) -> HttpResponse:
    status, body = readiness().report(wait_seconds=FIRST_SECONDS)
    response = HttpResponse(body, status=status, content_type="application/json")
    if status == 503:
        response["Retry-After"] = "2"
    return response
