"""Cluster with a migrated `template1`, so that every database in a copy of it has the tables.

Migrating takes 15 s of processor time, and each worker and each private stack of a test run needs
it. So it is done once and cached until a migration, a setting or a package changes.
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

CACHE = LOCAL / "migrated"


def copy_to(home: Path) -> None:
    """Copy the migrated cluster into `home`, before its stack starts.

    Raises:
        ChildError: the migrations failed.
    """
    CACHE.mkdir(parents=True, exist_ok=True)
    cached = CACHE / checksum()
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not cached.exists():
            _make(cached, draft=CACHE / "new")
        # `cp -a` keeps the owner, who is PostgreSQL's user.
        subprocess.run(["cp", "-a", cached, home / "postgres"], check=True)


def checksum() -> str:
    """Return the checksum of all files that determine the tables and the access to them."""
    digest = hashlib.sha256()
    settings = CHECKOUT / "kushfilms" / "settings.py"
    for file in (LOCK, settings, Path(cluster.__file__), Path(keys.__file__), *_migrations()):
        digest.update(f"{file.relative_to(CHECKOUT)}\n".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def _migrations() -> Iterator[Path]:
    for app in sorted(CHECKOUT.glob("*/__init__.py")):
        yield from sorted(app.parent.rglob("migrations/*.py"))


def _make(target: Path, *, draft: Path) -> None:
    # Existing folders have other migrations, or come from a run that was killed at this point.
    for old in CACHE.iterdir():
        if old.is_dir():
            stale_processes.end_all(old / "run")
            shutil.rmtree(old)
    draft.mkdir()
    stack = Stack(draft, keys=keys.for_tests(), fast=True)
    stack.start()
    try:
        template = stack.env()["DATABASE_URL"].removesuffix(DATABASE) + "template1"
        _migrate(template, environ=stack.env(), home=draft)
        with psycopg.connect(template, autocommit=True) as connection:
            # It was created before the tables; the start of a copy creates it again.
            connection.execute(f"DROP DATABASE {DATABASE}")
    finally:
        stack.stop()
    (draft / "postgres").rename(target)
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
