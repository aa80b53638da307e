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
WILD_SECONDS = 5  # beyond this a time is compared with its neighbours
DEEPEST_REORDER = 16  # frames between decoding and display, H.264 and H.265


def _mending() -> str:
    """The expression for ffmpeg's `setts`: one packet's wild time is replaced, others stay.

    Without reordering (PTS = DTS, twice running) times rise, so a packet far from both neighbours,
    in the same direction, is wrong. With B-frames a time may differ from its decoding time by some
    frames, which in a film of slides are minutes: more than the deepest reordering of such frames
    is wrong.
    Two wild packets in a row are a real gap, or a clock that was set, and stay.
    """
    far = f"{WILD_SECONDS}/TB"
    alone = "+".join(
        f"gt({sign}(PTS-PREV_INPTS)\\,{far})*gt({sign}(PTS-NEXT_PTS)\\,{far})" for sign in ("", "-")
    )
    step = "max(DTS-PREV_INDTS\\,NEXT_DTS-DTS)"
    apart = f"gt(abs(PTS-DTS)\\,{far}+{DEEPEST_REORDER}*{step})"
    return (
        f"setts=pts=if(isnan(PREV_INPTS)*gt(PTS-NEXT_PTS\\,{far})\\,NEXT_PTS\\,"
        "if(eq(PTS\\,DTS)*eq(PREV_INPTS\\,PREV_INDTS)\\,"
        f"if({alone}\\,(PREV_INPTS+NEXT_PTS)/2\\,PTS)\\,"
        f"if({apart}\\,DTS+PREV_OUTPTS-PREV_OUTDTS\\,PTS)))"
    )


MEND_TIMES = _mending()


def is_remote(source: str) -> bool:
    return source.startswith(("http://", "https://"))


def mend_args() -> list[str]:
    """Input arguments that give a packet with a wild timestamp the time between its neighbours."""
    return ["-bsf:v", MEND_TIMES, "-bsf:a", MEND_TIMES]


def input_args(source: str, *, first_byte: int = 0, end_byte: int = 0) -> list[str]:
    """Arguments up to and including `-i`, for ffmpeg and ffprobe alike.

    With a range of bytes only that part of the source is seen (`end_byte` 0: up to the end).
    """
    whole = not first_byte and not end_byte
    protocols = PROTOCOLS if whole else f"{PROTOCOLS},subfile"
    args = ["-protocol_whitelist", protocols, "-format_whitelist", DEMUXERS]
    remote = is_remote(source)
    url = source if remote else f"file:{Path(source).absolute()}"
    if not whole:
        url = f"subfile,,start,{first_byte},end,{end_byte},,:{url}"
    if not remote:
        return [*args, "-i", url]
    return [
        *args,
        "-reconnect", "1",
        "-reconnect_on_network_error", "1",
        "-reconnect_streamed", "1",
        "-reconnect_delay_max", str(RECONNECT_SECONDS),
        "-rw_timeout", str(READ_TIMEOUT_SECONDS * 1_000_000),
        "-i", url,
    ]  # fmt: skip


def read_range(source: str, *, start: int, count: int) -> bytes:
    """At most `count` bytes from `start`; fewer at the end. Raises OSError."""
    if not is_remote(source):
        with Path(source).open("rb") as file:
            file.seek(start)
            return file.read(count)
    wanted = {"Range": f"bytes={start}-{start + count - 1}"}
    request = urllib.request.Request(source, headers=wanted)  # noqa: S310  # is_remote
    with urllib.request.urlopen(request, timeout=READ_TIMEOUT_SECONDS) as answer:  # noqa: S310
        return bytes(answer.read(count))


def first_bytes(source: str, *, count: int = 16) -> bytes:
    """Return the first bytes, for telling a broken MP4 from no MP4. Raises OSError."""
    return read_range(source, start=0, count=count)
