"""Chromium for the browser tests, from the machine or from its distribution."""

import os
import shutil
import subprocess
from collections.abc import Callable

NAMES = ("chromium", "chromium-browser", "google-chrome")


class ChromiumError(RuntimeError):
    """There is no Chromium, and we cannot install one; the message says what to do."""


def find() -> str | None:
    """Its path: CHROMIUM_PATH, or the first of the usual names."""
    candidates = (os.environ.get("CHROMIUM_PATH", ""), *NAMES)
    return next((found for name in candidates if name and (found := shutil.which(name))), None)


def ensure(*, tell: Callable[[str], None]) -> str:
    """Its path, after installing it where that is ours to do. Raises ChromiumError."""
    found = find()
    if found:
        return found
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise ChromiumError(
            "the browser tests need Chromium: install it, or name it in CHROMIUM_PATH "
            "(on Debian: sudo apt-get install chromium)"
        )
    tell("installing Chromium")
    _apt_get("update")
    _apt_get("install", "-y", "--no-install-recommends", "chromium")
    found = find()
    if found is None:
        raise ChromiumError("the chromium package was installed and brought no chromium")
    return found


def _apt_get(*arguments: str) -> None:
    done = subprocess.run(
        ["apt-get", "-q", *arguments],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ChromiumError(f"apt-get {arguments[0]} failed:\n{done.stderr[-2000:]}")
