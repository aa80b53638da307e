"""Run a command that dies with its parent, even when the parent is killed with SIGKILL.

    python -I -S tether.py SIGKILL <pid of the parent> ffmpeg ...

The kernel sends the signal when the *thread* that forked us ends, so the caller starts the
process from a thread that waits for it (tools.run does). Linux only; elsewhere it just execs.
Standard library only: this file runs outside the project's environment. Costs about 20 ms.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    parent = int(sys.argv[2])
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(PR_SET_PDEATHSIG, signal.Signals[sys.argv[1]], 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
        if os.getppid() != parent:
            sys.exit(125)  # the parent died before the kernel knew of us
    os.execv(sys.argv[3], sys.argv[3:])  # noqa: S606  # replacing ourselves is the purpose


main()
