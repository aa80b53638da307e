"""The environment and the resource limits of the tools that decode files from outside.

A decoder that a crafted file takes over must find no secret and must not exhaust the machine. A
tool therefore starts with a short environment of its own, and `tether.py` lowers its limits and
sets `no_new_privs` before it becomes the tool.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

GIB = 1024**3
# Variables a tool may need from ours: where libraries and certificates of a custom build are.
INHERITED = ("LD_LIBRARY_PATH", "PATH", "SSL_CERT_DIR", "SSL_CERT_FILE")
DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin"
# A 40-megapixel source in all rungs takes some 3 GiB; threads reserve more than they touch.
MEMORY_BYTES = 8 * GIB
MEMORY_BYTES_PER_CPU = GIB // 2
# The largest file we have a tool write is a film's whole sound, below 1 GiB.
LARGEST_FILE_BYTES = 4 * GIB
OPEN_FILES = 512
CPU_SECONDS_SPARE = 60


def tool_environment(environ: Mapping[str, str], *, scratch: Path) -> dict[str, str]:
    """Return the whole environment of a tool. `scratch` is the one folder it may call its own."""
    own = {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "HOME": str(scratch), "TMPDIR": str(scratch)}
    inherited = {name: environ[name] for name in INHERITED if environ.get(name)}
    # glibc reserves an arena for each thread otherwise, which counts as address space.
    return {"PATH": DEFAULT_PATH, **inherited, **own, "MALLOC_ARENA_MAX": "4"}


def tool_limits(*, timeout_seconds: float) -> str:
    """Return what `tether.py` sets, as `NAME=value` pairs of the `resource` module's RLIMITs.

    `ENCODE_TOOL_MEMORY_BYTES` in our environment overrides the address space, 0 lifts it.
    """
    cpus = os.cpu_count() or 1
    memory = int(
        os.environ.get("ENCODE_TOOL_MEMORY_BYTES") or MEMORY_BYTES + cpus * MEMORY_BYTES_PER_CPU
    )
    limits = {
        "CPU": int(timeout_seconds) * cpus + CPU_SECONDS_SPARE,
        "FSIZE": LARGEST_FILE_BYTES,
        "NOFILE": OPEN_FILES,
        "CORE": 0,
    }
    if memory:
        limits["AS"] = memory
    return ",".join(f"{name}={value}" for name, value in limits.items())
