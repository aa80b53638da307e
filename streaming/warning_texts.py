"""Sentences to staff about changes and omissions by the engine (`facts.NoticeCode`)."""

from collections.abc import Mapping
from typing import NamedTuple

from streaming.encoding.facts import NoticeCode

UPLOAD_TEXT = "Upload them as text (SRT or WebVTT) to offer them."
SENTENCES: Mapping[NoticeCode, str] = {
    NoticeCode.STREAM_LEFT_OUT: (
        "Stream {index} ({codec}) is not video, audio or subtitles and was left out."
    ),
    NoticeCode.UNDECODABLE_SOUND_LEFT_OUT: (
        "Audio track {index} ({language}) is in a format we cannot decode ({codec}) and was left "
        "out. Export it as AAC and add it."
    ),
    NoticeCode.PICTURE_SUBTITLES_LEFT_OUT: (
        "Subtitles {index} ({language}) are pictures ({codec}) and were left out. " + UPLOAD_TEXT
    ),
    NoticeCode.UNREADABLE_SUBTITLES_LEFT_OUT: (
        "Subtitles {index} ({language}) are in a format we cannot read ({codec}) and were left "
        "out. " + UPLOAD_TEXT
    ),
    NoticeCode.TELETEXT_LEFT_OUT: (
        f"Subtitles {{index}} ({{language}}) are teletext and were left out. {UPLOAD_TEXT}"
    ),
    NoticeCode.CLOSED_CAPTIONS_LEFT_OUT: (
        f"The picture carries closed captions (CEA-608 or 708), which were left out. {UPLOAD_TEXT}"
    ),
    NoticeCode.SECOND_PICTURE_LEFT_OUT: (
        "The file has another video track ({index}, {codec}). Viewers get only the first."
    ),
    NoticeCode.COVER_LEFT_OUT: "A cover picture was left out.",
    NoticeCode.LENGTH_CORRECTED: (
        "The file declares {declared} s but holds {held} s. The film has {held} s. If that is too "
        "short, export it again."
    ),
    NoticeCode.RECORDINGS_JOINED: (
        "The file holds {count} recordings with separate clocks. They were joined."
    ),
    NoticeCode.GAP_CLOSED: (
        "The recording's clock jumps by {seconds} s at {at} s of the film. The gap was closed."
    ),
    NoticeCode.TIMESTAMPS_MENDED: ("Some frames had wrong timestamps, which were corrected."),
    NoticeCode.SIZE_CHANGES: (
        "The picture size changes within the film ({sizes}). The first size is used, with bars "
        "where another does not fill it."
    ),
    NoticeCode.SHAPE_CHANGES: (
        "The aspect ratio changes within the film (4:3 and 16:9). The first is used, with bars "
        "where the other does not fill it."
    ),
    NoticeCode.COLORS_CONVERTED: (
        "The colours were converted from {colors} to BT.709, as on television and the web."
    ),
    NoticeCode.HDR_CONVERTED: "The picture was converted from {colors} to standard dynamic range.",
    NoticeCode.AMBISONIC_MIXED: (
        "Audio track {track} is ambisonic (360°). Viewers get its main channel on both sides."
    ),
    NoticeCode.SOUND_LATE: "Audio track {track} starts {seconds} s after the picture.",
    NoticeCode.SUBTITLE_CHARACTERS_REPLACED: (
        "Subtitles “{label}” have {count} damaged characters, which show as "
        "“\N{REPLACEMENT CHARACTER}”."
    ),
    NoticeCode.EMPTY_SUBTITLES_LEFT_OUT: "Subtitles “{label}” are empty and were left out.",
    NoticeCode.LENGTH_DIFFERS: ("The film lasts {made} s instead of {planned} s. Check its end."),
    NoticeCode.FRAMES_DIFFER: (
        "The film has {made} frames instead of {planned}. Check it, and encode it again."
    ),
    NoticeCode.LOUDNESS_DIFFERS: (
        "Audio track {track} is {difference} dB {way} than in the file. Listen to it."
    ),
    NoticeCode.SILENCE_DIFFERS: (
        "Audio track {track} is silent for {seconds} s from {at} s on, where the file has sound. "
        "Listen to it, and encode it again."
    ),
    NoticeCode.SOUND_OUT_OF_STEP: (
        "Audio track {track} is {milliseconds} ms out of sync with the file. Check a scene with "
        "speech."
    ),
    NoticeCode.PICTURE_FROZEN: (
        "The picture is frozen for {seconds} s from {at} s on, where the file has motion. "
        "Check it, and encode it again."
    ),
}


class WarningText(NamedTuple):
    code: str
    message: str


def warning_text(code: str, values: Mapping[str, str]) -> WarningText:
    """Return the sentence for a stored code; an unknown code is its own message."""
    try:
        return WarningText(code, SENTENCES[NoticeCode(code)].format_map(values))
    except (ValueError, KeyError):
        return WarningText(code, code)
