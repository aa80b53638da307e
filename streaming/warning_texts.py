"""Sentences for what the engine changed or left out (`encoding.facts.NoticeCode`), for staff."""

from collections.abc import Mapping
from typing import NamedTuple

from streaming.encoding.facts import NoticeCode

UPLOAD_TEXT = "Upload them as text (SRT or WebVTT) to offer them."
SENTENCES: Mapping[NoticeCode, str] = {
    NoticeCode.STREAM_LEFT_OUT: (
        "Stream {index} ({codec}) is not picture, sound or subtitles and was left out."
    ),
    NoticeCode.UNDECODABLE_SOUND_LEFT_OUT: (
        "Sound track {index} ({language}) is in a format we cannot decode ({codec}) and was left "
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
        "The file has another picture track ({index}, {codec}); viewers get the first alone."
    ),
    NoticeCode.COVER_LEFT_OUT: "A cover picture was left out.",
    NoticeCode.LENGTH_CORRECTED: (
        "The file says that it lasts {declared} s, and holds {held} s. The film is as long as what "
        "it holds; if that is too short, export it again."
    ),
    NoticeCode.RECORDINGS_JOINED: (
        "The file holds {count} recordings one after the other, each with a clock of its own. They "
        "were joined."
    ),
    NoticeCode.GAP_CLOSED: (
        "The recording's clock jumps by {seconds} s at {at} s of the film. The gap was closed."
    ),
    NoticeCode.TIMESTAMPS_MENDED: (
        "Some pictures had a time far from their neighbours'. They are shown between them."
    ),
    NoticeCode.SIZE_CHANGES: (
        "The picture changes its size inside the film ({sizes}). The film has the first size, with "
        "bars where another does not fill it."
    ),
    NoticeCode.SHAPE_CHANGES: (
        "The picture changes its shape inside the film (4:3 and 16:9). The film has the first "
        "shape, with bars where the other does not fill it."
    ),
    NoticeCode.COLORS_CONVERTED: (
        "The colours were converted from {colors} to those of television and the web."
    ),
    NoticeCode.HDR_CONVERTED: "The picture was converted from {colors} to standard dynamic range.",
    NoticeCode.AMBISONIC_MIXED: (
        "Sound track {track} is ambisonic (360°). Viewers hear its main channel on both sides."
    ),
    NoticeCode.SOUND_LATE: "Sound track {track} begins {seconds} s after the picture.",
    NoticeCode.SUBTITLE_CHARACTERS_REPLACED: (
        "Subtitles “{label}” hold {count} letters that are damaged; they show as "
        "“\N{REPLACEMENT CHARACTER}”."
    ),
    NoticeCode.EMPTY_SUBTITLES_LEFT_OUT: "Subtitles “{label}” hold no line and were left out.",
    NoticeCode.LENGTH_DIFFERS: (
        "The finished film lasts {made} s, and was planned with {planned} s. Look at its end."
    ),
    NoticeCode.FRAMES_DIFFER: (
        "The finished film has {made} pictures of {planned}. Look at it, and encode it again."
    ),
    NoticeCode.LOUDNESS_DIFFERS: (
        "Sound track {track} has become {difference} dB {way} than in the file. Listen to it."
    ),
    NoticeCode.SILENCE_DIFFERS: (
        "Sound track {track} is silent from {at} s on for {seconds} s, where the file has sound. "
        "Listen to it, and encode it again."
    ),
    NoticeCode.SOUND_OUT_OF_STEP: (
        "Sound track {track} is {milliseconds} ms away from where the file has it. Watch some "
        "speech."
    ),
    NoticeCode.PICTURE_FROZEN: (
        "The picture stands still for {seconds} s from {at} s on, where the file has pictures. "
        "Look at it, and encode it again."
    ),
}


class WarningText(NamedTuple):
    code: str
    message: str


def warning_text(code: str, values: Mapping[str, str]) -> WarningText:
    """Return the sentence for a stored code; an unknown code stands for itself."""
    try:
        return WarningText(code, SENTENCES[NoticeCode(code)].format_map(values))
    except (ValueError, KeyError):
        return WarningText(code, code)
