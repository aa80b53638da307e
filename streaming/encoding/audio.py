"""`encode_audio`: one track over the whole film in one go, streamed to the caller's sinks.

AAC joined from separately encoded chunks leaves 20 to 30 ms holes at each join and drifts, so
sound is never cut. It is small: nothing touches the disk.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from typing import BinaryIO

from streaming.encoding.errors import EncodingError
from streaming.encoding.plan import AudioRendition, AudioTrackPlan, EncodePlan
from streaming.encoding.sources import input_args
from streaming.encoding.tools import ShouldStop, never, run_ffmpeg

AUDIO_TIMEOUT_SECONDS = 6 * 3600
SAMPLE_RATE = 48000
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
    try:
        run_ffmpeg(
            [
                "-copyts", *input_args(source),
                "-filter_complex", _graph(plan, track),
                *(arg for pipe in pipes for arg in _output_args(pipe)),
            ],
            on_progress=_share(on_progress, plan.duration_seconds),
            timeout_seconds=timeout_seconds,
            should_stop=should_stop,
            pass_fds=[pipe.write_fd for pipe in pipes],
        )  # fmt: skip
    except EncodingError:
        for pipe in pipes:
            pipe.finish()  # a sink that failed is the cause; ffmpeg's broken pipe the effect
        raise
    for pipe in pipes:
        pipe.finish()


def _share(
    on_progress: Callable[[float], None] | None, seconds: float
) -> Callable[[float], None] | None:
    if on_progress is None:
        return None
    report = on_progress
    return lambda at: report(min(1.0, at / seconds))


class _Pipe:
    """The way from ffmpeg to one sink."""

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


def _graph(plan: EncodePlan, track: AudioTrackPlan) -> str:
    """Sound on film time: gaps filled, drift followed, cut and padded to the film's length.

    Downmix: the centre (dialogue) at full level, surrounds at half, no LFE; the limiter keeps the
    sum from clipping without turning the whole film down.
    """
    end = f"{plan.duration_seconds:.6f}"
    layout = "mono" if track.source_channels == 1 else "stereo"
    resample = f"aresample={SAMPLE_RATE}:async=1:min_hard_comp=0.1:first_pts=0:ochl={layout}"
    mix = (
        ":clev=1:slev=0.5:lfe_mix_level=0:rematrix_maxval=2,alimiter=limit=0.95:level=0:latency=1"
        if track.source_channels > 2
        else ""
    )
    chain = (
        f"[0:{track.stream_index}]asetpts=PTS-({plan.film_zero_seconds:.6f})/TB,{resample}{mix},"
        f"apad=whole_dur={end},atrim=end={end}"
    )
    labels = "".join(f"[a{number}]" for number in range(len(track.renditions)))
    return f"{chain},asplit={len(track.renditions)}{labels}"


def _output_args(pipe: _Pipe) -> list[str]:
    """The encoder's priming packet (before 0) is dropped: its decoded samples are silence.

    What is left starts at film zero without needing an edit list, which players treat differently.
    """
    rendition = pipe.rendition
    number = 0 if rendition.groups[0] == "lo" else 1
    return [
        "-map", f"[a{number}]", "-c:a", "aac", "-b:a", f"{rendition.kbps}k",
        "-ac", str(rendition.channels), "-bsf:a", r"noise=drop=lt(pts\,0)", "-flags:a", "+bitexact",
        "-map_metadata", "-1", "-map_chapters", "-1", "-f", "mp4",
        "-movflags", "empty_moov+default_base_moof+skip_trailer", "-frag_duration", "4000000",
        f"pipe:{pipe.write_fd}",
    ]  # fmt: skip
