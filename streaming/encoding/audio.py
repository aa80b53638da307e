"""Encoding of one audio track over the whole film, streamed to the caller's sinks.

AAC joined from separately encoded chunks leaves 20 to 30 ms holes at each join and drifts, so
sound is never cut. It is small: nothing touches the disk.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from typing import BinaryIO, NamedTuple, TypedDict

from streaming.encoding.errors import EncodingError
from streaming.encoding.plan import AudioRendition, AudioTrackPlan, EncodePlan
from streaming.encoding.sources import MEND, Options, input_args, option_args
from streaming.encoding.tools import ShouldStop, never, run_ffmpeg

AUDIO_TIMEOUT_SECONDS = 6 * 3600
SAMPLE_RATE = 48000
# Sound further than this from its time is moved there at once (silence, or a cut). Viewers do not
# notice less, and some recorders' timestamps shake by 20 ms.
HARD_COMP_SECONDS = 0.03
Sink = Callable[[BinaryIO], None]


def encode_audio(
    source: str,
    plan: EncodePlan,
    *,
    track: AudioTrackPlan,
    sinks: Mapping[str, Sink],
    on_progress: Callable[[float], None] | None = None,
    should_stop: ShouldStop = never,
    timeout_seconds: float = AUDIO_TIMEOUT_SECONDS,
) -> None:
    """Encode every rendition of `track`; sink `name` reads that rendition's fragmented MP4.

    Each sink runs in a thread of its own and must read to the end. What a sink raises is raised
    here; otherwise EncodingError.
    """
    pipes = [_Pipe(rendition, sinks[rendition.name]) for rendition in track.renditions]
    spans = spans_of(plan, track)
    outputs = [arg for pipe in pipes for arg in _output_args(pipe)]
    seconds = plan.duration_seconds
    options: _Options = {
        "on_progress": (lambda at: on_progress(min(1.0, at / seconds))) if on_progress else None,
        "timeout_seconds": timeout_seconds,
        "should_stop": should_stop,
        "pass_fds": [pipe.write_fd for pipe in pipes],
    }
    try:
        if len(spans) == 1:
            decoded = _decode_args(source, track, spans[0])
            graph = f"{_timed(track, spans[0])},{_split(track)}"
            run_ffmpeg([*decoded, "-filter_complex", graph, *outputs], **options)
        else:
            _encode_joined(source, track, spans, outputs=outputs, options=options)
    except EncodingError:
        for pipe in pipes:
            pipe.finish()  # a sink that failed is the cause; ffmpeg's broken pipe the effect
        raise
    for pipe in pipes:
        pipe.finish()


class _Options(TypedDict):
    on_progress: Callable[[float], None] | None
    timeout_seconds: float
    should_stop: ShouldStop
    pass_fds: list[int]


def _encode_joined(
    source: str, track: AudioTrackPlan, spans: list[Span], *, outputs: list[str], options: _Options
) -> None:
    """Encode recordings one after the other.

    Each is decoded by a process of its own, which writes raw samples into the encoder's pipe. (One
    ffmpeg with all of them as inputs reads ahead in the second while it encodes the first, and may
    wait for itself.)
    """
    read_fd, write_fd = os.pipe()
    channels = 1 if track.source_channels == 1 else 2
    failure: list[EncodingError] = []

    def feed() -> None:
        try:
            for span in spans:
                run_ffmpeg(
                    [*_samples_args(source, track, span), "-f", "f32le", f"pipe:{write_fd}"],
                    timeout_seconds=options["timeout_seconds"],
                    should_stop=options["should_stop"],
                    pass_fds=[write_fd],
                    keep_fds=True,
                )
        except EncodingError as problem:
            failure.append(problem)
        finally:
            os.close(write_fd)

    feeder = threading.Thread(target=feed, daemon=True)
    feeder.start()
    try:
        samples = option_args({"f": "f32le", "ar": SAMPLE_RATE, "ac": channels})
        graph = f"[0:0]{_split(track)}"
        run_ffmpeg(
            [*samples, "-i", f"pipe:{read_fd}", "-filter_complex", graph, *outputs],
            on_progress=options["on_progress"],
            timeout_seconds=options["timeout_seconds"],
            should_stop=options["should_stop"],
            pass_fds=[read_fd, *options["pass_fds"]],
        )
    finally:
        feeder.join()
    if failure:
        raise failure[0]


class Span(NamedTuple):
    """A track's sound in one recording. Bytes and seconds are those of the source."""

    stream_index: int  # -1: the recording lacks the track
    first_byte: int
    end_byte: int
    zero_seconds: float  # of its first moment in the film
    seconds: float


