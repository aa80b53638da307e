"""`probe_source`: what was uploaded, and whether all of it is there.

Reads the head, the tail and a few places between, so a 50 GB film over HTTP costs some megabytes.
Two kinds are read whole: a transport stream, which has no index (scanning.py), and a file whose
head, tail and bytes disagree.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from streaming.encoding import streams
from streaming.encoding.colors import color_notices
from streaming.encoding.containers import is_locked, matroska_codecs, missing_bytes
from streaming.encoding.decoders import ffmpeg_for, needs_other_decoder
from streaming.encoding.diagnosis import diagnose
from streaming.encoding.errors import EncodingError, ErrorCode
from streaming.encoding.facts import Notice, NoticeCode, SourceFacts
from streaming.encoding.recordings import Recordings, find_recordings
from streaming.encoding.sources import first_bytes, input_args
from streaming.encoding.tail import Tail, read_tail
from streaming.encoding.tools import ShouldStop, ffprobe_path, never, run

PROBE_TIMEOUT_SECONDS = 300
MAX_SIDE, MAX_PIXELS = 8192, 40_000_000
MAX_SECONDS = 12 * 3600
# Packets read until pictures come out. An edit list or a recording that begins inside a GOP makes
# ffmpeg drop the first ones: 4,000 are a minute of the longest GOPs seen.
SAMPLE_PACKETS = (24, 400, 4000)
SAMPLE_PLACES = (0.15, 0.5, 0.85)  # of the film's length: a leader may be unlike the film
PLACE_PACKETS = 12
COVER_SECONDS = 20  # a second picture track with one packet in these is a still
ENCRYPTED_TAGS = frozenset({"encv", "enca", "enct", "drmi", "drms", "drmt"})
MP4_STARTS = frozenset({b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide"})
CONTAINERS = {"mov": "mp4", "matroska": "matroska", "avi": "avi", "mpegts": "mpegts"}
MAYBE_LOCKED = frozenset(
    {
        ErrorCode.NOT_A_VIDEO,
        ErrorCode.NO_VIDEO_STREAM,
        ErrorCode.NO_FRAMES,
        ErrorCode.UNSUPPORTED_CODEC,
        ErrorCode.DAMAGED,
    }
)
FRAME_ENTRIES = (
    "frame=best_effort_timestamp_time,interlaced_frame,width,height,pix_fmt,color_transfer,"
    "color_primaries,color_space,color_range,channels:frame_side_data=side_data_type"
)
DOLBY_VISION_ALONE = frozenset({5, 10, 20})  # profiles whose base layer may be no other format


def probe_source(source: str, *, size_bytes: int, should_stop: ShouldStop = never) -> SourceFacts:
    """Facts of a local path or HTTP URL. Raises EncodingError for what cannot become a film."""
    if size_bytes == 0:
        raise EncodingError(ErrorCode.EMPTY_FILE)
    try:
        return _Probe(source, size_bytes=size_bytes, should_stop=should_stop).facts()
    except EncodingError as exc:
        raise locked_instead(exc, source, size_bytes=size_bytes) from exc


def locked_instead(exc: EncodingError, source: str, *, size_bytes: int) -> EncodingError:
    """A file that only seems broken may be encrypted: then that is what the uploader is told."""
    if exc.code not in MAYBE_LOCKED:
        return exc
    try:
        locked = is_locked(source, size_bytes=size_bytes)
    except OSError:
        return exc
    return EncodingError(ErrorCode.ENCRYPTED, detail=exc.detail) if locked else exc


@dataclass
class _Probe:
    source: str
    size_bytes: int
    should_stop: ShouldStop

    def facts(self) -> SourceFacts:
        head = read_head(self.source, should_stop=self.should_stop)
        if container(head) not in CONTAINERS:
            raise EncodingError(ErrorCode.NOT_A_VIDEO, detail=container(head))
        refuse_encrypted(head["streams"])
        self._name_webvtt(head)
        video = self._choose_video(head["streams"])
        _refuse_size(int(video["width"]), int(video["height"]))
        refuse_dolby_vision(video)
        start = streams.seconds(head["format"].get("start_time")) or 0.0
        recordings = None
        if CONTAINERS[container(head)] == "mpegts":
            recordings = find_recordings(
                self.source, head, video_index=int(video["index"]), size_bytes=self.size_bytes,
                should_stop=self.should_stop,
            )  # fmt: skip
            if int(video["index"]) not in recordings.tail.ends:
                raise EncodingError(ErrorCode.NO_FRAMES)
            tail, corrected = recordings.tail, ()
        else:
            tail, corrected = self._tail(head, index=int(video["index"]), start=start)
        return self._facts(head, video, tail=tail, recordings=recordings, notices=corrected)

    def _name_webvtt(self, head: dict[str, Any]) -> None:
        """ffmpeg has no name for WebVTT as mkvmerge stores it, though it reads its packets."""
        unknown = [one for one in head["streams"] if one.get("codec_type") == "subtitle"
                   and one.get("codec_name", "unknown") in ("unknown", "none")]  # fmt: skip
        if container(head) != "matroska" or not unknown:
            return
        try:
            codecs = matroska_codecs(self.source)
        except OSError as exc:
            raise EncodingError(ErrorCode.SOURCE_UNAVAILABLE, detail=str(exc)) from exc
        for stream in unknown:
            index = int(stream["index"])
            if index < len(codecs) and codecs[index] == "S_TEXT/WEBVTT":
                stream["codec_name"] = "webvtt"

    def _tail(
        self, head: dict[str, Any], *, index: int, start: float
    ) -> tuple[Tail, tuple[Notice, ...]]:
        declared = streams.seconds(head["format"].get("duration"))
        complete = is_complete(self.source, size_bytes=self.size_bytes)
        tail = read_tail(
            self.source, start=start, declared=declared, stream_index=index,
            complete=complete, should_stop=self.should_stop,
        )  # fmt: skip
        short = refuse_truncated(tail, start=start, declared=declared, complete=complete)
        mended = [Notice(code=NoticeCode.TIMESTAMPS_MENDED)] if tail.mended else []
        return tail, (*mended, *short)

    def _facts(
        self, head: dict[str, Any], video: dict[str, Any], *, tail: Tail,
        recordings: Recordings | None, notices: tuple[Notice, ...],
    ) -> SourceFacts:  # fmt: skip
        index, start = int(video["index"]), _start(head, video, tail)
        frames = self._sample(video, places=() if recordings else _places(tail, index, start))
        refuse_hidden_dolby_vision(frames[0])
        picture = streams.video_stream(
            video, frames=frames, tail=tail, container_start=start,
            scan=recordings.video if recordings else None,
        )  # fmt: skip
        audio, subtitles, skipped = streams.other_streams(
            head["streams"], video_index=index, tail=tail, container_start=start,
        )  # fmt: skip
        end = max([picture.end_seconds, *(track.end_seconds for track in audio)])
        begin = min([picture.start_seconds, *(track.start_seconds for track in audio)])
        length = end - begin
        parts = recordings.parts if recordings else ()
        if parts:
            length = sum(part.end_seconds - part.start_seconds for part in parts)
        if length > MAX_SECONDS:
            raise EncodingError(ErrorCode.TOO_LONG)
        facts = SourceFacts(
            container=CONTAINERS[container(head)],
            size_bytes=self.size_bytes,
            start_seconds=start,
            duration_seconds=length,
            video=picture,
            audio=audio,
            subtitles=subtitles,
            skipped=skipped,
            notices=(*notices, *(recordings.notices if recordings else ())),
            parts=parts,
            seek_points=recordings.seek_points if recordings else (),
        )
        return replace(facts, notices=(*facts.notices, *color_notices(picture), *_notices(facts)))

    def _choose_video(self, found: list[dict[str, Any]]) -> dict[str, Any]:
        """The moving one that is marked, else the first that moves."""
        pictures = pictures_of(found)
        if not pictures:
            raise EncodingError(ErrorCode.NO_VIDEO_STREAM)
        if len(pictures) > 1:
            pictures = self._moving(pictures)
        chosen = next((s for s in pictures if s["disposition"].get("default")), pictures[0])
        if chosen.get("codec_name", "unknown") in ("unknown", "none"):
            tag = str(chosen.get("codec_tag_string"))
            raise EncodingError(ErrorCode.UNSUPPORTED_CODEC, detail=tag)
        if not chosen.get("width") or not chosen.get("height"):
            raise EncodingError(ErrorCode.NO_FRAMES)
        return chosen

    def _moving(self, pictures: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Without stills: a cover that is not marked as one has a single packet."""
        wanted = ["-read_intervals", f"%+{COVER_SECONDS}", "-show_entries", "packet=stream_index"]
        found, _, _ = ffprobe_json(self.source, wanted, should_stop=self.should_stop)
        counts = [packet["stream_index"] for packet in found.get("packets", ())]
        moving = [one for one in pictures if counts.count(one["index"]) > 1]
        for one in pictures:
            if moving and one not in moving:
                one["disposition"]["attached_pic"] = 1
        return moving or pictures

    def _sample(self, video: dict[str, Any], *, places: Sequence[float]) -> list[dict[str, Any]]:
        """Pictures from the beginning and from some places, decoded: proof that we can, and how
        they are scanned.
        """
        index = int(video["index"])
        if needs_other_decoder(str(video["codec_name"])):
            self._prove_decodable(video)
            return [_frame_of_head(video)]
        stderr, exit_code = "", 0
        for packets in SAMPLE_PACKETS:
            frames, stderr, exit_code = self._frames(index, f"%+#{packets}")
            if frames:
                _refuse_size(int(frames[0]["width"]), int(frames[0]["height"]))
                for place in places:
                    frames += self._frames(index, f"{place:.3f}%+#{PLACE_PACKETS}")[0]
                return frames
        raise _undecodable(stderr, exit_code)

    def _frames(self, index: int, interval: str) -> tuple[list[dict[str, Any]], str, int]:
        found, stderr, exit_code = ffprobe_json(
            self.source,
            ["-select_streams", str(index), "-read_intervals", interval,
             "-show_entries", FRAME_ENTRIES],
            should_stop=self.should_stop,
        )  # fmt: skip
        return found.get("frames", []), stderr, exit_code

    def _prove_decodable(self, video: dict[str, Any]) -> None:
        result = run(
            [ffmpeg_for(str(video["codec_name"])), "-hide_banner", "-nostdin", "-v", "error",
             *input_args(self.source), "-map", f"0:{video['index']}", "-frames:v", "1",
             "-f", "null", "-"],
            timeout_seconds=PROBE_TIMEOUT_SECONDS,
            should_stop=self.should_stop,
        )  # fmt: skip
        if result.exit_code or "rror" in result.stderr:
            raise _undecodable(result.stderr, result.exit_code)


