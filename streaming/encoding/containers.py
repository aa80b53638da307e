"""Container structure that ffmpeg does not report: missing bytes, and encrypted content.

Reads box headers and the first megabyte only. Layouts: ISO 14496-12 (MP4), RFC 9559 (Matroska),
ISO 13818-1 (transport stream), RIFF.
"""

from __future__ import annotations

import struct

from streaming.encoding.sources import read_range

MOST_BOXES = 64  # a fragmented MP4 has thousands, and each header is a request
HEAD_BYTES = 1024 * 1024
MOST_MOOV_BYTES = 64 * 1024 * 1024
TS_SYNC = 0x47
TS_PACKET_SIZES = (188, 192)  # 192: M2TS, four bytes of time before each
EBML_MAGIC = b"\x1a\x45\xdf\xa3"
SEGMENT_ID = b"\x18\x53\x80\x67"
TRACKS_ID = b"\x16\x54\xae\x6b"
CONTENT_ENCODINGS = b"\x6d\x80"
CONTENT_ENCRYPTION = b"\x50\x35"
ENCRYPTED_ENTRIES = (b"encv", b"enca", b"enct", b"drmi", b"drms", b"sinf")
PIFF_TRACK_ENCRYPTION = bytes.fromhex("8974dbce7be74c5184f97148f9882554")


def missing_bytes(source: str, *, size_bytes: int) -> int | None:
    """Return how many bytes the file's structure promises beyond its end; None: it does not say.

    Raises OSError.
    """
    head = read_range(source, start=0, count=64)
    end: int | None = None
    if head.startswith(EBML_MAGIC):
        length, width = _vint(head, len(EBML_MAGIC))
        segment = len(EBML_MAGIC) + width + (length or 0)
        if head[segment : segment + 4] == SEGMENT_ID:
            size, width = _vint(head, segment + 4)
            end = None if size is None else segment + 4 + width + size
    elif head.startswith(b"RIFF"):
        end = 8 + struct.unpack_from("<I", head, 4)[0] if head[4:8] != bytes(4) else None
    elif head[4:8].isalnum():
        boxes = _mp4_boxes(source, size_bytes=size_bytes)
        end = boxes[-1][2] if boxes else None
    return None if end is None else max(0, end - size_bytes)


def _vint(data: bytes, at: int) -> tuple[int | None, int]:
    """Return (value, bytes used) of an EBML length; None for an unknown one."""
    first = data[at]
    width = 9 - first.bit_length()
    value = int.from_bytes(data[at : at + width], "big") & ~(1 << (7 * width))
    unknown = value == (1 << (7 * width)) - 1
    return (None if unknown else value), width


def _mp4_boxes(source: str, *, size_bytes: int) -> list[tuple[bytes, int, int]] | None:
    """Return (kind, start, end) of the top-level boxes; None when there are too many to read."""
    found: list[tuple[bytes, int, int]] = []
    at = 0
    while at + 8 <= size_bytes:
        if len(found) == MOST_BOXES:
            return None
        header = read_range(source, start=at, count=16)
        size = int.from_bytes(header[:4], "big")
        if size == 1:
            size = int.from_bytes(header[8:16], "big")
        elif size == 0:
            size = size_bytes - at
        if size < 8:
            return None
        found.append((header[4:8], at, at + size))
        at += size
    return found


def is_locked(source: str, *, size_bytes: int) -> bool:
    """Return True for encrypted content, which ffmpeg reports only as a failure.

    Raises OSError.
    """
    head = read_range(source, start=0, count=HEAD_BYTES)
    if head.startswith(EBML_MAGIC):
        return _matroska_locked(head)
    if packet_size := ts_packet_size(head):
        # Most packets carry the transport_scrambling_control bits of a CAS.
        offset = next(
            at for at in range(packet_size) if head[at] == head[at + packet_size] == TS_SYNC
        )
        packets = range(offset, len(head) - packet_size, packet_size)
        locked = sum(1 for at in packets if head[at] == TS_SYNC and head[at + 3] & 0x80)
        return locked * 2 > len(packets)
    if head[4:8].isalnum():
        for kind, start, end in _mp4_boxes(source, size_bytes=size_bytes) or ():
            if kind == b"moov" and end - start <= MOST_MOOV_BYTES:
                moov = read_range(source, start=start, count=end - start)
                return PIFF_TRACK_ENCRYPTION in moov or _locked_entries(moov)
    return False


