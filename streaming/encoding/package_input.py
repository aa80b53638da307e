"""Input of the packager through FIFOs, held back while finished segments wait on the disk."""

from __future__ import annotations

import errno
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from streaming.encoding.errors import EncodingError, ErrorCode

SLICE_BYTES = 64 * 1024
BOX_HEADER = 8
MAX_INIT_BYTES = 1024 * 1024


def strip_repeated_inits(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Merge chunk files back to back into one stream: one init, then all fragments.

    Raises EncodingError INTERNAL when a later init differs (another avcC would need another
    rendition): chunks of two different plans or encoder versions were mixed.
    """
    first: dict[bytes, bytes] = {}
    buffer = _Buffer(blocks)
    while header := buffer.take(BOX_HEADER):
        size = int.from_bytes(header[:4], "big")
        if len(header) < BOX_HEADER or size < BOX_HEADER:
            raise EncodingError(ErrorCode.INTERNAL, detail="a chunk is not fragmented MP4")
        kind = header[4:]
        payload = _payload(buffer, header, size)
        if kind in (b"ftyp", b"moov"):
            whole = b"".join(payload)
            if kind in first and first[kind] != whole:
                raise EncodingError(ErrorCode.INTERNAL, detail="chunks disagree on their headers")
            if kind not in first:
                first[kind] = whole
                yield whole
        else:
            yield from payload


def _payload(buffer: _Buffer, header: bytes, size: int) -> Iterator[bytes]:
    yield header
    left = size - len(header)
    while left:
        piece = buffer.take(min(left, SLICE_BYTES))
        if not piece:
            raise EncodingError(ErrorCode.INTERNAL, detail="a chunk ends inside a box")
        left -= len(piece)
        yield piece


class _Buffer:
    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._blocks = iter(blocks)
        self._block = memoryview(b"")

    def take(self, count: int) -> bytes:
        """Return `count` bytes, or fewer at the end."""
        taken = bytearray()
        while len(taken) < count:
            if not self._block:
                block = next(self._blocks, None)
                if block is None:
                    break
                self._block = memoryview(block)
                continue
            piece = self._block[: count - len(taken)]
            taken += piece
            self._block = self._block[len(piece) :]
        return bytes(taken)


class Gate:
    """A gate that is open while the backlog is under budget; cancelling it ends all feeders."""

    def __init__(self) -> None:
        self._open = threading.Event()
        self._open.set()
        self.cancelled = False

    def set_open(self, is_open: bool) -> None:  # noqa: FBT001  # the only argument
        if is_open or self.cancelled:
            self._open.set()
        else:
            self._open.clear()

    def cancel(self) -> None:
        self.cancelled = True
        self._open.set()

    def wait(self) -> bool:
        """Wait for the gate; return False once it is cancelled."""
        self._open.wait()
        return not self.cancelled


class Feeder:
    """One input of the packager: a FIFO and the thread that fills it."""

    def __init__(self, blocks: Iterable[bytes], *, fifo: Path, gate: Gate) -> None:
        os.mkfifo(fifo, 0o600)
        self.failure: BaseException | None = None
        self._fifo = fifo
        self._gate = gate
        self._blocks = blocks
        self._thread = threading.Thread(target=self._feed, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def join(self) -> None:
        if self._thread.ident is not None:
            self._thread.join()
        self._fifo.unlink(missing_ok=True)

    def _feed(self) -> None:
        try:
            fd = self._open()
            if fd is None:
                return
            with os.fdopen(fd, "wb", buffering=0) as pipe:
                for piece in strip_repeated_inits(self._blocks):
                    if not self._gate.wait():
                        return
                    _write_all(pipe.write, piece)
        except BrokenPipeError:
            return  # the packager has ended; its exit code shows why
        except BaseException as failure:  # noqa: BLE001  # carried to the caller's thread
            self.failure = failure

    def _open(self) -> int | None:
        """Open for writing once the packager reads, without hanging if it never does."""
        while not self._gate.cancelled:
            try:
                fd = os.open(self._fifo, os.O_WRONLY | os.O_NONBLOCK)
            except OSError as problem:
                if problem.errno != errno.ENXIO:
                    raise
                time.sleep(0.02)
                continue
            os.set_blocking(fd, True)
            return fd
        return None


def _write_all(write: Callable[[memoryview], int | None], piece: bytes) -> None:
    view = memoryview(piece)
    while view:
        view = view[write(view) or 0 :]