def _undecodable(stderr: str, exit_code: int) -> EncodingError:
    problem = diagnose(exit_code=exit_code or 1, stderr=stderr)
    if "ncrypt" in stderr:
        problem = ErrorCode.ENCRYPTED
    if problem in (None, ErrorCode.INTERNAL, ErrorCode.TRUNCATED):
        problem = ErrorCode.DAMAGED
    return EncodingError(problem, detail=stderr)


def _frame_of_head(video: dict[str, Any]) -> dict[str, Any]:
    """What the head says of the picture, in the words of a decoded frame."""
    return {**video, "interlaced_frame": 0}


def _start(head: dict[str, Any], video: dict[str, Any], tail: Tail) -> float:
    return streams.seconds(head["format"].get("start_time")) or 0.0


def _places(tail: Tail, index: int, start: float) -> list[float]:
    """Source seconds to look at besides the beginning; none in a clip of a few seconds."""
    length = tail.ends[index] - start
    return [start + share * length for share in SAMPLE_PLACES] if length >= 2 else []


def _notices(facts: SourceFacts) -> list[Notice]:
    """What follows from the streams themselves: those left out, those changed."""
    found = []
    if facts.video.captions:
        found.append(Notice(code=NoticeCode.CLOSED_CAPTIONS_LEFT_OUT))
    found += [
        Notice(
            code=one.code,
            values={"index": str(one.index), "codec": one.codec, "language": one.language},
        )
        for one in facts.skipped
        if one.code is not NoticeCode.COVER_LEFT_OUT
    ]
    for number, track in enumerate(facts.audio, start=1):
        if track.ambisonic:
            found.append(Notice(code=NoticeCode.AMBISONIC_MIXED, values={"track": str(number)}))
        late = track.start_seconds - facts.video.start_seconds
        if late > LATE_SOUND_SECONDS and not facts.parts:
            values = {"track": str(number), "seconds": f"{late:.1f}"}
            found.append(Notice(code=NoticeCode.SOUND_LATE, values=values))
    return found


