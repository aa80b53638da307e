"""Cost of the encoding pipeline relative to one ffmpeg command that makes the same renditions.

    python bench/encode.py FILM [--workers 1 2] [--without-hand]

A private stack with real workers and beat encodes the film with each number of worker processes.
Other load on the machine changes wall times much and CPU seconds a little, so the load average is
printed as well. FILM: two minutes of 1080p (bench/film.py makes one).
"""

from __future__ import annotations

import argparse
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from streaming.encoding.plan import EncodePlan
from streaming.encoding.planner import plan_encode
from streaming.encoding.probe import probe_source
from streaming.encoding.tools import ToolRun, ffmpeg_path, run_tool
from streaming.tests.encoding_stack import EncodingStack, encoding_stack
from streaming.tests.resource_usage import Watch

BY_KIND = """
SELECT kind, tier, count(*), sum(cpu_seconds), sum(extract(epoch FROM finished_at - started_at))
FROM streaming_workitem GROUP BY kind, tier ORDER BY min(finished_at)"""
TIMES = """
SELECT extract(epoch FROM finished_at - started_at), extract(epoch FROM playable_at - started_at)
FROM streaming_encode"""
RATES = """
SELECT file ->> 'rung', sum((file ->> 'bytes')::bigint)
FROM streaming_workitem, jsonb_array_elements(output -> 'files') file
WHERE kind = 'VIDEO' GROUP BY 1 ORDER BY 2"""
MIB = 2**20


@dataclass(frozen=True, kw_only=True)
class Report:
    workers: int
    wall: float
    playable: float
    kinds: list[tuple[Any, ...]]
    rates: list[tuple[str, int]]
    parts: dict[str, float]
    peak_rss: dict[str, int]
    peak_disk: int

    @property
    def cpu(self) -> float:
        return float(sum(row[3] for row in self.kinds))


def pipeline(film: Path, *, workers: int) -> Report:
    with (
        tempfile.TemporaryDirectory() as home,
        encoding_stack(Path(home), encoders=workers, deadline_seconds=7200) as house,
    ):
        with Watch(house) as watch:
            house.ingest(film)
            house.wait_until_ready(poll_seconds=2)
        return _report(house, watch, workers=workers)


def _report(house: EncodingStack, watch: Watch, *, workers: int) -> Report:
    [(wall, playable)] = house.ask(TIMES)
    return Report(
        workers=workers,
        wall=float(wall),
        playable=float(playable),
        kinds=house.ask(BY_KIND),
        rates=[(name, int(size)) for name, size in house.ask(RATES)],
        parts=watch.cpu_seconds,
        peak_rss=dict(watch.peak_rss),
        peak_disk=watch.peak_disk,
    )


def show(report: Report, plan: EncodePlan) -> None:
    print(f"\n{report.workers} worker process(es), load {os.getloadavg()[0]:.1f}", flush=True)
    print(f"  {'':14} {'pieces':>6} {'cpu s':>8} {'wall s':>8}")
    for kind, tier, count, cpu, wall in report.kinds:
        print(f"  {kind:9} {tier:4} {count:6} {cpu:8.1f} {wall:8.1f}")
    print(f"  work items together: cpu {report.cpu:.1f} s")
    print("  cpu of the processes:", {name: round(s, 1) for name, s in report.parts.items()})
    print(f"  wall {report.wall:.1f} s, playable after {report.playable:.1f} s:"
          f" {report.playable / report.wall:.1%}")  # fmt: skip
    print("  peak MiB:", {name: size // MIB for name, size in report.peak_rss.items()},
          f"disk of the workers {report.peak_disk // MIB}")  # fmt: skip
    rates = {name: round(8 * size / plan.duration_seconds / 1000) for name, size in report.rates}
    print(f"  kb/s: {rates}, together {sum(rates.values())}")


def by_hand(film: str, plan: EncodePlan, folder: Path) -> ToolRun:
    """Encode every rung from one decode, with the same presets, caps, GOP and sound rates."""
    rungs = sorted(plan.rungs, key=lambda rung: -rung.height)
    rate = f"{plan.frame_rate.numerator}/{plan.frame_rate.denominator}"
    labels = "".join(f"[s{number}]" for number in range(len(rungs)))
    graph = f"[0:v:0]fps={rate},split={len(rungs)}{labels}"
    outputs: list[str] = []
    for number, rung in enumerate(rungs):
        graph += f";[s{number}]scale={rung.width}:{rung.height},format=yuv420p[v{number}]"
        outputs += [
            "-map", f"[v{number}]", "-c:v", "libx264", "-preset", rung.preset,
            "-crf", str(rung.crf), "-maxrate", f"{rung.max_kbps}k",
            "-bufsize", f"{rung.buffer_kbits}k", "-g", str(plan.gop_frames), "-keyint_min",
            str(plan.gop_frames), "-sc_threshold", "0", str(folder / f"{rung.name}.mp4"),
        ]  # fmt: skip
    for track in plan.audio:
        for rendition in track.renditions:
            outputs += ["-map", f"0:{track.stream_index}", "-c:a", "aac", "-b:a",
                        f"{rendition.kbps}k", "-ac", str(rendition.channels),
                        str(folder / f"{rendition.name}.mp4")]  # fmt: skip
    start = [ffmpeg_path(), "-nostdin", "-v", "error", "-y", "-i", film]
    done = run_tool([*start, "-filter_complex", graph, *outputs], timeout_seconds=7200)
    if done.exit_code:
        raise SystemExit(done.stderr)
    return done


def show_by_hand(film: str, plan: EncodePlan) -> float:
    with tempfile.TemporaryDirectory() as folder:
        done = by_hand(film, plan, Path(folder))
        rates = {
            rung.name: round(
                8 * (Path(folder) / f"{rung.name}.mp4").stat().st_size
                / plan.duration_seconds / 1000
            )
            for rung in plan.rungs
        }  # fmt: skip
    print(f"\none ffmpeg by hand, load {os.getloadavg()[0]:.1f}")
    print(f"  cpu {done.cpu_seconds:.1f} s, wall {done.wall_seconds:.1f} s,"
          f" memory {done.peak_rss_bytes // MIB} MiB")  # fmt: skip
    print(f"  kb/s: {rates}, together {sum(rates.values())}")
    return done.cpu_seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("film", type=Path)
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--without-hand", action="store_true")
    options = parser.parse_args()
    film = str(options.film.absolute())
    plan = plan_encode(probe_source(film, size_bytes=options.film.stat().st_size))
    print(f"{options.film.name}: {plan.duration_seconds:.0f} s, {len(plan.chunks)} chunks")
    hand = 0.0 if options.without_hand else show_by_hand(film, plan)
    reports = []
    for workers in options.workers:
        reports.append(report := pipeline(options.film.absolute(), workers=workers))
        show(report, plan)
        if hand:
            print(f"  pipeline / by hand: {report.cpu / hand:.3f} of CPU")
    if len(reports) > 1:
        print(f"\nwall with {reports[-1].workers} over {reports[0].workers}:"
              f" {reports[-1].wall / reports[0].wall:.3f}")  # fmt: skip


if __name__ == "__main__":
    main()
