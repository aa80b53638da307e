"""Command line `python -m dev.stack NAME`, which the targets of the Makefile call."""

import os
import subprocess
import sys
from collections.abc import Callable

from dev.stack import checks, frontend, keys, launcher, message_catalogs, steps, terminal
from dev.stack.child import ChildError
from dev.stack.environment import Site
from dev.stack.frontend import BuildError
from dev.stack.lock import AlreadyRunningError
from dev.stack.paths import CHECKOUT, LOCAL
from dev.stack.ports import NoFreePortError


def run_site() -> None:
    """Start the site on HOST and PORT, and supervise it until Ctrl-C."""
    port = os.environ.get("PORT") or "8000"
    if not port.isdecimal() or not 0 < int(port) < 65536:
        sys.exit(f"PORT={port} is not a port")
    site = Site(host=os.environ.get("HOST") or "127.0.0.1", port=int(port))
    launcher.Launcher(LOCAL, site=site).run()


def run_manage() -> None:
    """Run `manage.py` with the given arguments on the stack that runs, or last ran, here."""
    env_file = LOCAL / "env"
    if not env_file.exists():
        sys.exit("no stack has run here yet; start one with `make run`")
    environ = {**keys.read_env_file(env_file), **os.environ}
    done = subprocess.run(
        [sys.executable, "manage.py", *sys.argv[2:]], cwd=CHECKOUT, env=environ, check=False
    )
    sys.exit(done.returncode)


def _check(make_steps: Callable[[], list[steps.Step]]) -> Callable[[], None]:
    return lambda: sys.exit(0 if steps.run_steps(make_steps()) else 1)


COMMANDS: dict[str, Callable[[], None]] = {
    "run": run_site,
    "reset": lambda: launcher.reset(LOCAL),
    "build": lambda: frontend.build(report=terminal.print_progress),
    "manage": run_manage,
    "messages": message_catalogs.update,
    "lint": _check(checks.static),
    "schema": _check(checks.schema),
    "test": _check(checks.everything),
    "soak": _check(checks.soak),
}


def main() -> None:
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in COMMANDS:
        sys.exit(f"usage: python -m dev.stack {'|'.join(COMMANDS)}")
    try:
        COMMANDS[name]()
    except (
        AlreadyRunningError,
        BuildError,
        ChildError,
        NoFreePortError,
        launcher.PortTakenError,
    ) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
