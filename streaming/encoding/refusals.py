"""Refusals of sources that cannot become a film: encrypted, cut off, too large, Dolby colours."""

from __future__ import annotations

from typing import Any

from streaming.encoding.containers import is_locked
from streaming.encoding.errors import EncodingError, ErrorCode
from streaming.encoding.facts import Notice, NoticeCode
from streaming.encoding.tail import Tail

MAX_SIDE = 8192
MAX_PIXELS = 40_000_000
MAX_SECONDS = 12 * 3600
ENCRYPTED_TAGS = frozenset({"encv", "enca", "enct", "drmi", "drms", "drmt"})
MAYBE_LOCKED = frozenset(
    {
        ErrorCode.NOT_A_VIDEO,
        ErrorCode.NO_VIDEO_STREAM,
        ErrorCode.NO_FRAMES,
        ErrorCode.UNSUPPORTED_CODEC,
        ErrorCode.DAMAGED,
    }
)
DOLBY_VISION_ALONE = frozenset({5, 10, 20})  # profiles whose base layer may be no other format


def locked_instead(exc: EncodingError, source: str, *, size_bytes: int) -> EncodingError:
    """Return the error for an encrypted file that seems only broken, else the given error."""
    if exc.code not in MAYBE_LOCKED:
        return exc
    try:
        locked = is_locked(source, size_bytes=size_bytes)
    except OSError:
        return exc
    return EncodingError(ErrorCode.ENCRYPTED, detail=exc.detail) if locked else exc


def refuse_encrypted(found: list[dict[str, Any]]) -> None:
    for stream in found:
        tag = stream.get("codec_tag_string", "")
        sides = stream.get("side_data_list", ())
        if tag in ENCRYPTED_TAGS or any("ncrypt" in side["side_data_type"] for side in sides):
            raise EncodingError(ErrorCode.ENCRYPTED, detail=tag)


def refuse_dolby_vision(video: dict[str, Any]) -> None:
    """Refuse a base layer in Dolby's own colours (IPT). Raises EncodingError.

    It needs Dolby's decoder: without it red turns violet. Compatibility id 0 means that it has
    no other form.
    """
    for side in video.get("side_data_list", ()):
        if "dv_profile" not in side:
            continue
        profile = int(side["dv_profile"])
        compatible = side.get("dv_bl_signal_compatibility_id", 0)
        if profile == 5 or (profile in DOLBY_VISION_ALONE and int(compatible) == 0):
            raise EncodingError(ErrorCode.DOLBY_VISION, detail=f"profile {profile}")


def refuse_hidden_dolby_vision(frame: dict[str, Any]) -> None:
    """Refuse Dolby's colours without a configuration record. Raises EncodingError.

    Each frame has the metadata, and no transfer is named.
    """
    kinds = [str(side.get("side_data_type", "")) for side in frame.get("side_data_list", ())]
    named = frame.get("color_transfer", "unknown") not in ("unknown", "unspecified", "reserved")
    if any("Dolby Vision" in kind for kind in kinds) and not named:
        raise EncodingError(ErrorCode.DOLBY_VISION, detail="by its frames")


def refuse_size(width: int, height: int) -> None:
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise EncodingError(ErrorCode.PICTURE_TOO_LARGE, detail=f"{width}x{height}")


def refuse_truncated(
    tail: Tail, *, start: float, declared: float | None, complete: bool
) -> tuple[Notice, ...]:
    """Raise TRUNCATED for a file that ends early.

    A whole file whose head declares more than it holds is a film of what it holds: return a notice.
    """
    if declared is None:
        return ()
    reached = max(tail.ends.values()) - start
    if declared > MAX_SECONDS and not complete:
        raise EncodingError(ErrorCode.TOO_LONG)
    if declared - reached <= max(0.5, min(3.0, declared * 0.05)):
        return ()
    if complete:
        values = {"declared": f"{declared:.1f}", "held": f"{reached:.1f}"}
        return (Notice(code=NoticeCode.LENGTH_CORRECTED, values=values),)
    raise EncodingError(
        ErrorCode.TRUNCATED, detail=f"declares {declared:.3f} s, holds {reached:.3f} s"
    )
