"""Cookies in production: their names, and none without HTTPS."""

import json
import os
import subprocess
import sys

NAMES = ("SESSION", "CSRF", "DEVICE", "CLIENT")
PRINT = """
import json, sys
from kushfilms import settings
print(json.dumps({name: getattr(settings, name) for name in sys.argv[1:]}))
"""


def _production(*names: str) -> dict[str, object]:
    environ = {**os.environ, "ENVIRONMENT": "production", "CDN_SIGN_SECRET": "k1:x"}
    done = subprocess.run(
        [sys.executable, "-c", PRINT, *names], env=environ, capture_output=True, check=True
    )
    values: dict[str, object] = json.loads(done.stdout)
    return values


def test_a_browser_keeps_them_to_our_host() -> None:
    names = [f"{name}_COOKIE_NAME" for name in NAMES]
    assert _production(*names) == {
        "SESSION_COOKIE_NAME": "__Host-sessionid",
        "CSRF_COOKIE_NAME": "__Host-csrftoken",
        "DEVICE_COOKIE_NAME": "__Host-device",
        "CLIENT_COOKIE_NAME": "__Host-client",
    }


def test_no_cookie_is_sent_without_https() -> None:
    names = [f"{name}_COOKIE_SECURE" for name in ("SESSION", "CSRF", "LANGUAGE")]
    assert set(_production(*names).values()) == {True}