LATE_SOUND_SECONDS = 1.0


def ffprobe_json(
    source: str, args: list[str], *, should_stop: ShouldStop, first_byte: int = 0, end_byte: int = 0
) -> tuple[dict[str, Any], str, int]:
    lines: list[str] = []
    result = run(
        [ffprobe_path(), "-hide_banner", "-v", "error", "-of", "json", *args,
         *input_args(source, first_byte=first_byte, end_byte=end_byte)],
        on_line=lines.append,
        timeout_seconds=PROBE_TIMEOUT_SECONDS,
        should_stop=should_stop,
    )  # fmt: skip
    text = "\n".join(lines)
    return (json.loads(text) if text else {}), result.stderr, result.exit_code


def container(head: dict[str, Any]) -> str:
    return str(head["format"]["format_name"]).split(",", maxsplit=1)[0]


def read_head(source: str, *, should_stop: ShouldStop) -> dict[str, Any]:
    found, stderr, exit_code = ffprobe_json(
        source,
        ["-show_format", "-show_streams", "-probesize", "20M", "-analyzeduration", "60M"],
        should_stop=should_stop,
    )
    problem = diagnose(exit_code=exit_code, stderr=stderr)
    if problem is ErrorCode.TRUNCATED and not _looks_like_mp4(source):
        problem = ErrorCode.NOT_A_VIDEO  # ffmpeg believed the file name
    if problem in (ErrorCode.DAMAGED, ErrorCode.INTERNAL, ErrorCode.UNSUPPORTED_CODEC):
        raise EncodingError(ErrorCode.NOT_A_VIDEO, detail=stderr)
    if problem:
        raise EncodingError(problem, detail=stderr)
    if not found.get("streams") or "format" not in found:
        raise EncodingError(ErrorCode.NOT_A_VIDEO, detail=stderr)
    return found


