"""Run a command that dies with its parent, even when the parent is killed with SIGKILL.

    python -I -S tether.py SIGKILL <pid of the parent> AS=8589934592,CORE=0 ffmpeg ...

The third argument lowers resource limits (`confinement.tool_limits`), and neither the command nor
what it starts can gain rights by an exec.

The kernel sends the signal when the *thread* that forked us ends, so the caller starts the
process from a thread that waits for it (tools.run does). Linux only; elsewhere it just execs.
Standard library only: this file runs outside the project's environment. Costs about 20 ms.
"""

import ctypes
import os
import resource
import signal
import sys

PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38
HARD_CPU_SECONDS = 5


def lower(limits: str) -> None:
    """Set each limit, soft and hard; one that is lower already stays as it is."""
    for pair in filter(None, limits.split(",")):
        name, _, value = pair.partition("=")
        kind = getattr(resource, f"RLIMIT_{name}")
        # SIGXCPU tells what ended the command; SIGKILL follows at the hard limit.
        soft, hard = int(value), int(value) + (HARD_CPU_SECONDS if name == "CPU" else 0)
        given = resource.getrlimit(kind)[1]
        if given != resource.RLIM_INFINITY:
            soft, hard = min(soft, given), min(hard, given)
        resource.setrlimit(kind, (soft, hard))


def main() -> None:
    parent = int(sys.argv[2])
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(PR_SET_PDEATHSIG, signal.Signals[sys.argv[1]], 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
        if os.getppid() != parent:
            sys.exit(125)  # the parent died before the kernel knew of us
        if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl(PR_SET_NO_NEW_PRIVS)")
    lower(sys.argv[3])
    os.execv(sys.argv[4], sys.argv[4:])  # noqa: S606  # replacing ourselves is the purpose


main()
