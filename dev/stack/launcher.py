"""Launcher of `make run`, which starts, supervises and stops the stack and the site."""

import http.client
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from dev.stack import frontend, keys, ports, programs, sandbox, stale_processes, terminal
from dev.stack.child import Child, ChildError
from dev.stack.environment import Site, contract
from dev.stack.lock import STOPPING, Lock
from dev.stack.stack import Stack
from dev.stack.supervisor import Supervisor

POLL_SECONDS = 0.1
STEP_SECONDS = 600
READY_SECONDS = 120


class PortTakenError(RuntimeError):
    """Site's port that is already in use."""


class Interrupted(Exception):
    """Request to stop: Ctrl-C, SIGTERM or a closed terminal."""


class Launcher:
    """Run of the site in `home`, the checkout's `.local/`."""

    def __init__(self, home: Path, *, site: Site) -> None:
        self._home = home
        self._site = site
        self._lock = Lock(home / "lock")
        self._supervisor = Supervisor(report=terminal.print_progress)
        self._interrupted = False

    def run(self) -> None:
        """Start the stack and the site, and supervise them until a signal arrives.

        Raises:
            AlreadyRunningError: another launcher runs in this checkout.
            PortTakenError: the site's port is in use.
            ChildError: a process did not start.
            BuildError: the front end could not be built.
        """
        self._listen_to_signals()
        began = time.monotonic()
        self._lock.take()
        self._lock.describe(self._site.url)
        try:
            self._bring_up()
            terminal.print_ready(self._site, seconds=time.monotonic() - began)
            while True:
                self._pause()
        except Interrupted:
            terminal.print_progress("stopping")
        finally:
            self._lock.describe(STOPPING)
            self._supervisor.stop()

    def _bring_up(self) -> None:
        ended = stale_processes.end_all(self._home / "run")
        if ended:
            terminal.print_progress(f"ended processes of an earlier run: {', '.join(ended)}")
        if not ports.is_free(self._site.port, host=self._site.host):
            port = self._site.port
            raise PortTakenError(f"port {port} is taken; choose another: make run PORT={port + 1}")
        frontend.build(report=terminal.print_progress)
        environ = self._start_stack()
        for step in ("migrate", "seed_demo"):
            self._run_step(step, environ)
        self._start_site(environ)

    def _start_stack(self) -> dict[str, str]:
        terminal.print_progress("starting PostgreSQL, Valkey and S3")
        secrets = keys.load_or_create(self._home / "secrets.env")
        given = dict(os.environ)
        stack = Stack(self._home, keys=secrets, given=given)
        for part in stack.parts:
            # Each server has a tier of its own, so that they stop one by one, the last one first.
            self._supervisor.adopt([part.child])
        stack.start()
        environ = stack.env() | contract(
            kind="embedded", site=self._site, home=self._home, keys=secrets, given=given
        )
        port = ports.PortMemory(self._home / "ports.json").claim("sandbox")
        environ |= sandbox.variables(port=port, site=self._site, keys=secrets, given=given)
        keys.write_env_file(self._home / "env", environ)
        return environ

    def _run_step(self, step: str, environ: dict[str, str]) -> None:
        terminal.print_progress(f"manage.py {step}")
        options = ["--noinput"] if step == "migrate" else []
        child = Child(
            programs.manage_command(step, step, *options, environ=environ), home=self._home
        )
        child.start()
        try:
            self._wait(lambda: not child.alive, what=step, seconds=STEP_SECONDS)
            if child.exit_code:
                raise ChildError(f"manage.py {step} failed:\n{child.log_tail()}")
        finally:
            child.stop()

    def _start_site(self, environ: dict[str, str]) -> None:
        terminal.print_progress("starting web, workers and beat")
        table = programs.commands(site=self._site, home=self._home, environ=environ)
        children = [Child(command, home=self._home) for command in table]
        self._supervisor.adopt(children)
        for child in children:
            child.start()
        try:
            self._wait(self._is_ready, what="the site", seconds=READY_SECONDS)
        except ChildError as error:
            raise ChildError(f"{error}\n{children[0].log_tail()}") from error

    def _is_ready(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self._site.port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            answer = connection.getresponse()
            return answer.status == http.HTTPStatus.OK and _all_ready(answer.read())
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _wait(self, done: Callable[[], bool], *, what: str, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not done():
            if time.monotonic() > deadline:
                raise ChildError(f"{what} was not ready in {seconds:.0f} s; see {self._home}/log")
            self._pause()

    def _pause(self) -> None:
        """Supervise the children once, then sleep for `POLL_SECONDS`.

        Raises:
            Interrupted: a signal has arrived.
        """
        if self._interrupted:
            raise Interrupted
        self._supervisor.check()
        time.sleep(POLL_SECONDS)

    def _listen_to_signals(self) -> None:
        # The handler sets a flag, because an exception could arrive between the start of a child
        # and the record of its pid.
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(signum, self._interrupt)

    def _interrupt(self, _signum: int, _frame: FrameType | None) -> None:
        self._interrupted = True


def _all_ready(answer: bytes) -> bool:
    """Return whether all checks of `/readyz` pass; the workers may be ready after the site."""
    try:
        checks = json.loads(answer).get("checks", {})
    except (ValueError, AttributeError):
        return True
    return all(check["ok"] for check in checks.values())


def reset(home: Path) -> None:
    """End leftover processes and delete `home`.

    Raises:
        AlreadyRunningError: a launcher runs in this checkout.
    """
    if not home.exists():
        return
    Lock(home / "lock").take()
    stale_processes.end_all(home / "run")
    shutil.rmtree(home)
    sys.stdout.write(f"deleted {home.name}\n")
