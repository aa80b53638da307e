"""The one exception of the engine. `message` is for the uploader, `detail` for the log."""

from __future__ import annotations

from enum import StrEnum


class ErrorCode(StrEnum):
    EMPTY_FILE = "empty_file"
    NOT_A_VIDEO = "not_a_video"
    NO_VIDEO_STREAM = "no_video_stream"
    ENCRYPTED = "encrypted"
    TRUNCATED = "truncated"
    NO_FRAMES = "no_frames"
    PICTURE_TOO_LARGE = "picture_too_large"
    TOO_LONG = "too_long"
    UNSUPPORTED_CODEC = "unsupported_codec"
    DOLBY_VISION = "dolby_vision"
    DAMAGED = "damaged"
    NOT_SOUND = "not_sound"
    NO_SOUND = "no_sound"
    WRONG_LENGTH = "wrong_length"
    REFUSED = "refused"
    REPLACED = "replaced"
    INTERNAL = "internal"
    OUT_OF_DISK = "out_of_disk"
    SOURCE_UNAVAILABLE = "source_unavailable"
    TOOL_KILLED = "tool_killed"
    TIMED_OUT = "timed_out"
    STOPPED = "stopped"


RETRYABLE = frozenset(
    {
        ErrorCode.OUT_OF_DISK,
        ErrorCode.SOURCE_UNAVAILABLE,
        ErrorCode.TOOL_KILLED,
        ErrorCode.TIMED_OUT,
        ErrorCode.STOPPED,
    }
)

MESSAGES: dict[ErrorCode, str] = {
    ErrorCode.EMPTY_FILE: "The file is empty; upload it again.",
    ErrorCode.NOT_A_VIDEO: (
        "The file is not a video we can read; upload MP4, MOV, MKV, WebM, AVI or MPEG-TS."
    ),
    ErrorCode.NO_VIDEO_STREAM: "The file has sound but no picture; upload the film with its video.",
    ErrorCode.ENCRYPTED: "The file is copy-protected; upload a version without DRM.",
    ErrorCode.TRUNCATED: "The file ends too early; export it again and upload the whole file.",
    ErrorCode.NO_FRAMES: "The video track holds no pictures; export the film again.",
    ErrorCode.PICTURE_TOO_LARGE: (
        "The picture is larger than 8192 x 8192 or 40 megapixels; export it at 4K or below."
    ),
    ErrorCode.TOO_LONG: "The film is longer than 12 hours; split it into parts.",
    ErrorCode.UNSUPPORTED_CODEC: (
        "The video is stored in a format we cannot decode; export it as H.264 in MP4."
    ),
    ErrorCode.DOLBY_VISION: (
        "The picture is Dolby Vision without a layer other players can show (profile 5); "
        "export it as HDR10, HLG or SDR."
    ),
    ErrorCode.DAMAGED: "The file is damaged and cannot be decoded; export it again and upload it.",
    ErrorCode.NOT_SOUND: (
        "The file is not sound we can read; upload MP3, M4A, WAV, FLAC, OGG or a video with sound."
    ),
    ErrorCode.NO_SOUND: "There is no sound in this file; upload the one with the narration.",
    ErrorCode.WRONG_LENGTH: "This sound is not as long as the film; upload one of the whole film.",
    ErrorCode.REPLACED: (
        "The file in storage is not the one that was uploaded; upload the film again."
    ),
    ErrorCode.REFUSED: "The film does not take this sound now.",
    ErrorCode.INTERNAL: "Our encoder failed on this film; we have kept the file, please tell us.",
    ErrorCode.OUT_OF_DISK: "Our encoder ran out of space; we will try again by ourselves.",
    ErrorCode.SOURCE_UNAVAILABLE: "The file could not be fetched from storage; we will try again.",
    ErrorCode.TOOL_KILLED: "The encoder was interrupted; we will try again by ourselves.",
    ErrorCode.TIMED_OUT: "The encoder took too long; we will try again by ourselves.",
    ErrorCode.STOPPED: "The work was stopped and will be taken up again.",
}


class EncodingError(Exception):
    """A step of the engine failed. `detail` may hold raw tool output: never show it to a client."""

    def __init__(self, code: ErrorCode, *, detail: str = "", message: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.message = message or MESSAGES[code]
        self.retryable = code in RETRYABLE
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"
