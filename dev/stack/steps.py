"""Runs steps one after another and says what each of them cost."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dev.stack.paths import CHECKOUT


@dataclass(frozen=True)
class Step:
    """`run` answers whether it passed, and has said why if not."""

    name: str
    run: Callable[[], bool]


def run(steps: Sequence[Step]) -> bool:
    """Run until one fails, then print the times. Whether all passed."""
    lines = []
    passed = True
    began_all = time.monotonic()
    for step in steps:
        say(f"\n== {step.name}")
        began = time.monotonic()
        passed = step.run()
        mark = "" if passed else "   FAILED"
        lines.append(f"{time.monotonic() - began:8.1f} s  {step.name}{mark}")
        if not passed:
            break
    say("\n" + "\n".join(lines))
    say(f"{time.monotonic() - began_all:8.1f} s  in all")
    return passed


def command(*argv: str, environ: Mapping[str, str] | None = None) -> bool:
    """Run a command in the checkout, its output on the terminal. Whether it ended with 0."""
    env = {**os.environ, **(environ or {})}
    return subprocess.run(argv, cwd=CHECKOUT, env=env, check=False).returncode == 0


def python(*arguments: str, environ: Mapping[str, str] | None = None) -> bool:
    """`command` with this interpreter."""
    return command(sys.executable, *arguments, environ=environ)


def say(text: str) -> None:
    """Print at once, so that a command's own output comes after it."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
