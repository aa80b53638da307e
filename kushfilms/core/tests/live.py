"""A real web server over the stack of the tests, for effects that only sockets show."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from dev.stack.paths import CHECKOUT

THREADS = 4
READY_SECONDS = 60


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port: int = server.getsockname()[1]
        return port


@contextmanager
def web_server(
    home: Path, environ: Mapping[str, str] | None = None, *, threads: int = THREADS
) -> Iterator[int]:
    """Run one granian worker with so many threads; yield its port on loopback."""
    port = free_port()
    given = {**os.environ, **(environ or {}), "WEB_THREADS": str(threads)}
    command = ["granian", "--interface", "asginl", "--no-ws", "--port", str(port),
               "kushfilms.asgi:application"]  # fmt: skip
    with (home / "web.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=CHECKOUT, env=given, stdout=log, stderr=log
        )
        try:
            _wait_ready(port, process, log=home / "web.log")
            yield port
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_ready(port: int, process: "subprocess.Popen[bytes]", *, log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        try:
            if ask(port, "GET", "/healthz", timeout=2)[0] == 200:
                return
        except (OSError, HTTPException):
            time.sleep(0.2)
    raise AssertionError(log.read_text())


def ask(
    port: int,
    method: str,
    path: str,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    *,
    timeout: float = 30,
) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers by lower-case name, and body. Raises OSError after the timeout."""
    connection = HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(method, path, body, dict(headers or {}))
        answer = connection.getresponse()
        started = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, started, answer.read()
    finally:
        connection.close()
