"""Options that open a source: plain containers only, and only the protocols that are needed.

An upload named film.mp4 may be a playlist or a concat script that points at other files or into
the inner network. ffmpeg cannot follow it: demuxers and protocols are on short lists.
"""

from __future__ import annotations

import urllib.request
from pathlib import Path

PROTOCOLS = "file,http,https,tcp,tls"
# ffmpeg's names; mov covers MP4, matroska covers WebM. The last four hold sound only.
DEMUXERS = "mov,matroska,avi,mpegts,mp3,wav,flac,ogg"
READ_TIMEOUT_SECONDS = 30
RECONNECT_SECONDS = 10
WILD_SECONDS = 5  # beyond this a time is compared with its neighbours
DEEPEST_REORDER = 16  # frames between decoding and display, H.264 and H.265
Options = dict[str, str | int | None]  # by name without the dash; None: an option without a value


def _mending() -> str:
    """Return the expression for ffmpeg's `setts` that replaces a packet's wild time.

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


# Input options that give a packet with a wild timestamp the time between its neighbours.
MEND: Options = {"bsf:v": MEND_TIMES, "bsf:a": MEND_TIMES}


def source_input(source: str, *, first_byte: int = 0, end_byte: int = 0) -> tuple[str, Options]:
    """Return the URL and the options of a source, for ffmpeg and ffprobe alike.

    With a range of bytes only that part of the source is read (`end_byte` 0: up to the end).
    """
    options: Options = {"protocol_whitelist": PROTOCOLS, "format_whitelist": DEMUXERS}
    url = source
    if is_remote(source):
        options |= {
            "reconnect": 1,
            "reconnect_on_network_error": 1,
            "reconnect_streamed": 1,
            "reconnect_delay_max": RECONNECT_SECONDS,
            "rw_timeout": READ_TIMEOUT_SECONDS * 1_000_000,
        }
    else:
        url = f"file:{Path(source).absolute()}"
    if first_byte or end_byte:
        options["protocol_whitelist"] = f"{PROTOCOLS},subfile"
        url = f"subfile,,start,{first_byte},end,{end_byte},,:{url}"
    return url, options


def input_args(source: str, *, first_byte: int = 0, end_byte: int = 0) -> list[str]:
    """Return `source_input` as arguments up to and including `-i`."""
    url, options = source_input(source, first_byte=first_byte, end_byte=end_byte)
    return [*option_args(options), "-i", url]


def option_args(options: Options) -> list[str]:
    return [part for name, value in options.items() for part in (f"-{name}", str(value))]


def read_range(source: str, *, start: int, count: int) -> bytes:
    """Return at most `count` bytes from `start`; fewer at the end. Raises OSError."""
    if not is_remote(source):
        with Path(source).open("rb") as file:
            file.seek(start)
            return file.read(count)
    wanted = {"Range": f"bytes={start}-{start + count - 1}"}
    request = urllib.request.Request(source, headers=wanted)  # noqa: S310  # is_remote
    with urllib.request.urlopen(request, timeout=READ_TIMEOUT_SECONDS) as answer:  # noqa: S310
        return bytes(answer.read(count))


def first_bytes(source: str, *, count: int = 16) -> bytes:
    """Return the first bytes, which distinguish a broken MP4 from other files. Raises OSError."""
    return read_range(source, start=0, count=count)
