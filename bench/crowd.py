"""Load of many clients, and its cost: CPU seconds of web, database and cache.

Requests use 64 keep-alive connections over loopback. The cost of the client process is not counted,
but on a small machine it competes for the processor, which increases the response times.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from serving import Server

CONNECTIONS = 64
# CPU seconds of 1,000 bare Django views on the machine of the targets. A cost in bare views of its
# own machine can be compared between machines with different processors.
BARE_OF_TARGETS = 0.13


@dataclass(frozen=True)
class Request:
    """Request of a client."""

    path: str
    token: str = ""
    method: str = "GET"
    body: object = None
    cookie: str = ""

    def bytes(self, host: str) -> bytes:
        body = b"" if self.body is None else json.dumps(self.body).encode()
        lines = [
            f"{self.method} {self.path} HTTP/1.1",
            f"Host: {host}",
            "Accept-Encoding: gzip, br",
        ]
        lines += [f"Authorization: Bearer {self.token}"] if self.token else []
        lines += [f"Cookie: {self.cookie}"] if self.cookie else []
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"] if body else []
        return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass(frozen=True)
class Row:
    """Row of the table. `request` returns the n-th request; `share` scales their number."""

    name: str
    request: Callable[[int], Request]
    most_seconds: float | None = None  # CPU seconds for 1,000 requests
    share: float = 1.0
    status: int = 200


# The event loop answers /healthz itself, so a plain text page is Django's cheapest answer.
BARE = Row("robots.txt: a bare Django page", lambda _: Request("/robots.txt"))


@dataclass(frozen=True)
class Cost:
    cpu: dict[str, float]  # seconds for 1,000 requests, by process
    p50: float  # milliseconds
    p95: float

    @property
    def total(self) -> float:
        return sum(self.cpu.values())


def measure(server: Server, row: Row, *, requests: int, first: int = 0) -> Cost:
    """Measure a row from its `first` request on, without repeating one."""
    count = max(CONNECTIONS, int(requests * row.share))
    begun = first + min(1000, count)
    # The first requests bring the row's answers into memory, as on a busy site.
    asyncio.run(_crowd(server.site, row, range(first, begun)))
    before = server.cpu()
    times = asyncio.run(_crowd(server.site, row, range(begun, begun + count)))
    after = server.cpu()
    cut = statistics.quantiles(times, n=20)
    cpu = {part: 1000 * (after[part] - before[part]) / count for part in after}
    return Cost(cpu, p50=cut[9], p95=cut[18])


async def _crowd(site: str, row: Row, numbers: range) -> list[float]:
    """Return the milliseconds of each request.

    Raises:
        AssertionError: an answer has another status than the row's.
    """
    shared = iter(numbers)
    lists = await asyncio.gather(*(_one(site, row, shared) for _ in range(CONNECTIONS)))
    return [took for times in lists for took in times]


async def _one(site: str, row: Row, numbers: Iterator[int]) -> list[float]:
    host = urlsplit(site)
    reader, writer = await asyncio.open_connection(host.hostname, host.port)
    times = []
    for number in numbers:
        request = row.request(number)
        sent_at = time.perf_counter()
        writer.write(request.bytes(host.netloc))
        status, body = await _answer(reader)
        times.append(1000 * (time.perf_counter() - sent_at))
        assert status == row.status, f"{request.path}: {status} {body[:200]!r}"
    writer.close()
    return times


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
    return int(head.split(b" ", 2)[1]), await reader.readexactly(length)


def table(server: Server, rows: list[Row], *, requests: int, rounds: int = 1) -> None:
    """Print a table of rows, each in turn with a bare view.

    A machine's speed can double within seconds, so a row is compared with the bare view next to it.
    """
    rounds_of: dict[str, list[tuple[Cost, Cost]]] = {row.name: [] for row in (BARE, *rows)}
    for number in range(rounds):
        for row in rows:
            bare = measure(server, BARE, requests=requests)
            rounds_of[BARE.name].append((bare, bare))
            first = 2 * requests * number
            cost = measure(server, row, requests=requests, first=first)
            rounds_of[row.name].append((cost, bare))
    for row in (BARE, *rows):
        cost, bare = _median(rounds_of[row.name])
        show(row, cost, bare=bare)


def _median(rounds: list[tuple[Cost, Cost]]) -> tuple[Cost, Cost]:
    """Return the round with the median cost in bare views; for bare views, the median cost."""
    by_cost = sorted(rounds, key=lambda pair: pair[0].total)
    return sorted(by_cost, key=lambda pair: pair[0].total / pair[1].total)[len(rounds) // 2]


def show(row: Row, cost: Cost, *, bare: Cost) -> None:
    parts = ", ".join(f"{part} {seconds:.3f}" for part, seconds in cost.cpu.items())
    print(f"{row.name:32} {cost.total:7.3f} CPU-s per 1 000 ({parts})  "
          f"p50 {cost.p50:6.1f} ms  p95 {cost.p95:6.1f} ms  "
          f"{cost.total / bare.total:5.2f} bare views{_target(row, cost, bare)}",
          flush=True)  # fmt: skip


def _target(row: Row, cost: Cost, bare: Cost) -> str:
    if row.most_seconds is None:
        return ""
    most = row.most_seconds / BARE_OF_TARGETS
    over = [
        name
        for name, is_over in (
            ("OVER in seconds", cost.total > row.most_seconds),
            ("OVER in bare views", cost.total / bare.total > most),
        )
        if is_over
    ]
    return f"  target {row.most_seconds} s, {most:.2f} views: {', '.join(over) or 'held'}"
