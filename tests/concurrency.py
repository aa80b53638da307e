"""Helpers for tests of races: calls that run together, and meeting points inside the code."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

from django.db import connections

PATIENCE_SECONDS = 60


def at_once(
    call: Callable[[Any], Any], things: Iterable[Any], *, threads: int | None = None
) -> list[Any]:
    """Return the results of a call on each thing, each with database connections of its own.

    All calls start together, unless there are fewer `threads` than things.
    """
    things = list(things)
    start = Barrier(len(things) if threads is None else 1)

    def run(thing: Any) -> Any:
        start.wait(PATIENCE_SECONDS)
        try:
            return call(thing)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads or len(things)) as pool:
        return list(pool.map(run, things))


@contextmanager
def meeting(monkeypatch: Any, module: Any, name: str, *, parties: int = 2) -> Iterator[None]:
    """Make so many callers of a function wait for one another before any goes on."""
    barrier = Barrier(parties)
    real = getattr(module, name)

    def late(*args: Any, **kwargs: Any) -> Any:
        barrier.wait(PATIENCE_SECONDS)
        return real(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(module, name, late)
        yield
