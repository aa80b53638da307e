"""Installer that syncs `.venv` with `requirements/dev.txt`. Runs on a bare Python 3.11+.

    python3 dev/stack/install.py

It uses the standard library only, because no package is installed yet. pip installs uv (by hash),
and uv installs the rest.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = VENV / "bin" / "uv"
BOOTSTRAP = CHECKOUT / "requirements" / "bootstrap.txt"
LOCK = CHECKOUT / "requirements" / "dev.txt"
STAMP = VENV / "installed-from"


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036  The interpreter may be any when called by hand.
        sys.exit(f"Kush Films needs Python 3.11 or newer, this is {sys.version.split()[0]}")
    # For root, PostgreSQL runs as another user, who must be able to read the environment.
    os.umask(0o022)
    _use_git_hooks()
    checksum = _checksum()
    if STAMP.exists() and STAMP.read_text() == checksum:
        return
    sys.stdout.write("installing Python packages into .venv\n")
    sys.stdout.flush()
    STAMP.unlink(missing_ok=True)
    if not _runs(PYTHON):
        _create_environment()
    if not _runs(UV):
        _pip("install", "--quiet", "--require-hashes", "--only-binary=:all:", "-r", str(BOOTSTRAP))
    # Bytecode is compiled here, and not by six processes at once at their first import.
    options = ["--require-hashes", "--compile-bytecode", "--quiet", "--python", str(PYTHON)]
    _call([str(UV), "pip", "sync", *options, str(LOCK)], env={**os.environ, **_index()})
    _put_checkout_on_path()
    STAMP.write_text(checksum)


def _use_git_hooks() -> None:
    """Point Git at this repository's hooks, unless the developer has chosen others."""
    config = ["git", "-C", str(CHECKOUT), "config", "--local", "core.hooksPath"]
    if shutil.which("git") is None or not (CHECKOUT / ".git").exists():
        return
    if subprocess.run(config, capture_output=True, check=False).returncode:
        subprocess.run([*config, "dev/git_hooks"], capture_output=True, check=False)


def _checksum() -> str:
    # The path is part of it, because scripts in an environment contain it, so that a moved one
    # does not work.
    location = f"{sys.version_info[:2]}{VENV}".encode()
    return hashlib.sha256(location + BOOTSTRAP.read_bytes() + LOCK.read_bytes()).hexdigest()


def _create_environment() -> None:
    if importlib.util.find_spec("ensurepip") is None:
        sys.exit("this Python has no venv module; on Debian or Ubuntu: apt install python3-venv")
    venv.create(VENV, clear=True, with_pip=True, symlinks=True)


def _put_checkout_on_path() -> None:
    # With this, bare commands (pytest with its plugin option, celery) find our packages from any
    # folder.
    query = [str(PYTHON), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = subprocess.run(query, capture_output=True, text=True, check=True).stdout.strip()
    (Path(packages) / "kushfilms.pth").write_text(f"{CHECKOUT}\n")


def _index() -> dict[str, str]:
    """Return pip's package index as a setting for uv, which does not read pip's settings."""
    if any(name in os.environ for name in ("UV_INDEX_URL", "UV_DEFAULT_INDEX")):
        return {}
    query = [str(PYTHON), "-m", "pip", "config", "get"]
    for setting in ("install.index-url", "global.index-url", ":env:.index-url"):
        answer = subprocess.run([*query, setting], capture_output=True, text=True, check=False)
        if answer.returncode == 0:
            return {"UV_DEFAULT_INDEX": answer.stdout.strip()}
    return {}


def _pip(*arguments: str) -> None:
    _call([str(PYTHON), "-m", "pip", "--disable-pip-version-check", *arguments])


def _call(command: list[str], *, env: dict[str, str] | None = None) -> None:
    done = subprocess.run(command, env=env, check=False)
    if done.returncode:
        sys.exit(f"installation failed: {' '.join(command[:3])} exited with {done.returncode}")


def _runs(program: Path) -> bool:
    try:
        return (
            subprocess.run([program, "--version"], capture_output=True, check=False).returncode == 0
        )
    except OSError:
        return False


if __name__ == "__main__":
    main()
