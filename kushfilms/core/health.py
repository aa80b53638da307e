"""`/healthz`: this process is alive. `/readyz`: what it stands on is there, each named."""

import time
from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django_redis import get_redis_connection

from kushfilms.core import storage

# Workers beat every 2 s (kushfilms.celery.leave_pulse); a busy machine may miss some.
PULSE_SECONDS = 20


@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "ok"})


@never_cache
def readyz(_request: HttpRequest) -> HttpResponse:
    checks = {name: _run(probe) for name, probe in PROBES.items()}
    ready = all(check["ok"] for check in checks.values())
    status = 200 if ready else 503
    return JsonResponse({"ready": ready, "checks": checks}, status=status)


def _run(probe: Callable[[], None]) -> dict[str, object]:
    started = time.monotonic()
    try:
        probe()
    except Exception as exc:  # noqa: BLE001  whatever a driver raises means: not ready
        return {"ok": False, "error": type(exc).__name__}
    return {"ok": True, "milliseconds": round((time.monotonic() - started) * 1000, 1)}


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _cache() -> None:
    get_redis_connection("default").ping()


def _storage() -> None:
    storage.client().head_bucket(Bucket=settings.R2_BUCKET_NAME)


def note_pulse(worker: str) -> None:
    """A worker of this name lives."""
    cache.set(f"pulse:{worker}", 1, timeout=PULSE_SECONDS)


def _pulse(worker: str) -> None:
    if cache.get(f"pulse:{worker}") is None:
        raise LookupError(f"no {worker} worker has reported")


PROBES: dict[str, Callable[[], None]] = {
    "database": _database,
    "cache": _cache,
    "storage": _storage,
    # Named for their queues: the one that does small things, the one that encodes.
    "worker": partial(_pulse, "default"),
    "encoder": partial(_pulse, "encode"),
}
