"""Colours other than BT.709: the table that converts them (tonemap.py), and their notices."""

from __future__ import annotations

from typing import Literal

from streaming.encoding.facts import ColorTags, Notice, NoticeCode, VideoStream

ColorTable = Literal["pq", "hlg", "pq-p3", "hlg-p3", "bt2020", "p3"]
P3 = frozenset({"smpte431", "smpte432"})
BT2020_MATRICES = frozenset({"bt2020nc", "bt2020c"})
NAMES: dict[str, str] = {
    "pq": "HDR (PQ)",
    "hlg": "HDR (HLG)",
    "pq-p3": "HDR (PQ, P3)",
    "hlg-p3": "HDR (HLG, P3)",
    "bt2020": "BT.2020",
    "p3": "P3",
}


def color_table(color: ColorTags, hdr: Literal["pq", "hlg"] | None) -> ColorTable | None:
    """Return the table a picture needs; None for the colours of television and the web."""
    p3 = color.primaries in P3
    if hdr == "pq":
        return "pq-p3" if p3 else "pq"
    if hdr == "hlg":
        return "hlg-p3" if p3 else "hlg"
    if p3:
        return "p3"
    untagged = color.primaries is None and color.matrix in BT2020_MATRICES
    return "bt2020" if color.primaries == "bt2020" or untagged else None


def color_matrix(color: ColorTags, table: ColorTable) -> str:
    """Return the matrix of a picture that needs a table, by its tag or else its primaries."""
    if color.matrix:
        return color.matrix
    return "bt709" if table == "p3" else "bt2020nc"


def color_notices(video: VideoStream) -> tuple[Notice, ...]:
    table = color_table(video.color, video.hdr)
    if table is None:
        return ()
    code = NoticeCode.HDR_CONVERTED if video.hdr else NoticeCode.COLORS_CONVERTED
    return (Notice(code=code, values={"colors": NAMES[table]}),)
