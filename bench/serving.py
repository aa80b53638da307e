"""Private site for measurements: web process, database and cache without other load."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import requests

from dev.stack import keys, test_stacks
from dev.stack.child import Child
from dev.stack.environment import Site, contract
from dev.stack.paths import CHECKOUT
from dev.stack.ports import pick
from dev.stack.programs import commands

PRODUCTION_THREADS = 2  # docs/operators.md
# All clients of a benchmark have one address, so the limits of a network are lifted.
CROWD = {"THROTTLE_STRANGERS": "1000000", "THROTTLE_NETWORK": "1000000"}


class Server:
    """Site under measurement. `environ` lets `manage.py` use the same stack."""

    def __init__(self, site: str, parts: dict[str, Child], environ: dict[str, str]) -> None:
        self.site = site
        self._parts = parts
        self.environ = environ

    @property
    def api(self) -> str:
        return f"{self.site}/api/v1"

    def shell(self, script: str) -> str:
        """Run a Python script on the site, and return its output.

        Raises:
            SystemExit: the script failed; the message is its error output.
        """
        argv = [sys.executable, "manage.py", "shell", "--no-imports", "-c", script]
        done = subprocess.run(
            argv, cwd=CHECKOUT, env=self.environ, check=False, capture_output=True, text=True
        )
        if done.returncode:
            raise SystemExit(done.stderr)
        return done.stdout

    def cpu(self) -> dict[str, float]:
        return {name: _seconds(child.pid) for name, child in self._parts.items()}


def _seconds(pid: int | None) -> float:
    root = psutil.Process(pid)
    times = [process.cpu_times() for process in (root, *root.children(recursive=True))]
    # This includes ended child processes, because a database ends its connections' processes.
    return sum(t.user + t.system + t.children_user + t.children_system for t in times)


@contextmanager
def serving() -> Iterator[Server]:
    with test_stacks.private_stack() as stack, tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        site = Site(port=pick(), threads=PRODUCTION_THREADS)
        variables = contract(kind="test", site=site, home=home, keys=keys.for_tests(), given={})
        environ = {**os.environ, **stack.env(), **variables, **CROWD}
        argv = [sys.executable, "manage.py", "migrate", "--noinput"]
        subprocess.run(argv, cwd=CHECKOUT, env=environ, check=True, capture_output=True)
        [web] = [c for c in commands(site=site, home=home, environ=environ) if c.name == "web"]
        child = Child(web, home=home)
        child.start()
        try:
            _wait(f"{site.url}/healthz")
            yield Server(
                site.url,
                {"web": child, "postgres": stack.postgres.child, "valkey": stack.valkey.child},
                environ,
            )
        finally:
            child.stop()


def _wait(url: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if requests.get(url, timeout=2).ok:
                return
        except requests.RequestException:  # still starting
            time.sleep(0.2)
    raise SystemExit(f"{url} does not answer")
