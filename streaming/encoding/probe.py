"""Probe of an uploaded source: its streams, and whether the file is whole.

Reads the head, the tail and a few positions between, so a 50 GB film over HTTP costs some
megabytes. Two kinds are read whole: a transport stream, which has no index (transport_scan.py), and
a file whose head, tail and bytes disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from streaming.encoding import streams
from streaming.encoding.colors import color_notices
from streaming.encoding.containers import matroska_codecs
from streaming.encoding.decoders import ffmpeg_for, needs_other_decoder
from streaming.encoding.diagnosis import diagnose
from streaming.encoding.errors import EncodingError, ErrorCode
from streaming.encoding.facts import (
    AudioStream,
    Notice,
    NoticeCode,
    Part,
    SourceFacts,
    VideoStream,
)
from streaming.encoding.heads import (
    PROBE_TIMEOUT_SECONDS,
    container,
    ffprobe_json,
    is_complete,
    pictures_of,
    read_head,
)
from streaming.encoding.recordings import Recordings, find_gaps, find_recordings
from streaming.encoding.refusals import (
    MAX_SECONDS,
    locked_instead,
    refuse_dolby_vision,
    refuse_encrypted,
    refuse_hidden_dolby_vision,
    refuse_size,
    refuse_truncated,
)
from streaming.encoding.sources import input_args
from streaming.encoding.tail import Tail, read_tail
from streaming.encoding.tools import ShouldStop, never, run_tool

# Packets read until pictures come out. An edit list or a recording that begins inside a GOP makes
# ffmpeg drop the first ones: 4,000 are a minute of the longest GOPs seen.
SAMPLE_PACKETS = (24, 400, 4000)
SAMPLE_POSITIONS = (
    0.15,
    0.5,
    0.85,
)  # shares of the film's length, as a leader may differ from the film
POSITION_PACKETS = 12
LEAP_SECONDS = 12
LATE_SOUND_SECONDS = 1.0
COVER_SECONDS = 20  # a second picture track with one packet in these is a still
CONTAINERS = {"mov": "mp4", "matroska": "matroska", "avi": "avi", "mpegts": "mpegts"}
FRAME_ENTRIES = (
    "frame=best_effort_timestamp_time,interlaced_frame,width,height,pix_fmt,color_transfer,"
    "color_primaries,color_space,color_range,channels:frame_side_data=side_data_type"
)


def probe_source(source: str, *, size_bytes: int, should_stop: ShouldStop = never) -> SourceFacts:
    """Return the facts of a path or HTTP URL. Raises EncodingError for what cannot be a film."""
    if size_bytes == 0:
        raise EncodingError(ErrorCode.EMPTY_FILE)
    try:
        return _Probe(source, size_bytes=size_bytes, should_stop=should_stop).facts()
    except EncodingError as exc:
        raise locked_instead(exc, source, size_bytes=size_bytes) from exc


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
        refuse_size(int(video["width"]), int(video["height"]))
        refuse_dolby_vision(video)
        start = streams.parse_seconds(head["format"].get("start_time")) or 0.0
        recordings: Recordings | None = None
        corrected: tuple[Notice, ...] = ()
        if CONTAINERS[container(head)] == "mpegts":
            recordings = find_recordings(
                self.source,
                head,
                video_index=int(video["index"]),
                size_bytes=self.size_bytes,
                should_stop=self.should_stop,
            )
            if int(video["index"]) not in recordings.tail.ends:
                raise EncodingError(ErrorCode.NO_FRAMES)
            tail = recordings.tail
        else:
            tail, corrected = self._tail(head, index=int(video["index"]), start=start)
        return self._facts(head, video, tail=tail, recordings=recordings, notices=corrected)

    def _name_webvtt(self, head: dict[str, Any]) -> None:
        """Name WebVTT as mkvmerge stores it, for which ffmpeg, though it reads it, has no name."""
        subtitles = [s for s in head["streams"] if s.get("codec_type") == "subtitle"]
        unknown = [s for s in subtitles if s.get("codec_name", "unknown") in ("unknown", "none")]
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
        declared = streams.parse_seconds(head["format"].get("duration"))
        complete = is_complete(self.source, size_bytes=self.size_bytes)
        tail = read_tail(
            self.source,
            start=start,
            declared=declared,
            stream_index=index,
            complete=complete,
            should_stop=self.should_stop,
        )
        short = refuse_truncated(tail, start=start, declared=declared, complete=complete)
        mended = [Notice(code=NoticeCode.TIMESTAMPS_MENDED)] if tail.mended else []
        return tail, (*mended, *short)

    def _facts(
        self,
        head: dict[str, Any],
        video: dict[str, Any],
        *,
        tail: Tail,
        recordings: Recordings | None,
        notices: tuple[Notice, ...],
    ) -> SourceFacts:
        index = int(video["index"])
        start = streams.parse_seconds(head["format"].get("start_time")) or 0.0
        positions = () if recordings else _sample_positions(tail, index, start)
        frames = self._sample(video, positions=positions)
        refuse_hidden_dolby_vision(frames[0])
        picture = streams.video_stream(
            video,
            frames=frames,
            tail=tail,
            container_start=start,
            scan=recordings.video if recordings else None,
        )
        audio, subtitles, skipped = streams.other_streams(
            head["streams"], video_index=index, tail=tail, container_start=start
        )
        parts = recordings.parts if recordings else ()
        if recordings is None:
            notices = (*notices, *_size_changes(frames))
        if recordings is None and _leaps(frames):
            parts, gaps = find_gaps(
                self.source, head, video_index=index, should_stop=self.should_stop
            )
            notices = (*notices, *gaps)
        facts = SourceFacts(
            container=CONTAINERS[container(head)],
            size_bytes=self.size_bytes,
            start_seconds=start,
            duration_seconds=_film_seconds(picture, audio, parts),
            video=picture,
            audio=audio,
            subtitles=subtitles,
            skipped=skipped,
            notices=(*notices, *(recordings.notices if recordings else ())),
            parts=parts,
            seek_points=recordings.seek_points if recordings else (),
        )
        return replace(facts, notices=(*facts.notices, *color_notices(picture), *_notices(facts)))

    def _choose_video(self, candidates: list[dict[str, Any]]) -> dict[str, Any]:
        """Return the moving picture marked default, else the first moving one."""
        pictures = pictures_of(candidates)
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
        """Return the pictures without stills: an unmarked cover has a single packet."""
        wanted = ["-read_intervals", f"%+{COVER_SECONDS}", "-show_entries", "packet=stream_index"]
        found, _, _ = ffprobe_json(self.source, wanted, should_stop=self.should_stop)
        counts = [packet["stream_index"] for packet in found.get("packets", ())]
        moving = [stream for stream in pictures if counts.count(stream["index"]) > 1]
        for stream in pictures:
            if moving and stream not in moving:
                stream["disposition"]["attached_pic"] = 1
        return moving or pictures

    def _sample(self, video: dict[str, Any], *, positions: Sequence[float]) -> list[dict[str, Any]]:
        """Decode pictures from the beginning and some positions.

        They prove that the source can be decoded, and show whether it is interlaced.
        """
        index = int(video["index"])
        if needs_other_decoder(str(video["codec_name"])):
            self._prove_decodable(video)
            # The head has the picture's facts under the names of a decoded frame.
            return [{**video, "interlaced_frame": 0}]
        stderr = ""
        exit_code = 0
        for packets in SAMPLE_PACKETS:
            frames, stderr, exit_code = self._frames(index, f"%+#{packets}")
            if frames:
                refuse_size(int(frames[0]["width"]), int(frames[0]["height"]))
                for position in positions:
                    sampled = self._frames(index, f"{position:.3f}%+#{POSITION_PACKETS}")[0]
                    frames += [{**frame, "wanted": position} for frame in sampled]
                return frames
        raise _undecodable(stderr, exit_code)

    def _frames(self, index: int, interval: str) -> tuple[list[dict[str, Any]], str, int]:
        found, stderr, exit_code = ffprobe_json(
            self.source,
            [
                *("-select_streams", str(index)),
                *("-read_intervals", interval),
                *("-show_entries", FRAME_ENTRIES),
            ],
            should_stop=self.should_stop,
        )
        return found.get("frames", []), stderr, exit_code

    def _prove_decodable(self, video: dict[str, Any]) -> None:
        command = [ffmpeg_for(str(video["codec_name"])), "-hide_banner", "-nostdin", "-v", "error"]
        one_frame = ["-map", f"0:{video['index']}", "-frames:v", "1", "-f", "null", "-"]
        result = run_tool(
            [*command, *input_args(self.source), *one_frame],
            timeout_seconds=PROBE_TIMEOUT_SECONDS,
            should_stop=self.should_stop,
        )
        if result.exit_code or "rror" in result.stderr:
            raise _undecodable(result.stderr, result.exit_code)


def _undecodable(stderr: str, exit_code: int) -> EncodingError:
    problem = diagnose(exit_code=exit_code or 1, stderr=stderr)
    if "ncrypt" in stderr:
        problem = ErrorCode.ENCRYPTED
    if problem in (None, ErrorCode.INTERNAL, ErrorCode.TRUNCATED):
        problem = ErrorCode.DAMAGED
    return EncodingError(problem, detail=stderr)


def _sample_positions(tail: Tail, index: int, start: float) -> list[float]:
    """Return source seconds to sample besides the beginning; none in a clip of a few seconds."""
    length = tail.ends[index] - start
    return [start + share * length for share in SAMPLE_POSITIONS] if length >= 2 else []


def _film_seconds(
    picture: VideoStream, audio: Sequence[AudioStream], parts: Sequence[Part]
) -> float:
    """Return the length of the film. Raises EncodingError TOO_LONG."""
    end = max([picture.end_seconds, *(track.end_seconds for track in audio)])
    begin = min([picture.start_seconds, *(track.start_seconds for track in audio)])
    seconds = end - begin
    if parts:
        seconds = sum(part.end_seconds - part.start_seconds for part in parts)
    if seconds > MAX_SECONDS:
        raise EncodingError(ErrorCode.TOO_LONG)
    return seconds


def _size_changes(frames: Sequence[dict[str, Any]]) -> tuple[Notice, ...]:
    """Return a notice where sampled sizes differ; the encode follows the size in any case."""
    sizes = {(int(frame["width"]), int(frame["height"])) for frame in frames}
    if len(sizes) < 2:
        return ()
    shown = ", ".join(f"{width}x{height}" for width, height in sorted(sizes))
    return (Notice(code=NoticeCode.SIZE_CHANGES, values={"sizes": shown}),)


def _leaps(frames: Sequence[dict[str, Any]]) -> bool:
    """Return True if a seek led to a keyframe far before the wanted position.

    The reason is a long GOP, slides, or a clock that jumps ahead.
    """
    return any(
        frame["wanted"] - (streams.parse_seconds(frame.get("best_effort_timestamp_time")) or 0.0)
        > LEAP_SECONDS
        for frame in frames
        if "wanted" in frame
    )


def _notices(facts: SourceFacts) -> list[Notice]:
    """Return notices of streams that were left out or changed."""
    notices = []
    if facts.video.captions:
        notices.append(Notice(code=NoticeCode.CLOSED_CAPTIONS_LEFT_OUT))
    notices += [
        Notice(
            code=stream.code,
            values={
                "index": str(stream.index),
                "codec": stream.codec,
                "language": stream.language,
            },
        )
        for stream in facts.skipped
        if stream.code is not NoticeCode.COVER_LEFT_OUT
    ]
    for number, track in enumerate(facts.audio, start=1):
        if track.ambisonic:
            notices.append(Notice(code=NoticeCode.AMBISONIC_MIXED, values={"track": str(number)}))
        late = track.start_seconds - facts.video.start_seconds
        if late > LATE_SOUND_SECONDS and not facts.parts:
            values = {"track": str(number), "seconds": f"{late:.1f}"}
            notices.append(Notice(code=NoticeCode.SOUND_LATE, values=values))
    return notices
