"""How a source is opened: only plain containers, only the protocols we need.

An upload named film.mp4 may be a playlist or a concat script that points at other files or at our
inner network. ffmpeg never gets to follow it: demuxers and protocols are on short lists.
"""

from __future__ import annotations

import urllib.request
from pathlib import Path

PROTOCOLS = "file,http,https,tcp,tls"
# ffmpeg's names; mov covers MP4, matroska covers WebM. From mp3 on: sound by itself.
DEMUXERS = "mov,matroska,avi,mpegts,mp3,wav,flac,ogg"
READ_TIMEOUT_SECONDS = 30
RECONNECT_SECONDS = 10


def is_remote(source: str) -> bool:
    return source.startswith(("http://", "https://"))


def input_args(source: str) -> list[str]:
    """Arguments up to and including `-i`, for ffmpeg and ffprobe alike."""
    args = ["-protocol_whitelist", PROTOCOLS, "-format_whitelist", DEMUXERS]
    if not is_remote(source):
        return [*args, "-i", f"file:{Path(source).absolute()}"]
    return [
        *args,
        "-reconnect", "1",
        "-reconnect_on_network_error", "1",
        "-reconnect_streamed", "1",
        "-reconnect_delay_max", str(RECONNECT_SECONDS),
        "-rw_timeout", str(READ_TIMEOUT_SECONDS * 1_000_000),
        "-i", source,
    ]  # fmt: skip


def first_bytes(source: str, *, count: int = 16) -> bytes:
    """The first bytes, for telling a broken MP4 from no MP4. Raises OSError."""
    if not is_remote(source):
        with Path(source).open("rb") as file:
            return file.read(count)
    request = urllib.request.Request(source, headers={"Range": f"bytes=0-{count - 1}"})  # noqa: S310  # is_remote
    with urllib.request.urlopen(request, timeout=READ_TIMEOUT_SECONDS) as answer:  # noqa: S310
        return bytes(answer.read(count))
