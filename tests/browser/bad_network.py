"""A proxy that simulates a bad mobile connection: slow, high latency, and with losses.

TCP hides a lost packet by sending it again, while all later data waits. So a packet that is lost
here at random is held back for as long as a retransmission takes. Now and then the mast changes and
the connection is reset.
"""

from __future__ import annotations

import asyncio
import random
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass

PACKET_BYTES = 1400
#: Packets on their way in one connection: a window of 45 kB, as phones open it.
WINDOW_PACKETS = 32
AGAIN_SECONDS = (0.2, 0.6)
Packets = asyncio.Queue[tuple[float, bytes]]  # when each arrives


@dataclass(frozen=True)
class NetworkProfile:
    bits_per_second: float
    round_trip_seconds: float = 0.3
    loss: float = 0.05
    #: Chance of a packet to take its whole connection with it.
    reset: float = 0.0


class BadNetwork:
    """The proxy; `resets` counts connections that it reset."""

    def __init__(self, profile: NetworkProfile, *, host: str, port: int, seed: int) -> None:
        self.profile = profile
        self.target = (host, port)
        self.random = random.Random(seed)
        self.resets = 0
        # All connections share the air, each way its own.
        self.free_at = {"up": 0.0, "down": 0.0}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ends = [writer]
        try:
            await asyncio.sleep(self.profile.round_trip_seconds)  # the handshake
            there, thence = await asyncio.open_connection(*self.target)
            ends.append(thence)
            async with asyncio.TaskGroup() as ways:
                for way, source, sink in (("up", reader, thence), ("down", there, writer)):
                    packets: Packets = asyncio.Queue(WINDOW_PACKETS)
                    ways.create_task(self._carry(way, source, packets))
                    ways.create_task(_deliver(packets, sink))
        except* (OSError, _GoneError):
            for end in ends:
                _drop(end)
        except* asyncio.CancelledError:
            pass  # the proxy ends
        finally:
            for end in ends:
                end.close()

    async def _carry(self, way: str, source: asyncio.StreamReader, packets: Packets) -> None:
        """Yield the packets of one direction in order, each with its time of arrival."""
        loop = asyncio.get_running_loop()
        arrived = 0.0
        while packet := await source.read(PACKET_BYTES):
            now = loop.time()
            sent = max(now, self.free_at[way]) + len(packet) * 8 / self.profile.bits_per_second
            self.free_at[way] = sent
            arrives = sent + self.profile.round_trip_seconds / 2
            if self.random.random() < self.profile.loss:
                arrives += self.random.uniform(*AGAIN_SECONDS)
            if self.random.random() < self.profile.reset:
                self.resets += 1
                raise _GoneError
            arrived = max(arrived, arrives)
            await packets.put((arrived, packet))
        await packets.put((arrived, b""))


class _GoneError(Exception):
    """Raised when the connection is closed."""


async def _deliver(packets: Packets, sink: asyncio.StreamWriter) -> None:
    loop = asyncio.get_running_loop()
    while True:
        at, packet = await packets.get()
        await asyncio.sleep(at - loop.time())
        if not packet:
            break
        sink.write(packet)
        await sink.drain()
    if sink.can_write_eof():
        sink.write_eof()


def _drop(end: asyncio.StreamWriter) -> None:
    """Reset the connection, as a change of mast does."""
    sock = end.transport.get_extra_info("socket")
    with suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    end.transport.abort()


@contextmanager
def bad_network(
    profile: NetworkProfile, *, host: str, port: int, seed: int = 1
) -> Iterator[tuple[BadNetwork, int]]:
    """Run the proxy in a thread; yield it and its port."""
    proxy = BadNetwork(profile, host=host, port=port, seed=seed)
    listening: Future[tuple[int, Callable[[], object]]] = Future()

    async def main() -> None:
        over = asyncio.Event()
        loop = asyncio.get_running_loop()
        async with await asyncio.start_server(proxy.serve, "127.0.0.1", 0) as server:
            opened = server.sockets[0].getsockname()[1]
            listening.set_result((opened, lambda: loop.call_soon_threadsafe(over.set)))
            await over.wait()

    thread = threading.Thread(target=lambda: asyncio.run(main()), daemon=True)
    thread.start()
    opened, close = listening.result(10)
    try:
        yield proxy, opened
    finally:
        close()
        thread.join(10)