def _looks_like_mp4(source: str) -> bool:
    try:
        return first_bytes(source)[4:8] in MP4_STARTS
    except OSError as unreachable:
        raise EncodingError(ErrorCode.SOURCE_UNAVAILABLE, detail=str(unreachable)) from unreachable


def is_complete(source: str, *, size_bytes: int) -> bool:
    """Whether the file's structure says that no byte is missing. Raises EncodingError."""
    try:
        return missing_bytes(source, size_bytes=size_bytes) == 0
    except OSError as unreachable:
        raise EncodingError(ErrorCode.SOURCE_UNAVAILABLE, detail=str(unreachable)) from unreachable


def pictures_of(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The real ones; cover art is a video stream too, but not a film."""
    return [
        stream
        for stream in found
        if stream.get("codec_type") == "video" and not stream["disposition"].get("attached_pic")
    ]


def refuse_encrypted(found: list[dict[str, Any]]) -> None:
    for stream in found:
        tag = stream.get("codec_tag_string", "")
        sides = stream.get("side_data_list", ())
        if tag in ENCRYPTED_TAGS or any("ncrypt" in side["side_data_type"] for side in sides):
            raise EncodingError(ErrorCode.ENCRYPTED, detail=tag)


def refuse_dolby_vision(video: dict[str, Any]) -> None:
    """A base layer in Dolby's own colours (IPT) needs Dolby's decoder: shown as it is, red turns
    violet. Compatibility id 0 says that there is no other way to show it.
    """
    for side in video.get("side_data_list", ()):
        if "dv_profile" not in side:
            continue
        profile, compatible = int(side["dv_profile"]), side.get("dv_bl_signal_compatibility_id", 0)
        if profile == 5 or (profile in DOLBY_VISION_ALONE and int(compatible) == 0):
            raise EncodingError(ErrorCode.DOLBY_VISION, detail=f"profile {profile}")


def refuse_hidden_dolby_vision(frame: dict[str, Any]) -> None:
    """The same without a configuration record: metadata in each frame, and no transfer named."""
    kinds = [str(side.get("side_data_type", "")) for side in frame.get("side_data_list", ())]
    named = frame.get("color_transfer", "unknown") not in ("unknown", "unspecified", "reserved")
    if any("Dolby Vision" in kind for kind in kinds) and not named:
        raise EncodingError(ErrorCode.DOLBY_VISION, detail="by its frames")


def _refuse_size(width: int, height: int) -> None:
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise EncodingError(ErrorCode.PICTURE_TOO_LARGE, detail=f"{width}x{height}")


def refuse_truncated(
    tail: Tail, *, start: float, declared: float | None, complete: bool
) -> tuple[Notice, ...]:
    """Raise TRUNCATED for a file that ends early. A whole file whose head declares more than it
    holds is a film of what it holds, and the notice says so.
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