class _Pipe:
    """A pipe from ffmpeg to one sink."""

    def __init__(self, rendition: AudioRendition, sink: Sink) -> None:
        self.rendition = rendition
        read_fd, self.write_fd = os.pipe()
        self._failure: list[BaseException] = []
        self._thread = threading.Thread(target=self._drain, args=(read_fd, sink), daemon=True)
        self._thread.start()

    def _drain(self, read_fd: int, sink: Sink) -> None:
        with os.fdopen(read_fd, "rb") as stream:
            try:
                sink(stream)
            except BaseException as failure:  # noqa: BLE001  # carried to the caller's thread
                self._failure.append(failure)

    def finish(self) -> None:
        self._thread.join()
        if self._failure:
            raise self._failure[0]


def spans_of(plan: EncodePlan, track: AudioTrackPlan) -> list[Span]:
    """Return the track's recordings in order; one for an ordinary source."""
    if not plan.stretches:
        whole = Span(
            track.stream_index, track.first_byte, 0, plan.film_zero_seconds, plan.duration_seconds
        )
        return [whole]
    return [
        Span(
            stretch.audio_indices[track.index],
            stretch.first_byte,
            stretch.end_byte,
            stretch.zero_seconds + plan.seconds_at(stretch.start_frame),
            plan.seconds_at(stretch.end_frame - stretch.start_frame),
        )
        for stretch in plan.stretches
    ]


def _samples_args(source: str, track: AudioTrackPlan, span: Span) -> list[str]:
    """Return arguments for one recording's raw samples, exactly as long as it; else silence."""
    if span.stream_index < 0:
        layout = "mono" if track.source_channels == 1 else "stereo"
        silence = f"anullsrc=r={SAMPLE_RATE}:cl={layout}:d={span.seconds:.6f}"
        return ["-f", "lavfi", "-i", silence, "-c:a", "pcm_f32le"]
    graph = f"{_timed(track, span)}[samples]"
    output = option_args({"filter_complex": graph, "map": "[samples]", "c:a": "pcm_f32le"})
    return [*_decode_args(source, track, span), *output]


def _decode_args(source: str, track: AudioTrackPlan, span: Span) -> list[str]:
    """Decode to 48 kHz mono or stereo, and hand that to the next graph as an input ([dec:0]).

    When a source changes its rate or its channels ffmpeg builds the graph again, and with it the
    filters that fill gaps and pad begin at film zero again. So what changes goes through a graph
    without memory, and its result, which never changes, through the one that keeps time.

    Downmix: the centre (dialogue) at full level, surrounds at half, no LFE; the limiter keeps the
    sum from clipping without turning the whole film down.
    """
    layout = "mono" if track.source_channels == 1 else "stereo"
    plain = f"aresample={SAMPLE_RATE}:ochl={layout}:osf=flt"
    if track.source_channels > 2:
        plain += ":clev=1:slev=0.5:lfe_mix_level=0:rematrix_maxval=2"
    if track.ambisonic:  # swresample cannot mix it; channel 0 is what an omnidirectional mic hears
        plain = f"pan=stereo|c0=c0|c1=c0,aresample={SAMPLE_RATE}:osf=flt"
    opened = input_args(source, first_byte=span.first_byte, end_byte=span.end_byte)
    graph = f"[0:{span.stream_index}]{plain}[plain]"
    output: Options = {
        "filter_complex": graph,
        "map": "[plain]",
        "c:a": "pcm_f32le",
        "f": "null",
    }
    return ["-copyts", *option_args(MEND), *opened, *option_args(output), "-", "-dec", "0:0"]


def _timed(track: AudioTrackPlan, span: Span) -> str:
    """Return filters that put sound on film time: gaps filled, drift followed, cut and padded."""
    end = f"{span.seconds:.6f}"
    limit = ",alimiter=limit=0.95:level=0:latency=1" if track.source_channels > 2 else ""
    return (
        f"[dec:0]asetpts=PTS-({span.zero_seconds:.6f})/TB,"
        f"aresample={SAMPLE_RATE}:async=1:min_hard_comp={HARD_COMP_SECONDS}:first_pts=0{limit},"
        f"apad=whole_dur={end},atrim=end={end}"
    )


def _split(track: AudioTrackPlan) -> str:
    labels = "".join(f"[a{number}]" for number in range(len(track.renditions)))
    return f"asplit={len(track.renditions)}{labels}"


def _output_args(pipe: _Pipe) -> list[str]:
    """Return the output arguments of a rendition.

    The encoder's priming packet (before 0) is dropped: its decoded samples are silence. The rest
    starts at film zero without an edit list, which players treat differently.
    """
    rendition = pipe.rendition
    number = 0 if rendition.groups[0] == "lo" else 1
    options: Options = {
        "map": f"[a{number}]",
        "c:a": "aac",
        "b:a": f"{rendition.kbps}k",
        "ac": rendition.channels,
        "bsf:a": r"noise=drop=lt(pts\,0)",
        "flags:a": "+bitexact",
        "map_metadata": -1,
        "map_chapters": -1,
        "f": "mp4",
        "movflags": "empty_moov+default_base_moof+skip_trailer",
        "frag_duration": 4_000_000,  # microseconds
    }
    return [*option_args(options), f"pipe:{pipe.write_fd}"]
