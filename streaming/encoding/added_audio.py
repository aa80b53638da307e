"""Probe and plan of an audio track that is added to a finished film."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from streaming.encoding.errors import EncodingError, ErrorCode
from streaming.encoding.heads import (
    container,
    ffprobe_json,
    is_complete,
    pictures_of,
    read_head,
)
from streaming.encoding.plan import AudioTrackPlan, EncodePlan
from streaming.encoding.planner import LEADING_SOUND_SECONDS, audio_renditions, wants_hi
from streaming.encoding.records import Record
from streaming.encoding.refusals import locked_instead, refuse_encrypted, refuse_truncated
from streaming.encoding.streams import parse_seconds
from streaming.encoding.tail import read_tail
from streaming.encoding.tools import ShouldStop, never

# A logo cut off, or a fade that ends early. A larger difference means another cut of the film, out
# of step with the lips; a smaller one is padded or cut at the end.
TOLERANCE_SECONDS = 5.0
# Their heads guess the length from the first frames' rate; only reading to the end is exact.
GUESSING = frozenset({"mp3"})


@dataclass(frozen=True, kw_only=True)
class AddedAudioFacts(Record):
    stream_index: int
    channels: int
    zero_seconds: float  # source time of the film's first moment
    seconds: float  # from there to the end of the sound
    ambisonic: bool = False


def probe_added_audio(
    source: str, *, size_bytes: int, film_seconds: float, should_stop: ShouldStop = never
) -> AddedAudioFacts:
    """Return the facts of a file's sound. Raises EncodingError for sound this film cannot have."""
    if size_bytes == 0:
        raise EncodingError(ErrorCode.EMPTY_FILE)
    try:
        return _probed(
            source, size_bytes=size_bytes, film_seconds=film_seconds, should_stop=should_stop
        )
    except EncodingError as exc:
        raise locked_instead(exc, source, size_bytes=size_bytes) from exc


def _probed(
    source: str, *, size_bytes: int, film_seconds: float, should_stop: ShouldStop
) -> AddedAudioFacts:
    try:
        head = read_head(source, should_stop=should_stop)
    except EncodingError as exc:
        raise _sound_error(exc) from exc
    refuse_encrypted(head["streams"])
    stream = _choose(head["streams"])
    _refuse_locked(source, index=int(stream["index"]), should_stop=should_stop)
    begin = parse_seconds(head["format"].get("start_time")) or 0.0
    declared = (
        None if container(head) in GUESSING else parse_seconds(head["format"].get("duration"))
    )
    complete = is_complete(source, size_bytes=size_bytes)
    try:
        tail = read_tail(
            source,
            start=begin,
            declared=declared,
            stream_index=int(stream["index"]),
            complete=complete,
            should_stop=should_stop,
        )
    except EncodingError as exc:
        raise _sound_error(exc) from exc
    refuse_truncated(tail, start=begin, declared=declared, complete=complete)
    zero = _zero(head["streams"], stream, begin=begin)
    length = tail.ends[int(stream["index"])] - zero
    _refuse_length(length, film_seconds)
    return AddedAudioFacts(
        stream_index=int(stream["index"]),
        channels=int(stream["channels"]),
        ambisonic=str(stream.get("channel_layout", "")).startswith("ambisonic"),
        zero_seconds=zero,
        seconds=length,
    )


def _sound_error(exc: EncodingError) -> EncodingError:
    """Reword a film error for an audio-only source."""
    codes = {
        ErrorCode.NOT_A_VIDEO: ErrorCode.NOT_SOUND,
        ErrorCode.NO_FRAMES: ErrorCode.NO_SOUND,
    }
    return EncodingError(codes.get(exc.code, exc.code), detail=exc.detail)


def _choose(found: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the audio stream marked default, else the first."""
    sounds = [stream for stream in found if stream.get("codec_type") == "audio"]
    if not sounds:
        raise EncodingError(ErrorCode.NO_SOUND)
    chosen = next((s for s in sounds if s["disposition"].get("default")), sounds[0])
    if chosen.get("codec_name", "unknown") in ("unknown", "none") or not chosen.get("channels"):
        raise EncodingError(ErrorCode.NOT_SOUND, detail=str(chosen.get("codec_tag_string")))
    return chosen


def _refuse_locked(source: str, *, index: int, should_stop: ShouldStop) -> None:
    """Refuse encrypted sound, which only its first packets reveal. Raises EncodingError."""
    wanted = ["-select_streams", str(index), "-read_intervals", "%+#4", "-show_packets"]
    found, _stderr, _exit_code = ffprobe_json(source, wanted, should_stop=should_stop)
    sides = [
        side for packet in found.get("packets", ()) for side in packet.get("side_data_list", ())
    ]
    if any("ncrypt" in side["side_data_type"] for side in sides):
        raise EncodingError(ErrorCode.ENCRYPTED)


def _zero(found: list[dict[str, Any]], sound: dict[str, Any], *, begin: float) -> float:
    """Return the file's time of film zero: its first frame, or sound that clearly leads it."""
    starts = [
        parse_seconds(stream.get("start_time")) for stream in (*pictures_of(found)[:1], sound)
    ]
    first, own = (begin if start is None else start for start in (starts[0], starts[-1]))
    return own if first - own > LEADING_SOUND_SECONDS else first


def _refuse_length(length: float, film_seconds: float) -> None:
    over = length - film_seconds
    if abs(over) <= TOLERANCE_SECONDS:
        return
    message = (
        f"This audio lasts {_clock(length)} and the film {_clock(film_seconds)}: it is "
        f"{_clock(abs(over))} too {'long' if over > 0 else 'short'}. Upload audio for the whole "
        f"film, within {TOLERANCE_SECONDS:.0f} seconds of its length."
    )
    raise EncodingError(ErrorCode.WRONG_LENGTH, message=message)


def _clock(length: float) -> str:
    whole = round(length)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def plan_added_audio(
    film: EncodePlan, facts: AddedAudioFacts, *, stem: str, language: str, label: str
) -> EncodePlan:
    """Return the film's plan with this sound alone, on the time of its own file.

    The film decides the track's position and default later, when it is offered.
    """
    track = AudioTrackPlan(
        index=0,
        stream_index=facts.stream_index,
        language=language,
        label=label,
        default=False,
        source_channels=facts.channels,
        ambisonic=facts.ambisonic,
        renditions=audio_renditions(stem, channels=facts.channels, with_hi=wants_hi(film.rungs)),
    )
    return replace(
        film,
        film_zero_seconds=facts.zero_seconds,
        audio=(track,),
        subtitles=(),
        rungs=(),
        chunks=(),
        stretches=(),
    )
