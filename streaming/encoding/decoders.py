"""Choice of the ffmpeg that decodes a source: the packaged one has no AV1 decoder in software.

The wheel `imageio-ffmpeg` brings an ffmpeg with dav1d; it encodes AV1 sources whole, so that all
chunks of a film come from one program. `FFMPEG_AV1_PATH` names another.
"""

from __future__ import annotations

import os

import imageio_ffmpeg

from streaming.encoding.tools import ffmpeg_path

OTHER_DECODER = frozenset({"av1"})


def needs_other_decoder(codec: str) -> bool:
    return codec in OTHER_DECODER


def ffmpeg_for(codec: str) -> str:
    """Return the path of the ffmpeg that decodes `codec`."""
    if not needs_other_decoder(codec):
        return ffmpeg_path()
    named = os.environ.get("FFMPEG_AV1_PATH")
    if named:
        return named
    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError:  # its wheel for this machine brings none
        return ffmpeg_path()
