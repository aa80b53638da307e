"""A cluster whose `template1` is migrated: every database made in a copy of it has its tables.

Migrating takes 15 s of a processor, and each worker and each private stack of a test run needs
it. So it is done once, and kept until a migration, a setting or a package changes.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg

from dev.stack import cluster, keys, stale_processes
from dev.stack.child import ChildError
from dev.stack.environment import Site, contract
from dev.stack.install import LOCK
from dev.stack.paths import CHECKOUT, LOCAL
from dev.stack.postgres import DATABASE
from dev.stack.stack import Stack

KEPT = LOCAL / "migrated"


def lay(home: Path) -> None:
    """Put a copy into `home`, before its stack starts. Raises ChildError."""
    KEPT.mkdir(parents=True, exist_ok=True)
    kept = KEPT / checksum()
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            _make(kept, draft=KEPT / "new")
        # Its owner is PostgreSQL's user, whom `cp` keeps.
        subprocess.run(["cp", "-a", kept, home / "postgres"], check=True)


def checksum() -> str:
    """Of all that decides what the tables are, and who may read them."""
    told = hashlib.sha256()
    settings = CHECKOUT / "kushfilms" / "settings.py"
    for file in (LOCK, settings, Path(cluster.__file__), Path(keys.__file__), *_migrations()):
        told.update(f"{file.relative_to(CHECKOUT)}\n".encode() + file.read_bytes())
    return told.hexdigest()[:16]


def _migrations() -> Iterator[Path]:
    for app in sorted(CHECKOUT.glob("*/__init__.py")):
        yield from sorted(app.parent.rglob("migrations/*.py"))


def _make(kept: Path, *, draft: Path) -> None:
    # What is there is of other migrations, or what a run that was killed right here has left.
    for old in KEPT.iterdir():
        if old.is_dir():
            stale_processes.end(old / "run")
            shutil.rmtree(old)
    draft.mkdir()
    stack = Stack(draft, keys=keys.for_tests(), fast=True)
    stack.start()
    try:
        template = stack.env()["DATABASE_URL"].removesuffix(DATABASE) + "template1"
        _migrate(template, environ=stack.env(), home=draft)
        with psycopg.connect(template, autocommit=True) as connection:
            # Made before there were tables; whoever starts a copy makes it anew.
            connection.execute(f"DROP DATABASE {DATABASE}")
    finally:
        stack.stop()
    (draft / "postgres").rename(kept)
    shutil.rmtree(draft)


def _migrate(template: str, *, environ: Mapping[str, str], home: Path) -> None:
    fixed = contract(kind="test", site=Site(), home=home, keys=keys.for_tests(), given={})
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--noinput"],
        cwd=CHECKOUT,
        env={**os.environ, **environ, **fixed, "DATABASE_URL": template},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ChildError(f"manage.py migrate failed:\n{done.stdout}{done.stderr}")
