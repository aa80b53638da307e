"""`make run`: from nothing to a site that answers, and back to nothing."""

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

LOOK_SECONDS = 0.1
STEP_SECONDS = 600
READY_SECONDS = 120


class PortTakenError(RuntimeError):
    """The port the site was to listen on is in use."""


class Interrupted(Exception):
    """Ctrl-C, SIGTERM or a closed terminal."""


class Launcher:
    """One run of the site in `home`, the checkout's `.local/`."""

    def __init__(self, home: Path, *, site: Site) -> None:
        self._home = home
        self._site = site
        self._lock = Lock(home / "lock")
        self._supervisor = Supervisor(tell=terminal.tell)
        self._interrupted = False

    def run(self) -> None:
        """Start everything, then watch it until a signal comes.

        Raises AlreadyRunningError, PortTakenError, ChildError or BuildError.
        """
        self._listen_to_signals()
        began = time.monotonic()
        self._lock.take()
        self._lock.say(self._site.url)
        try:
            self._bring_up()
            terminal.ready(self._site, seconds=time.monotonic() - began)
            while True:
                self._pause()
        except Interrupted:
            terminal.tell("stopping")
        finally:
            self._lock.say(STOPPING)
            self._supervisor.stop()

    def _bring_up(self) -> None:
        ended = stale_processes.end(self._home / "run")
        if ended:
            terminal.tell(f"ended what an earlier run left behind: {', '.join(ended)}")
        if not ports.is_free(self._site.port, host=self._site.host):
            port = self._site.port
            raise PortTakenError(f"port {port} is taken; choose another: make run PORT={port + 1}")
        frontend.build(tell=terminal.tell)
        environ = self._start_stack()
        for step in ("migrate", "seed_demo"):
            self._do(step, environ)
        self._start_site(environ)

    def _start_stack(self) -> dict[str, str]:
        terminal.tell("starting PostgreSQL, Valkey and S3")
        secrets = keys.load_or_create(self._home / "secrets.env")
        given = dict(os.environ)
        stack = Stack(self._home, keys=secrets, given=given)
        for part in stack.parts:
            # A tier each: they end one by one, the last started first.
            self._supervisor.adopt([part.child])
        stack.start()
        environ = stack.env() | contract(
            kind="embedded", site=self._site, home=self._home, keys=secrets, given=given
        )
        port = ports.PortMemory(self._home / "ports.json").claim("sandbox")
        environ |= sandbox.contract(port=port, site=self._site, keys=secrets, given=given)
        keys.write_env_file(self._home / "env", environ)
        return environ

    def _do(self, step: str, environ: dict[str, str]) -> None:
        terminal.tell(f"manage.py {step}")
        options = ["--noinput"] if step == "migrate" else []
        child = Child(programs.manage(step, step, *options, environ=environ), home=self._home)
        child.start()
        try:
            self._wait(lambda: not child.alive, what=step, seconds=STEP_SECONDS)
            if child.exit_code:
                raise ChildError(f"manage.py {step} failed:\n{child.last_words()}")
        finally:
            child.stop()

    def _start_site(self, environ: dict[str, str]) -> None:
        terminal.tell("starting web, workers and beat")
        table = programs.commands(site=self._site, home=self._home, environ=environ)
        children = [Child(command, home=self._home) for command in table]
        self._supervisor.adopt(children)
        for child in children:
            child.start()
        try:
            self._wait(self._is_ready, what="the site", seconds=READY_SECONDS)
        except ChildError as error:
            raise ChildError(f"{error}\n{children[0].last_words()}") from error

    def _is_ready(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self._site.port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            answer = connection.getresponse()
            return answer.status == http.HTTPStatus.OK and _all_there(answer.read())
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
        """A moment's sleep in which the children are looked after. Raises Interrupted."""
        if self._interrupted:
            raise Interrupted
        self._supervisor.look()
        time.sleep(LOOK_SECONDS)

    def _listen_to_signals(self) -> None:
        # A flag and not an exception out of the handler, which could strike between the start of
        # a child and the note of its pid.
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(signum, self._interrupt)

    def _interrupt(self, _signum: int, _frame: FrameType | None) -> None:
        self._interrupted = True


def _all_there(answer: bytes) -> bool:
    """The site may be ready before its workers are; people are told of both together."""
    try:
        checks = json.loads(answer).get("checks", {})
    except (ValueError, AttributeError):
        return True
    return all(check["ok"] for check in checks.values())


def reset(home: Path) -> None:
    """Wipe `home`, ending leftovers first. Raises AlreadyRunningError."""
    if not home.exists():
        return
    Lock(home / "lock").take()
    stale_processes.end(home / "run")
    shutil.rmtree(home)
    sys.stdout.write(f"{home.name} is gone\n")
