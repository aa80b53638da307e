"""Protection of a process against programs that run as the same user."""

import ctypes
import sys

PR_SET_DUMPABLE = 4


def hide_from_children() -> None:
    """Hide `/proc/<pid>/environ` and memory from processes of the same user; disable core dumps.

    Children of a fork inherit this, programs that are executed do not. Linux only.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
