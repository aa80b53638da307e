"""Chromium for the browser tests, installed on the machine or from its distribution."""

import os
import shutil
import subprocess
from collections.abc import Callable

NAMES = ("chromium", "chromium-browser", "google-chrome")


class ChromiumError(RuntimeError):
    """Missing Chromium that cannot be installed automatically; the message names the remedy."""


def find_chromium() -> str | None:
    """Return the path of Chromium: CHROMIUM_PATH, or the first of the usual names."""
    candidates = (os.environ.get("CHROMIUM_PATH", ""), *NAMES)
    return next((found for name in candidates if name and (found := shutil.which(name))), None)


def ensure(*, report: Callable[[str], None]) -> str:
    """Return the path of Chromium, after installing it if this process is root on Debian.

    Raises:
        ChromiumError: no Chromium, and no way to install it.
    """
    path = find_chromium()
    if path:
        return path
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise ChromiumError(
            "the browser tests need Chromium: install it, or name it in CHROMIUM_PATH "
            "(on Debian: sudo apt-get install chromium)"
        )
    report("installing Chromium")
    _apt_get("update")
    _apt_get("install", "-y", "--no-install-recommends", "chromium")
    path = find_chromium()
    if path is None:
        raise ChromiumError("the chromium package was installed but contains no chromium")
    return path


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
