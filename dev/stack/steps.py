"""Runner of steps, one after another, with a table of their times."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dev.stack.paths import CHECKOUT


@dataclass(frozen=True)
class Step:
    """Named step. `run` returns whether it passed, and prints the reason if not."""

    name: str
    run: Callable[[], bool]


def run_steps(steps: Sequence[Step]) -> bool:
    """Run steps until one fails, print the times, and return whether all passed."""
    lines = []
    passed = True
    began_all = time.monotonic()
    for step in steps:
        echo(f"\n== {step.name}")
        began = time.monotonic()
        passed = step.run()
        mark = "" if passed else "   FAILED"
        lines.append(f"{time.monotonic() - began:8.1f} s  {step.name}{mark}")
        if not passed:
            break
    echo("\n" + "\n".join(lines))
    echo(f"{time.monotonic() - began_all:8.1f} s  in all")
    return passed


def run_command(*argv: str, environ: Mapping[str, str] | None = None) -> bool:
    """Run a command in the checkout on the terminal; return whether it exited with 0."""
    env = {**os.environ, **(environ or {})}
    return subprocess.run(argv, cwd=CHECKOUT, env=env, check=False).returncode == 0


def python(*arguments: str, environ: Mapping[str, str] | None = None) -> bool:
    """Run this interpreter in the checkout; return whether it exited with 0."""
    return run_command(sys.executable, *arguments, environ=environ)


def echo(text: str) -> None:
    """Print without buffering, so that a command's own output comes after it."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