def _matroska_locked(head: bytes) -> bool:
    at = head.find(CONTENT_ENCODINGS)
    while at >= 0:
        length, width = _vint(head, at + 2)
        start = at + 2 + width
        if length and CONTENT_ENCRYPTION in head[start : start + length]:
            return True
        at = head.find(CONTENT_ENCODINGS, at + 2)
    return False


def matroska_codecs(source: str) -> list[str]:
    """Return the CodecID of each track in the file's order, which is ffmpeg's; [] otherwise.

    Raises OSError.
    """
    head = read_range(source, start=0, count=HEAD_BYTES)
    if not head.startswith(EBML_MAGIC):
        return []
    length, width = _vint(head, len(EBML_MAGIC))
    segment = len(EBML_MAGIC) + width + (length or 0)
    if head[segment : segment + 4] != SEGMENT_ID:
        return []
    _, width = _vint(head, segment + 4)
    last = len(head) - 12
    for start, end in _elements(head, TRACKS_ID, segment + 4 + width, last):
        codecs = []
        for entry in _elements(head, b"\xae", start, min(end, last)):
            ids = [head[begin:stop] for begin, stop in _elements(head, b"\x86", *entry)]
            codecs.append(ids[0].rstrip(b"\0").decode("ascii", errors="replace") if ids else "")
        return codecs
    return []


def _elements(data: bytes, wanted: bytes, at: int, end: int) -> list[tuple[int, int]]:
    """Yield (start, end) of the contents of each element with this id, on one level."""
    found = []
    while at < end:
        id_width = 9 - data[at].bit_length()
        length, width = _vint(data, at + id_width)
        start = at + id_width + width
        if length is None:
            break
        if data[at : at + id_width] == wanted:
            found.append((start, min(end, start + length)))
        at = start + length
    return found


def ts_packet_size(data: bytes) -> int | None:
    """Return the packet size of a transport stream, 188 or 192, or None for other bytes."""
    for size in TS_PACKET_SIZES:
        for first in range(size):
            if all(data[at : at + 1] == b"G" for at in range(first, first + 5 * size, size)):
                return size
    return None


def _locked_entries(moov: bytes) -> bool:
    at = moov.find(b"stsd")
    while at >= 4:
        size = int.from_bytes(moov[at - 4 : at], "big")
        if any(entry in moov[at : at - 4 + size] for entry in ENCRYPTED_ENTRIES):
            return True
        at = moov.find(b"stsd", at + 4)
    return False


def table_before(source: str, *, position: int) -> int:
    """Return where reading a transport stream may begin so that the packet at `position` is seen.

    That is the program association table (PID 0) before it: without it a demuxer drops what comes
    until the next one, and with it often the keyframe. Raises OSError.
    """
    start = max(0, position - HEAD_BYTES // 4)
    data = read_range(source, start=start, count=position - start)
    for at in range(len(data) - 188, -1, -1):
        is_table = data[at] == TS_SYNC and data[at + 1] & 0x5F == 0x40 and data[at + 2] == 0
        if is_table and _in_step(data, at):
            m2ts = data[at + 192 : at + 193] == b"G" or data[at - 192 : at - 191] == b"G"
            return start + at - (4 if m2ts and at >= 4 else 0)
    return start


def _in_step(data: bytes, at: int) -> bool:
    """Return True for a sync byte with a packet before or after it, not one inside a payload."""
    return any(
        0 <= at + sign * size < len(data) and data[at + sign * size] == TS_SYNC
        for size in TS_PACKET_SIZES
        for sign in (1, -1)
    ) or at + 188 >= len(data)
