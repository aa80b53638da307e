"""Runs of an ffmpeg filter over an encoded stream that comes through a pipe."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable

from streaming.encoding.package_input import strip_repeated_inits
from streaming.encoding.tools import OnLine, ShouldStop, ffmpeg_path, run_tool

CHECK_TIMEOUT_SECONDS = 3600
Blocks = Iterable[bytes]


def run_on_stream(
    args: list[str], blocks: Blocks, *, on_line: OnLine | None, should_stop: ShouldStop
) -> str:
    """Run ffmpeg on fragmented MP4 that comes through a pipe; return its stderr."""
    read_fd, write_fd = os.pipe()

    def feed() -> None:
        with os.fdopen(write_fd, "wb", buffering=0) as pipe:
            try:
                for piece in strip_repeated_inits(blocks):
                    pipe.write(piece)
            except BrokenPipeError:
                return  # ffmpeg has ended; its stderr shows why

    feeder = threading.Thread(target=feed, daemon=True)
    feeder.start()
    command = [ffmpeg_path(), "-hide_banner", "-nostdin", "-v", "info", "-nostats"]
    result = run_tool(
        [*command, "-i", f"pipe:{read_fd}", *args, "-f", "null", "-"],
        on_line=on_line,
        timeout_seconds=CHECK_TIMEOUT_SECONDS,
        should_stop=should_stop,
        pass_fds=[read_fd],
    )
    feeder.join()
    return result.stderr
