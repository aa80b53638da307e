"""Work on many requests at once: one round trip and one commit for all that wait."""

import asyncio
import logging
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from django.db import connection

logger = logging.getLogger(__name__)

Item = TypeVar("Item")
Result = TypeVar("Result")
# Enough to share the cost of a round trip and a commit, few enough that nobody waits long.
MOST_AT_ONCE = 32
# A row that another transaction holds must not keep the rest of a batch waiting; the request that
# needs it waits in one of Django's threads instead.
LOCK_MILLISECONDS = 100


class Batches(Generic[Item, Result]):
    """A thread that does `work` for all items that arrived while it was busy.

    `work` returns a result for each item, in order. The thread starts with the first item, so that
    a process that forks before has none.
    """

    def __init__(self, work: Callable[[list[Item]], list[Result | None]], *, name: str) -> None:
        self._work = work
        self._name = name
        self._waiting: SimpleQueue[tuple[Item, asyncio.Future[Result | None]]] = SimpleQueue()
        self._is_started = False

    async def result_of(self, item: Item) -> Result | None:
        """Return the result of an item; None where its batch failed. Called by one event loop."""
        loop = asyncio.get_running_loop()
        if not self._is_started:
            self._is_started = True
            threading.Thread(target=self._run, args=(loop,), name=self._name, daemon=True).start()
        future: asyncio.Future[Result | None] = loop.create_future()
        self._waiting.put((item, future))
        return await future

    def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        _limit_lock_waits()
        while True:
            batch = self._next_batch()
            results = self._results([item for item, _ in batch])
            loop.call_soon_threadsafe(_resolve, [future for _, future in batch], results)

    def _next_batch(self) -> list[tuple[Item, asyncio.Future[Result | None]]]:
        batch = [self._waiting.get()]
        try:
            while len(batch) < MOST_AT_ONCE:
                batch.append(self._waiting.get_nowait())
        except Empty:
            pass
        return batch

    def _results(self, items: list[Item]) -> list[Result | None]:
        try:
            connection.close_if_unusable_or_obsolete()
            return self._work(items)
        except Exception:
            logger.exception("a batch of %s failed", self._name)
            return [None] * len(items)


def _limit_lock_waits() -> None:
    """Give this thread's database connections a short `lock_timeout`."""
    options = connection.settings_dict["OPTIONS"]
    limited = f"{options.get('options', '')} -c lock_timeout={LOCK_MILLISECONDS}"
    connection.settings_dict = {
        **connection.settings_dict,
        "OPTIONS": {**options, "options": limited},
    }


def _resolve(futures: list[asyncio.Future[Result | None]], results: list[Result | None]) -> None:
    for future, result in zip(futures, results, strict=True):
        if not future.done():  # its client may have gone
            future.set_result(result)
