"""The engine's exception: `message` is for the uploader, `detail` for the log."""

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
    ErrorCode.NO_VIDEO_STREAM: "The file has sound but no picture; upload a file with video.",
    ErrorCode.ENCRYPTED: "The file is copy-protected; upload a version without DRM.",
    ErrorCode.TRUNCATED: "The file ends too early; export it again and upload the whole file.",
    ErrorCode.NO_FRAMES: "The video track has no pictures; export the film again.",
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
        "The file is not audio we can read; upload MP3, M4A, WAV, FLAC, OGG or a video with sound."
    ),
    ErrorCode.NO_SOUND: "The file has no sound; upload one with sound.",
    ErrorCode.WRONG_LENGTH: "This audio is not as long as the film; upload one for all of it.",
    ErrorCode.REPLACED: (
        "The file in storage is not the one that was uploaded; upload the film again."
    ),
    ErrorCode.REFUSED: "This audio cannot be added to the film now.",
    ErrorCode.INTERNAL: "Encoding failed. The file is saved; please contact support.",
    ErrorCode.OUT_OF_DISK: "The encoder ran out of disk space. It will try again automatically.",
    ErrorCode.SOURCE_UNAVAILABLE: "Storage cannot be reached. We will try again automatically.",
    ErrorCode.TOOL_KILLED: "The encoder was interrupted. It will try again automatically.",
    ErrorCode.TIMED_OUT: "The encoder took too long. It will try again automatically.",
    ErrorCode.STOPPED: "The work was stopped and will be resumed.",
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
