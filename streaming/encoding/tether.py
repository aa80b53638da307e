"""Run a command that dies with its parent, even when the parent is killed with SIGKILL.

    python -I -S tether.py [--parent PID] [--user NAME] [--limits AS=8589934592,CORE=0]
                           [--no-new-privileges] SIGTERM command args...

`--limits` lowers resource limits (`confinement.tool_limits`). With `--no-new-privileges` neither
the command nor its children can gain rights by an exec. `--user` gives up root first, because a
change of user clears the tie to the parent.

The kernel sends the signal when the *thread* that forked this process ends. So the caller starts it
from a thread that waits for it (`tools.run`), or from its main thread. Where the kernel offers no
such tie (macOS), the command runs untied, and the caller must clean up.

This is a script and not a function, because `preexec_fn` is unsafe in a process with threads and an
exec is not. It uses the standard library only, as it runs outside the project's environment, and
costs about 20 ms.
"""

import ctypes
import os
import pwd
import resource
import signal
import sys
import warnings  # noqa: F401  `execvp` imports it, and it may be unreadable after `--user`.

PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38
HARD_CPU_SECONDS = 5
EXIT_PARENT_IS_GONE = 125
EXIT_CANNOT_RUN = 127


def become(user: str) -> None:
    """Change to `user` for good, without any other groups.

    Raises:
        KeyError: no such user.
        PermissionError: the process is not root.
    """
    entry = pwd.getpwnam(user)
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


def tie_to_parent(signum: signal.Signals, *, parent: int) -> None:
    """Ask the kernel to send `signum` when the parent ends; exit if it has already ended."""
    # A shell that starts a background process ignores SIGINT for it, and an exec would keep that.
    if signum != signal.SIGKILL:
        signal.signal(signum, signal.SIG_DFL)
    _prctl(PR_SET_PDEATHSIG, signum)
    if os.getppid() != parent:
        sys.exit(EXIT_PARENT_IS_GONE)  # it ended before the kernel knew of the tie


def lower_limits(limits: str) -> None:
    """Set each limit, soft and hard. A limit that is already lower stays as it is."""
    for pair in filter(None, limits.split(",")):
        name, _, value = pair.partition("=")
        kind = getattr(resource, f"RLIMIT_{name}")
        soft = int(value)
        # SIGXCPU shows why the command ended; SIGKILL follows at the hard limit.
        hard = soft + (HARD_CPU_SECONDS if name == "CPU" else 0)
        present = resource.getrlimit(kind)[1]
        if present != resource.RLIM_INFINITY:
            soft = min(soft, present)
            hard = min(hard, present)
        resource.setrlimit(kind, (soft, hard))


def _prctl(option: int, value: int) -> None:
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), f"prctl({option})")


def main(arguments: list[str]) -> None:
    parent = os.getppid()
    limits = ""
    no_new_privileges = False
    while arguments[0].startswith("--"):
        option = arguments.pop(0)
        if option == "--no-new-privileges":
            no_new_privileges = True
        elif option == "--parent":
            parent = int(arguments.pop(0))
        elif option == "--limits":
            limits = arguments.pop(0)
        elif option == "--user":
            become(arguments.pop(0))
        else:
            sys.exit(f"tether: unknown option {option}")
    signal_name, *command = arguments
    tie_to_parent(signal.Signals[signal_name], parent=parent)
    if no_new_privileges:
        _prctl(PR_SET_NO_NEW_PRIVS, 1)
    lower_limits(limits)
    try:
        os.execvp(command[0], command)  # noqa: S606  Without a shell.
    except OSError as error:
        sys.stderr.write(f"tether: cannot run {command[0]}: {error.strerror}\n")
        sys.exit(EXIT_CANNOT_RUN)


if __name__ == "__main__":
    main(sys.argv[1:])
