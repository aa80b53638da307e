"""What it costs to know who asks: CPU seconds of web, database and cache.

    python bench/sign_in.py [--requests 4000] [--logins 60]

A stack of its own. Requests come over loopback from one keep-alive client, whose own cost does not
count. Beside the signed-in request stand the same server's cheapest answer and a wrong token's.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import requests

from kushfilms.embedded import keys, scratch
from kushfilms.embedded.child import Child
from kushfilms.embedded.environment import Site, contract
from kushfilms.embedded.paths import CHECKOUT
from kushfilms.embedded.ports import pick
from kushfilms.embedded.programs import commands

PASSWORD = "long-enough-for-a-bench"
PEOPLE = """
from accounts.services.people import user_create
for n in range({count}):
    user_create(email=f"p{{n}}@kush.test", password="{password}", name=f"Person {{n}}")
"""


@dataclass(frozen=True)
class Cost:
    calls: int
    wall: float
    cpu: dict[str, float]  # seconds, by part

    @property
    def per_thousand(self) -> float:
        return 1000 * sum(self.cpu.values()) / self.calls


class Server:
    """`environ` leads `manage.py` to the same stack."""

    def __init__(self, base: str, parts: dict[str, Child], environ: dict[str, str]) -> None:
        self.base, self._parts, self.environ = base, parts, environ

    def cost(self, calls: int, call: Callable[[int], requests.Response], *, status: int) -> Cost:
        assert call(0).status_code == status
        before, began = self.cpu(), time.monotonic()
        for number in range(1, calls + 1):
            answer = call(number)
            assert answer.status_code == status, answer.text
        wall, after = time.monotonic() - began, self.cpu()
        return Cost(calls, wall, {name: after[name] - before[name] for name in after})

    def cpu(self) -> dict[str, float]:
        return {name: _seconds(child.pid) for name, child in self._parts.items()}


def _seconds(pid: int | None) -> float:
    root = psutil.Process(pid)
    times = [process.cpu_times() for process in (root, *root.children(recursive=True))]
    return sum(t.user + t.system for t in times)


@contextmanager
def serving(people: int) -> Iterator[Server]:
    with scratch.private_stack() as stack, tempfile.TemporaryDirectory() as folder:
        home, site = Path(folder), Site(port=pick())
        told = contract(kind="test", site=site, home=home, keys=keys.for_tests(), given={})
        environ = {**os.environ, **stack.env(), **told}
        script = PEOPLE.format(count=people, password=PASSWORD)
        for arguments in (["migrate", "--noinput"], ["shell", "-c", script]):
            argv = [sys.executable, "manage.py", *arguments]
            subprocess.run(argv, cwd=CHECKOUT, env=environ, check=True, capture_output=True)
        [web] = [c for c in commands(site=site, home=home, environ=environ) if c.name == "web"]
        child = Child(web, home=home)
        child.start()
        try:
            _wait(f"{site.url}/healthz")
            yield Server(
                f"{site.url}/api/v1",
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
        except requests.ConnectionError:
            time.sleep(0.2)
    raise SystemExit(f"{url} does not answer")


def show(what: str, cost: Cost) -> None:
    parts = ", ".join(f"{name} {1000 * s / cost.calls:.3f}" for name, s in cost.cpu.items())
    print(
        f"{what:38} {cost.per_thousand:7.3f} CPU-s per 1 000 ({parts}),"
        f" {1000 * cost.wall / cost.calls:.2f} ms each",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--requests", type=int, default=4000)
    parser.add_argument("--logins", type=int, default=60)
    given = parser.parse_args()
    with serving(given.logins + 1) as server, requests.Session() as client:
        tokens: list[str] = []

        def login(number: int) -> requests.Response:
            body = {"email": f"p{number}@kush.test", "password": PASSWORD}
            answer = client.post(f"{server.base}/auth/login", json=body, timeout=30)
            tokens.append(answer.json()["accessToken"])
            return answer

        def me(suffix: str) -> Callable[[int], requests.Response]:
            def call(number: int) -> requests.Response:  # in turns: each has a limit of their own
                headers = {"Authorization": f"Bearer {tokens[number % len(tokens)]}{suffix}"}
                return client.get(f"{server.base}/auth/me", headers=headers, timeout=30)

            return call

        def healthz(_: int) -> requests.Response:
            return client.get(f"{server.base.removesuffix('/api/v1')}/healthz", timeout=30)

        signing_in = server.cost(given.logins, login, status=200)
        bare = server.cost(given.requests, healthz, status=200)
        known = server.cost(given.requests, me(""), status=200)
        forged = server.cost(given.requests, me("x"), status=401)
        show("healthz: Django and nothing else", bare)
        show("auth/me: a signed-in request", known)
        show("auth/me with a forged token", forged)
        show("auth/login: Argon2 and a session", signing_in)
        print(f"signed in over bare: {known.per_thousand / bare.per_thousand:.2f}")


if __name__ == "__main__":
    main()
