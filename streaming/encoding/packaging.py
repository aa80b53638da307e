"""Packaging of encoded streams as CMAF with HLS and DASH, with bounded disk use."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from streaming.encoding.captions import segment_captions
from streaming.encoding.dash import add_captions
from streaming.encoding.diagnosis import diagnose
from streaming.encoding.errors import EncodingError, ErrorCode
from streaming.encoding.master import master_playlist, tidy_playlist
from streaming.encoding.package_input import Feeder, Gate
from streaming.encoding.package_output import (
    Collector,
    RenditionWatch,
    Sink,
    collect_ready,
    disk_bytes,
)
from streaming.encoding.plan import EncodePlan
from streaming.encoding.results import PackageResult, RenditionFacts
from streaming.encoding.tools import Process, ShouldStop, never, packager_path

PACKAGE_TIMEOUT_SECONDS = 6 * 3600
POLL_SECONDS = 0.02
MIB = 1024 * 1024
IO_CACHE_BYTES = 512 * 1024
Blocks = Iterable[bytes]


def package_film(
    plan: EncodePlan,
    *,
    rungs: Mapping[str, Blocks],
    audio: Mapping[str, Blocks],
    subtitles: Mapping[str, Path],
    work_dir: Path,
    sink: Sink,
    disk_budget_bytes: int = 256 * MIB,
    parallel_sinks: int = 8,
    should_stop: ShouldStop = never,
    timeout_seconds: float = PACKAGE_TIMEOUT_SECONDS,
) -> PackageResult:
    """Package what is given: some rungs (by name), audio renditions and WebVTT files (by name).

    `rungs` and `audio` give each stream's bytes: whole chunk files back to back, in order. Every
    object is passed to `sink(relative_path, local_file, content_type)`, called from up to
    `parallel_sinks` threads, and deleted; playlists come after all media, the MPD last. About
    `disk_budget_bytes` plus a few segments per stream lie in `work_dir` (a fresh directory).
    Raises EncodingError, or what the sink or a stream raises.
    """
    streams = _streams(plan, rungs=rungs, audio=audio)
    out = work_dir / "out"
    out.mkdir(parents=True)
    collector = Collector(out, sink=sink, parallel=parallel_sinks)
    gate = Gate()
    run = _Run(
        watches=[RenditionWatch(s.name, kind=s.kind, collector=collector) for s in streams],
        feeders=[Feeder(s.blocks, fifo=work_dir / f"{s.name}.fifo", gate=gate) for s in streams],
        gate=gate,
        collector=collector,
        root=work_dir,
        budget=disk_budget_bytes,
    )
    try:
        command = _command(plan, streams, work_dir=work_dir)
        peak = run.through(command, should_stop=should_stop, timeout_seconds=timeout_seconds)
        facts = tuple(watch.finish() for watch in run.watches)
        playlists, manifest = _documents(plan, facts, subtitles=subtitles, collector=collector)
    finally:
        collector.close()
    return PackageResult(
        objects=tuple(collector.objects),
        renditions=facts,
        playlists=playlists,
        manifest=manifest,
        total_bytes=sum(item.bytes for item in collector.objects),
        peak_disk_bytes=peak,
    )


@dataclass(frozen=True, kw_only=True)
class _Stream:
    name: str  # directory in the package
    kind: str
    blocks: Blocks
    fields: str  # packager's stream descriptor, after the input


def video_directory(rung_name: str) -> str:
    return f"v{rung_name.removesuffix('p')}"


def _streams(
    plan: EncodePlan, *, rungs: Mapping[str, Blocks], audio: Mapping[str, Blocks]
) -> list[_Stream]:
    chosen = [
        _Stream(
            name=video_directory(rung.name),
            kind="video",
            blocks=rungs[rung.name],
            fields=f"stream=video,iframe_playlist_name={video_directory(rung.name)}/iframes.m3u8",
        )
        for rung in plan.rungs
        if rung.name in rungs
    ]
    for track in plan.audio:
        language = "" if track.language == "und" else f",language={track.language}"
        chosen += [
            _Stream(
                name=rendition.name,
                kind="audio",
                blocks=audio[rendition.name],
                fields=f"stream=audio{language},hls_name={track.label}"
                f",hls_group_id={rendition.groups[0]},dash_label={track.label}"
                f",dash_roles={'main' if track.default else 'alternate'}",
            )
            for rendition in track.renditions
            if rendition.name in audio
        ]
    return chosen


def _command(plan: EncodePlan, streams: Sequence[_Stream], *, work_dir: Path) -> list[str]:
    descriptors = [
        f"in={work_dir / s.name}.fifo,init_segment={s.name}/init.mp4"
        f",segment_template={s.name}/$Number$.m4s,playlist_name={s.name}/media.m3u8,{s.fields}"
        for s in streams
    ]
    # the packager truncates to whole ticks: a little more keeps 4.004 s from becoming 4.00396
    gop_seconds = float(plan.gop_frames / plan.frame_rate)
    return [
        packager_path(),
        "--quiet",
        *descriptors,
        f"--segment_duration={plan.segment_seconds + 1e-7:.9f}",
        # I-frame playlists list one frame a fragment: every IDR, for 0.2 kb/s a rendition
        f"--fragment_duration={gop_seconds + 1e-7:.9f}",
        # its read-ahead (32 MiB per stream by default) would exceed the disk budget
        f"--io_cache_size={IO_CACHE_BYTES}",
        "--io_block_size=65536",
        "--generate_sidx_in_media_segments=false",
        "--generate_static_live_mpd",
        "--mpd_output=manifest.mpd",
        "--hls_master_playlist_output=packager.m3u8",
        "--hls_playlist_type=VOD",
    ]


@dataclass(kw_only=True)
class _Run:
    """One run of the packager with its feeders, and the loop that empties its disk."""

    watches: list[RenditionWatch]
    feeders: list[Feeder]
    gate: Gate
    collector: Collector
    root: Path
    budget: int
    peak_disk: int = 0

    def through(
        self, command: list[str], *, should_stop: ShouldStop, timeout_seconds: float
    ) -> int:
        deadline = time.monotonic() + timeout_seconds
        process = Process(command, timeout_seconds=timeout_seconds, cwd=self.root / "out")
        try:
            for feeder in self.feeders:
                feeder.start()
            while process.running:
                self._round(process)
                if should_stop():
                    raise EncodingError(ErrorCode.STOPPED)
                if time.monotonic() > deadline:
                    raise EncodingError(ErrorCode.TIMED_OUT, detail="packager")
        finally:
            process.kill()
            result = process.finish()
            self._end_feeders()
        self._raise_feeder_failure()  # to the packager a broken stream looks like its end
        problem = diagnose(exit_code=result.exit_code, stderr=result.stderr)
        if problem:
            raise EncodingError(problem, detail=result.stderr)
        while collect_ready(self.watches, ended=True):
            pass
        return self.peak_disk

    def _round(self, process: Process) -> None:
        self._raise_feeder_failure()
        backlog = sum(watch.backlog_bytes() for watch in self.watches)
        backlog += self.collector.pending_bytes()
        self.gate.set_open(backlog < self.budget)
        self.peak_disk = max(self.peak_disk, disk_bytes(self.root))
        if not collect_ready(self.watches, ended=False):
            process.pause(POLL_SECONDS)

    def _raise_feeder_failure(self) -> None:
        for feeder in self.feeders:
            if feeder.failure is not None:
                raise feeder.failure

    def _end_feeders(self) -> None:
        self.gate.cancel()
        for feeder in self.feeders:
            feeder.join()


def _documents(
    plan: EncodePlan,
    facts: tuple[RenditionFacts, ...],
    *,
    subtitles: Mapping[str, Path],
    collector: Collector,
) -> tuple[dict[str, str], str]:
    """Write and hand on every playlist; master and manifest last, when all they name is there."""
    names = [f"{rendition.name}/media.m3u8" for rendition in facts]
    names += [f"{rendition.name}/iframes.m3u8" for rendition in facts if rendition.kind == "video"]
    texts = {name: tidy_playlist((collector.root / name).read_text()) for name in names}
    manifest = (collector.root / "manifest.mpd").read_text()
    tracks = [track for track in plan.subtitles if track.name in subtitles]
    for track in tracks:
        captions = segment_captions(subtitles[track.name].read_text(), plan=plan, track=track)
        for path, text in captions.files.items():
            collector.take_text(path, text)
        texts[f"{track.name}/media.m3u8"] = captions.playlist
    manifest = add_captions(manifest, tracks)
    texts["master.m3u8"] = master_playlist(plan, renditions=facts, subtitles=tracks, media=texts)
    collector.settle()
    for path, text in texts.items():
        collector.take_text(path, text)
    collector.take_text("manifest.mpd", manifest)
    collector.settle()
    return texts, manifest
