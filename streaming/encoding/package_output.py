"""Output of the packager: each finished segment is inspected, passed on and deleted."""

from __future__ import annotations

import os
import struct
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from streaming.encoding import mp4
from streaming.encoding.bit_rates import bandwidths
from streaming.encoding.errors import EncodingError, ErrorCode
from streaming.encoding.results import PackagedObject, RenditionFacts, SegmentFacts

Sink = Callable[[str, Path, str], None]  # (relative path, local file, content type)

CONTENT_TYPES = {  # RFC 8216bis 3, Apple's authoring rule 10.4
    ".m3u8": "application/vnd.apple.mpegurl",
    ".mpd": "application/dash+xml",
    ".m4s": "video/iso.segment",
    ".mp4": "video/mp4",
    ".vtt": "text/vtt",
}


class Collector:
    """Collector of the package's files: all pass through `take`, so the object list is complete.

    Sinks run in `parallel` threads: uploading 30,000 small segments one by one would take longer
    than packaging them.
    """

    def __init__(self, root: Path, *, sink: Sink, parallel: int) -> None:
        self.root = root
        self.objects: list[PackagedObject] = []
        self._sink = sink
        self._pool = ThreadPoolExecutor(max_workers=parallel, thread_name_prefix="package-sink")
        self._under_way: deque[tuple[int, Future[None]]] = deque()

    def take(self, path: str, *, audio: bool = False) -> None:
        """Have one file passed to the sink, then deleted."""
        local = self.root / path
        content_type = CONTENT_TYPES[local.suffix]
        if audio and local.suffix == ".mp4":
            content_type = "audio/mp4"
        size = local.stat().st_size
        self.objects.append(PackagedObject(path=path, bytes=size, content_type=content_type))
        self._under_way.append((size, self._pool.submit(self._hand_on, path, local, content_type)))

    def _hand_on(self, path: str, local: Path, content_type: str) -> None:
        self._sink(path, local, content_type)
        local.unlink()

    def pending_bytes(self) -> int:
        """Return the bytes passed on but not yet deleted. Raises what a sink raised."""
        while self._under_way and self._under_way[0][1].done():
            self._under_way.popleft()[1].result()
        return sum(size for size, _ in self._under_way)

    def settle(self) -> None:
        """Wait until everything has left. Raises what a sink raised."""
        while self._under_way:
            self._under_way.popleft()[1].result()

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def take_text(self, path: str, text: str) -> None:
        local = self.root / path
        local.parent.mkdir(parents=True, exist_ok=True)
        local.write_text(text, encoding="utf-8")
        self.take(path)


class RenditionWatch:
    """The segments of one rendition, in order; one is finished when the next exists."""

    def __init__(self, name: str, *, kind: str, collector: Collector) -> None:
        self.name = name
        self.kind = kind
        self._collector = collector
        self._folder = collector.root / name
        self._segments: list[SegmentFacts] = []
        self._init: mp4.InitFacts | None = None

    def _segment(self, number: int) -> Path:
        return self._folder / f"{number}.m4s"

    @property
    def _next(self) -> int:
        return len(self._segments) + 1

    def backlog_bytes(self) -> int:
        """Yield the finished segments that are still on the disk."""
        number = self._next
        total = 0
        while self._segment(number + 1).exists():
            total += self._segment(number).stat().st_size
            number += 1
        return total

    def collect(self, *, ended: bool) -> bool:
        """Take one finished segment; return False when none is left."""
        path = self._segment(self._next)
        if not (ended and path.exists()) and not self._segment(self._next + 1).exists():
            return False
        init = self._read_init(ended=ended)
        if init is None:
            return False
        self._segments.append(self._inspect(path, init=init))
        self._collector.take(f"{self.name}/{path.name}")
        return True

    def _read_init(self, *, ended: bool) -> mp4.InitFacts | None:
        """Return the init segment, or None while the packager may still rewrite it."""
        if self._init is None:
            try:
                self._init = mp4.read_init((self._folder / "init.mp4").read_bytes())
            except (FileNotFoundError, KeyError, ValueError, struct.error):
                if ended:
                    raise
        return self._init

    def _inspect(self, path: Path, *, init: mp4.InitFacts) -> SegmentFacts:
        data = path.read_bytes()
        fragments = list(mp4.read_fragments(data, init=init))
        if not fragments:
            raise EncodingError(ErrorCode.INTERNAL, detail=f"{self.name}/{path.name} is empty")
        return SegmentFacts(
            path=f"{self.name}/{path.name}",
            start_ticks=fragments[0].start_ticks,
            duration_ticks=sum(fragment.duration_ticks for fragment in fragments),
            samples=sum(fragment.samples for fragment in fragments),
            bytes=len(data),
            starts_with_sync=fragments[0].starts_with_sync,
            sync_samples=sum(fragment.sync_samples for fragment in fragments),
        )

    def finish(self) -> RenditionFacts:
        """Take the init segment last: the packager completes it at the end."""
        init_path = self._folder / "init.mp4"
        if not self._segments or self._init is None:
            raise EncodingError(ErrorCode.INTERNAL, detail=f"{self.name} has no segments")
        size = init_path.stat().st_size
        self._collector.take(f"{self.name}/init.mp4", audio=self.kind == "audio")
        average, peak = bandwidths(self._segments, timescale=self._init.timescale)
        return RenditionFacts(
            name=self.name,
            kind=self.kind,
            codec=self._init.codec,
            timescale=self._init.timescale,
            width=self._init.width,
            height=self._init.height,
            init_path=f"{self.name}/init.mp4",
            init_bytes=size,
            segments=tuple(self._segments),
            average_bps=average,
            peak_bps=peak,
        )


def disk_bytes(root: Path) -> int:
    """Return the bytes under `root`; files and folders may vanish during the count."""
    total = 0
    for folder, _, names in os.walk(root):  # passes over a folder that has gone; `rglob` raises
        for name in names:
            with suppress(FileNotFoundError):
                total += Path(folder, name).lstat().st_size
    return total


def collect_ready(watches: Iterable[RenditionWatch], *, ended: bool) -> bool:
    """Pass on finished segments of all renditions; return False when none was ready."""
    taken = [watch.collect(ended=ended) for watch in watches]
    return any(taken)
