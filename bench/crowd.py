"""Many clients at once, and what answering them costs: CPU seconds of web, database and cache.

Requests come over loopback on 64 keep-alive connections from a process whose own cost does not
count; on a small machine it competes for the processor all the same, which the times show.
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
# CPU seconds of 1 000 bare Django views on the machine that the targets were set on. What a row
# costs in bare views of its own machine compares where the processors differ.
BARE_OF_TARGETS = 0.13


@dataclass(frozen=True)
class Ask:
    """One request."""

    path: str
    token: str = ""
    method: str = "GET"
    body: object = None

    def bytes(self, host: str) -> bytes:
        body = b"" if self.body is None else json.dumps(self.body).encode()
        lines = [
            f"{self.method} {self.path} HTTP/1.1",
            f"Host: {host}",
            "Accept-Encoding: gzip, br",
        ]
        lines += [f"Authorization: Bearer {self.token}"] if self.token else []
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"] if body else []
        return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass(frozen=True)
class Row:
    """A line of the table. `ask` is the n-th request; `requests` as a share of what was wanted."""

    name: str
    ask: Callable[[int], Ask]
    most_seconds: float | None = None  # of CPU, for 1 000
    share: float = 1.0
    status: int = 200


# The event loop answers /healthz itself, so a plain text page is the least that Django does.
BARE = Row("robots.txt: a bare Django page", lambda _: Ask("/robots.txt"))


@dataclass(frozen=True)
class Told:
    cpu: dict[str, float]  # seconds for 1 000 requests, by part
    p50: float  # milliseconds
    p95: float

    @property
    def total(self) -> float:
        return sum(self.cpu.values())


def measure(server: Server, row: Row, *, requests: int, first: int = 0) -> Told:
    """From the row's `first` request on; none is asked twice."""
    count = max(CONNECTIONS, int(requests * row.share))
    begun = first + min(1000, count)
    # The row's own answers come into memory before it counts, as they are on any busy day.
    asyncio.run(_crowd(server.site, row, range(first, begun)))
    before = server.cpu()
    times = asyncio.run(_crowd(server.site, row, range(begun, begun + count)))
    after = server.cpu()
    cut = statistics.quantiles(times, n=20)
    cpu = {part: 1000 * (after[part] - before[part]) / count for part in after}
    return Told(cpu, p50=cut[9], p95=cut[18])


async def _crowd(site: str, row: Row, numbers: range) -> list[float]:
    """Milliseconds of each request. Raises AssertionError for another answer than the row's."""
    shared = iter(numbers)
    lists = await asyncio.gather(*(_one(site, row, shared) for _ in range(CONNECTIONS)))
    return [took for times in lists for took in times]


async def _one(site: str, row: Row, numbers: Iterator[int]) -> list[float]:
    host = urlsplit(site)
    reader, writer = await asyncio.open_connection(host.hostname, host.port)
    times = []
    for number in numbers:
        ask = row.ask(number)
        asked_at = time.perf_counter()
        writer.write(ask.bytes(host.netloc))
        status, body = await _answer(reader)
        times.append(1000 * (time.perf_counter() - asked_at))
        assert status == row.status, f"{ask.path}: {status} {body[:200]!r}"
    writer.close()
    return times


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
    return int(head.split(b" ", 2)[1]), await reader.readexactly(length)


def table(server: Server, rows: list[Row], *, requests: int, rounds: int = 1) -> None:
    """Every row takes turns with a bare view: a machine's speed can double within seconds."""
    said: dict[str, list[tuple[Told, Told]]] = {row.name: [] for row in (BARE, *rows)}
    for number in range(rounds):
        for row in rows:
            bare = measure(server, BARE, requests=requests)
            said[BARE.name].append((bare, bare))
            first = 2 * requests * number
            told = measure(server, row, requests=requests, first=first)
            said[row.name].append((told, bare))
    for row in (BARE, *rows):
        told, bare = _middle(said[row.name])
        show(row, told, bare=bare)


def _middle(said: list[tuple[Told, Told]]) -> tuple[Told, Told]:
    """The round whose cost in bare views is the median; of bare views themselves, whose cost."""
    by_cost = sorted(said, key=lambda pair: pair[0].total)
    return sorted(by_cost, key=lambda pair: pair[0].total / pair[1].total)[len(said) // 2]


def show(row: Row, told: Told, *, bare: Told) -> None:
    parts = ", ".join(f"{part} {seconds:.3f}" for part, seconds in told.cpu.items())
    print(f"{row.name:32} {told.total:7.3f} CPU-s per 1 000 ({parts})  "
          f"p50 {told.p50:6.1f} ms  p95 {told.p95:6.1f} ms  "
          f"{told.total / bare.total:5.2f} bare views{_target(row, told, bare)}",
          flush=True)  # fmt: skip


def _target(row: Row, told: Told, bare: Told) -> str:
    if row.most_seconds is None:
        return ""
    most = row.most_seconds / BARE_OF_TARGETS
    over = [
        name
        for name, is_over in (
            ("OVER in seconds", told.total > row.most_seconds),
            ("OVER in bare views", told.total / bare.total > most),
        )
        if is_over
    ]
    return f"  target {row.most_seconds} s, {most:.2f} views: {', '.join(over) or 'held'}"
