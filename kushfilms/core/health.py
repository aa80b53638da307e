"""Health checks of a process and its services, run in the background.

`/healthz`: this process is alive. `/readyz`: the database answers, so requests can be sent here;
other services are reported, but pages work without them. Neither waits for a check.
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

# Workers report every 2 s (kushfilms.celery.leave_pulse); a busy machine may miss some.
PULSE_SECONDS = 20
KEPT_SECONDS = 2.0
# A check that takes longer counts as failed.
LATE_SECONDS = 5.0
FIRST_SECONDS = 1.0
# Without these no page can be made.
NEEDED = ("database",)
Check = dict[str, object]


class Probe:
    """The check of one service, run by its own thread while reports are requested."""

    def __init__(self, ask: Callable[[], None], *, every_seconds: float = KEPT_SECONDS) -> None:
        self._ask = ask
        self._every = every_seconds
        self._lock = threading.Lock()
        self._is_running = False
        self._first = threading.Event()
        self._check: Check = {"ok": False, "error": "NotAsked"}
        self._begun_at = self._answered_at = 0.0

    def refresh(self) -> None:
        """Start a check in the background, unless one is running or has just run."""
        now = time.monotonic()
        with self._lock:
            if self._is_running or (self._first.is_set() and now - self._begun_at < self._every):
                return
            self._is_running = True
            self._begun_at = now
        threading.Thread(target=self._run, name="probe", daemon=True).start()

    def check(self) -> Check:
        """Return the last result; an overdue check is a failure."""
        if self._is_running and time.monotonic() - self._begun_at > LATE_SECONDS:
            return {"ok": False, "error": "Timeout"}
        return self._check

    def wait_first(self, seconds: float) -> None:
        self._first.wait(max(0.0, seconds))

    def _run(self) -> None:
        started = time.monotonic()
        try:
            self._ask()
        except Exception as exc:  # noqa: BLE001  any error of a driver means: unavailable
            check: Check = {"ok": False, "error": type(exc).__name__}
        else:
            check = {"ok": True, "milliseconds": round((time.monotonic() - started) * 1000, 1)}
        with self._lock:
            self._check = check
            self._is_running = False
        self._first.set()


class Readiness:
    def __init__(self, probes: dict[str, Probe]) -> None:
        self._probes = probes

    def report(self, *, wait_seconds: float = 0) -> tuple[int, bytes]:
        """Return the status and the JSON, after waiting up to `wait_seconds` for first results."""
        deadline = time.monotonic() + wait_seconds
        for probe in self._probes.values():
            probe.refresh()
        for probe in self._probes.values():
            probe.wait_first(deadline - time.monotonic())
        checks = {name: probe.check() for name, probe in self._probes.items()}
        ready = all(checks[name]["ok"] for name in NEEDED)
        return (200 if ready else 503), json.dumps({"ready": ready, "checks": checks}).encode()


def _database() -> None:
    """Check the database by its monitor, which polls every second, or by a query without one."""
    monitor = database_monitor()
    if monitor.begun:
        if monitor.age_seconds > LATE_SECONDS:
            raise TimeoutError
        return
    parameters = connections["default"].get_connection_params()
    with PatientConnection.connect(**{**parameters, "connect_timeout": 2}) as connection:
        connection.execute("SELECT 1")


def _cache() -> None:
    """Check Redis by a new connection: the cache's own may be paused by its breaker."""
    bounds = {"socket_timeout": 1, "socket_connect_timeout": 1, "retry": None}
    with Redis.from_url(settings.REDIS_URL, **bounds) as client:
        client.ping()


def note_pulse(worker: str) -> None:
    """Record that a worker of this name is alive."""
    redis_cache.set(f"pulse:{worker}", 1, timeout=PULSE_SECONDS)


def _pulse(worker: str) -> None:
    if redis_cache.get(f"pulse:{worker}") is None:
        raise LookupError(f"no {worker} worker has reported")


@cache
def readiness() -> Readiness:
    """Return the readiness of this process."""
    return Readiness(
        {
            "database": Probe(_database),
            "cache": Probe(_cache),
            # R2 bills each request.
            "storage": Probe(storage.probe, every_seconds=10),
            # The workers of the queues `default` (short jobs) and `encode`.
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
