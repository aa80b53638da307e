"""Error codes for a tool's exit status and stderr."""

from __future__ import annotations

import re
import signal

from streaming.encoding.errors import ErrorCode

# First match wins. The wording is ffmpeg 8's and packager 3's.
ALWAYS: tuple[tuple[ErrorCode, str], ...] = (
    (ErrorCode.OUT_OF_DISK, r"No space left on device|Disk quota exceeded|RESOURCE_EXHAUSTED"),
    (
        # a source cut off in mid-read looks like its end to ffmpeg, which then exits with 0
        ErrorCode.SOURCE_UNAVAILABLE,
        r"HTTP error [45]\d\d|Server returned [45]|Connection (refused|reset|timed out)"
        r"|Network is unreachable|Failed to resolve hostname|Stream ends prematurely"
        r"|Operation timed out|Will reconnect at .* error=",
    ),
)
ON_FAILURE: tuple[tuple[ErrorCode, str], ...] = (
    (ErrorCode.TOOL_KILLED, r"Cannot allocate memory|malloc of size \d+ failed|std::bad_alloc"),
    (ErrorCode.SOURCE_UNAVAILABLE, r"No such file or directory|Input/output error"),
    (
        ErrorCode.UNSUPPORTED_CODEC,
        r"Decoder .*not found|no decoder found|Unknown decoder|codec not currently supported"
        r"|Decoding requested, but no decoder|hardware accelerated \w+ decoding",
    ),
    (ErrorCode.TRUNCATED, r"moov atom not found"),
    (
        ErrorCode.DAMAGED,
        r"Invalid data found|[Ee]rror while decoding|Error submitting packet to decoder"
        r"|Cannot determine format of input|received no packets",
    ),
)


def diagnose(*, exit_code: int, stderr: str) -> ErrorCode | None:
    """Return the error code of a run, or None when it succeeded."""
    for code, pattern in ALWAYS:
        if re.search(pattern, stderr):
            return code
    if exit_code == 0:
        return None
    if exit_code == -signal.SIGXCPU:
        return ErrorCode.TIMED_OUT
    if exit_code < 0:
        return ErrorCode.TOOL_KILLED
    for code, pattern in ON_FAILURE:
        if re.search(pattern, stderr):
            return code
    return ErrorCode.INTERNAL
