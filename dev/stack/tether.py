"""Run a command that dies with the process that started it.

    python -I -S dev/stack/tether.py [--user NAME] [--parent PID] SIGNAME command args...

A script and not a function: `preexec_fn` is unsafe in a process with threads, an exec is not.
It needs the standard library alone and starts in some 15 ms. Where the kernel offers no such tie
(macOS) the command runs untied, and whoever started it must clean up by its pid files.

The kernel sends the signal when the *thread* that forked us ends, so fork from the main thread.
`--user` gives up root first, because a change of user clears the tie.
"""

import ctypes
import os
import signal
import sys
import warnings  # noqa: F401 - execvp imports it, and after --user it may be out of reach

PR_SET_PDEATHSIG = 1
EXIT_CANNOT_RUN = 127


def drop_to(user: str) -> None:
    """Become `user` for good, with no group but their own. Raises KeyError, PermissionError."""
    import pwd

    entry = pwd.getpwnam(user)
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


def tie_to_parent(signum: signal.Signals, *, parent: int) -> None:
    """Ask the kernel for `signum` when our parent ends. A parent already gone ends us now."""
    # A shell that starts us in the background ignores SIGINT for us, and exec would keep that.
    if signum != signal.SIGKILL:
        signal.signal(signum, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(signum), 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(0)


def main(argv: list[str]) -> None:
    parent = os.getppid()
    while argv[0] in {"--user", "--parent"}:
        option, value, *argv = argv
        if option == "--user":
            drop_to(value)
        else:
            parent = int(value)
    signame, *command = argv
    tie_to_parent(signal.Signals[signame], parent=parent)
    try:
        os.execvp(command[0], command)  # noqa: S606 - no shell wanted
    except OSError as error:
        sys.stderr.write(f"tether: cannot run {command[0]}: {error.strerror}\n")
        sys.exit(EXIT_CANNOT_RUN)


if __name__ == "__main__":
    main(sys.argv[1:])
