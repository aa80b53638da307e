"""Makes `.venv` hold exactly what `requirements/dev.txt` says. Runs on a bare Python 3.11+.

    python3 dev/stack/install.py

The standard library alone, as nothing is installed yet. pip brings uv (by hash), uv the rest.
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
    if sys.version_info < (3, 11):  # noqa: UP036 - called by hand it may be any
        sys.exit(f"Kush Films needs Python 3.11 or newer, this is {sys.version.split()[0]}")
    # The embedded PostgreSQL runs as another user when we are root, and must be able to read.
    os.umask(0o022)
    _use_git_hooks()
    wanted = _checksum()
    if STAMP.exists() and STAMP.read_text() == wanted:
        return
    sys.stdout.write("installing Python packages into .venv\n")
    sys.stdout.flush()
    STAMP.unlink(missing_ok=True)
    if not _runs(PYTHON):
        _create_environment()
    if not _runs(UV):
        _pip("install", "--quiet", "--require-hashes", "--only-binary=:all:", "-r", str(BOOTSTRAP))
    # Compiled here and not at the first import of six processes at once.
    options = ["--require-hashes", "--compile-bytecode", "--quiet", "--python", str(PYTHON)]
    _call([str(UV), "pip", "sync", *options, str(LOCK)], env={**os.environ, **_index()})
    _put_checkout_on_path()
    STAMP.write_text(wanted)


def _use_git_hooks() -> None:
    """Point Git at this repository's hooks, unless the developer has chosen others."""
    config = ["git", "-C", str(CHECKOUT), "config", "--local", "core.hooksPath"]
    if shutil.which("git") is None or not (CHECKOUT / ".git").exists():
        return
    if subprocess.run(config, capture_output=True, check=False).returncode:
        subprocess.run([*config, "dev/git_hooks"], capture_output=True, check=False)


def _checksum() -> str:
    # The path too: scripts in an environment name it, so one that was moved is no use.
    told = f"{sys.version_info[:2]}{VENV}".encode()
    return hashlib.sha256(told + BOOTSTRAP.read_bytes() + LOCK.read_bytes()).hexdigest()


def _create_environment() -> None:
    if importlib.util.find_spec("ensurepip") is None:
        sys.exit("this Python lacks its venv module; on Debian or Ubuntu: apt install python3-venv")
    venv.create(VENV, clear=True, with_pip=True, symlinks=True)


def _put_checkout_on_path() -> None:
    # So that bare commands (pytest with its plugin option, celery) find our packages from anywhere.
    asked = [str(PYTHON), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    (Path(packages) / "kushfilms.pth").write_text(f"{CHECKOUT}\n")


def _index() -> dict[str, str]:
    """Where pip is told to take packages from, uv should too; it does not read pip's settings."""
    if any(name in os.environ for name in ("UV_INDEX_URL", "UV_DEFAULT_INDEX")):
        return {}
    asked = [str(PYTHON), "-m", "pip", "config", "get"]
    for setting in ("install.index-url", "global.index-url", ":env:.index-url"):
        answer = subprocess.run([*asked, setting], capture_output=True, text=True, check=False)
        if answer.returncode == 0:
            return {"UV_DEFAULT_INDEX": answer.stdout.strip()}
    return {}


def _pip(*arguments: str) -> None:
    _call([str(PYTHON), "-m", "pip", "--disable-pip-version-check", *arguments])


def _call(command: list[str], *, env: dict[str, str] | None = None) -> None:
    done = subprocess.run(command, env=env, check=False)
    if done.returncode:
        sys.exit(f"installing failed: {' '.join(command[:3])} ended with {done.returncode}")


def _runs(program: Path) -> bool:
    try:
        return (
            subprocess.run([program, "--version"], capture_output=True, check=False).returncode == 0
        )
    except OSError:
        return False


if __name__ == "__main__":
    main()
