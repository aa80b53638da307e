"""Commands of the site's own processes: web, workers, beat."""

import os
import signal
import sys
from pathlib import Path

from dev.stack import sandbox
from dev.stack.child import Command
from dev.stack.environment import Site

# Encoding is limited by processors up to four, and by a laptop's disk and memory beyond that.
ENCODERS = min(os.cpu_count() or 2, 4)


def commands(
    *, site: Site, home: Path, environ: dict[str, str], encoders: int = ENCODERS
) -> list[Command]:
    """Return the commands in the order of their start."""
    payments = [sandbox.command(environ, home=home)] if sandbox.is_ours(environ) else []
    return [
        *payments,
        _python("web", _web(site), {**environ, "WEB_THREADS": str(site.threads)}),
        _worker("worker", "default,long", concurrency=2, environ=environ),
        # With a larger prefetch, one process would reserve chunks that another could encode.
        _worker(
            "encoder", "encode", "--prefetch-multiplier=1", concurrency=encoders, environ=environ
        ),
        _python("beat", _beat(home), environ),
    ]


def manage_command(name: str, *arguments: str, environ: dict[str, str]) -> Command:
    """Return the command `manage.py arguments`, with a name for its log."""
    return Command(name=name, argv=(sys.executable, "manage.py", *arguments), environ=environ)


def _python(name: str, module: list[str], environ: dict[str, str]) -> Command:
    return Command(name=name, argv=(sys.executable, "-m", *module), environ=environ)


def _web(site: Site) -> list[str]:
    # Two processes use two cores. WEB_THREADS cover waiting for the database and the storage.
    scale = ["--workers", "2", "--respawn-failed-workers"]
    address = ["--host", site.host, "--port", str(site.port)]
    return [
        "granian",
        "--interface",
        "asginl",
        "--no-ws",
        *scale,
        *address,
        "kushfilms.asgi:application",
    ]


def _worker(
    name: str, queue: str, *options: str, concurrency: int, environ: dict[str, str]
) -> Command:
    # The names let /readyz distinguish the two workers. Gossip and mingling are for clusters.
    name_at_host = f"{queue.partition(',')[0]}@%h"
    identity = ["-Q", queue, "-n", name_at_host, "-c", str(concurrency), "-O", "fair"]
    quiet = ["--without-gossip", "--without-mingle", "-l", "INFO"]
    argv = (sys.executable, "-m", "celery", "-A", "kushfilms", "worker", *identity, *quiet)
    # An orphan gets SIGKILL, because after SIGTERM it would wait for its tasks and for a broker
    # that is gone. Its pool has its own tether, and unfinished work is leased, so none is lost.
    return Command(name, (*argv, *options), environ=environ, orphan_signal=signal.SIGKILL)


def _beat(home: Path) -> list[str]:
    schedule = str(home / "run" / "beat-schedule")
    return ["celery", "-A", "kushfilms", "beat", "-s", schedule, "--pidfile=", "-l", "INFO"]
