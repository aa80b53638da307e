"""What the engine costs over one hand-written ffmpeg that makes the same renditions.

    python bench/encode_engine.py FILM [WORK_DIR]

Prints CPU seconds, wall seconds, their ratios, the share of the wall time until a film is
playable, and the peak memory of one encode process. FILM: two minutes of real 1080p footage.
"""

from __future__ import annotations

import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path

from streaming.encoding.audio import encode_audio
from streaming.encoding.ladder import Tier
from streaming.encoding.packaging import package_film
from streaming.encoding.plan import EncodePlan
from streaming.encoding.planning import plan_encode
from streaming.encoding.probe import probe_source
from streaming.encoding.results import ChunkResult
from streaming.encoding.stills import make_preview, make_storyboard, rank_posters
from streaming.encoding.tools import ffmpeg_path, run
from streaming.encoding.video import encode_chunk


def cpu_seconds() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def by_hand(source: str, plan: EncodePlan, folder: Path) -> float:
    """Every rung from one decode with the same presets, caps and GOP; sound at both rates."""
    rungs = sorted(plan.rungs, key=lambda rung: -rung.height)
    rate = f"{plan.frame_rate.numerator}/{plan.frame_rate.denominator}"
    labels = "".join(f"[s{number}]" for number in range(len(rungs)))
    graph = f"[0:v:0]fps={rate},split={len(rungs)}{labels}"
    command = [ffmpeg_path(), "-nostdin", "-v", "error", "-y", "-i", source]
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
    done = run([*command, "-filter_complex", graph, *outputs], timeout_seconds=3600)
    print(f"by hand: cpu {done.cpu_seconds:.1f} s, wall {done.wall_seconds:.1f} s,"
          f" memory {done.peak_rss_bytes / 2**20:.0f} MiB {done.stderr[:200]}")  # fmt: skip
    return done.cpu_seconds


def encode_tier(source: str, plan: EncodePlan, tier: Tier, folder: Path) -> list[ChunkResult]:
    results = []
    for chunk in plan.chunks:
        out = folder / tier / str(chunk.index)
        out.mkdir(parents=True)
        results.append(encode_chunk(source, plan, chunk=chunk, tier=tier, out_dir=out))
    cpu = sum(result.cpu_seconds for result in results)
    print(f"  {tier}: cpu {cpu:.1f} s, wall {sum(r.wall_seconds for r in results):.1f} s")
    return results


def package(plan: EncodePlan, results: list[ChunkResult], audio: Path, folder: Path) -> None:
    started, before = time.monotonic(), cpu_seconds()
    paths: dict[str, list[Path]] = {}
    for result in results:
        for item in result.files:
            paths.setdefault(item.rung, []).append(item.path)
    names = [rendition.name for track in plan.audio for rendition in track.renditions]
    package_film(
        plan,
        rungs={name: (path.read_bytes() for path in files) for name, files in paths.items()},
        audio={name: [(audio / name).read_bytes()] for name in names},
        subtitles={},
        work_dir=folder,
        sink=lambda *_: None,
    )
    print(f"  package: cpu {cpu_seconds() - before:.1f} s, wall {time.monotonic() - started:.1f} s")


def sound(source: str, plan: EncodePlan, folder: Path) -> None:
    started, before = time.monotonic(), cpu_seconds()
    for track in plan.audio:
        sinks = {
            rendition.name: lambda stream, name=rendition.name: shutil.copyfileobj(
                stream, (folder / name).open("wb")
            )
            for rendition in track.renditions
        }
        encode_audio(source, plan, track=track, sinks=sinks)
    print(f"  sound: cpu {cpu_seconds() - before:.1f} s, wall {time.monotonic() - started:.1f} s")


def stills(plan: EncodePlan, low: list[ChunkResult], folder: Path) -> None:
    before = cpu_seconds()
    board = make_storyboard(plan, thumbs=[still for result in low for still in result.thumbs])
    rank_posters([still for result in low for still in result.posters])
    clips = [item.path for result in low for item in result.files if item.rung == "360p"]
    preview = make_preview(clips[1:4] or clips, work_dir=folder)
    sizes = [len(data) for data in board.sprites.values()]
    print(f"  stills: cpu {cpu_seconds() - before:.1f} s, sprites {sizes}, preview {len(preview)}")


def main() -> None:
    source = sys.argv[1]
    root = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(tempfile.mkdtemp())
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    before, started = cpu_seconds(), time.monotonic()
    plan = plan_encode(probe_source(source, size_bytes=Path(source).stat().st_size))
    low = encode_tier(source, plan, Tier.LOW, root)
    sound(source, plan, root)
    package(plan, low, root, root / "early")
    playable = time.monotonic() - started
    stills(plan, low, root)
    high = encode_tier(source, plan, Tier.HIGH, root)
    package(plan, low + high, root, root / "full")
    wall, cpu = time.monotonic() - started, cpu_seconds() - before
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"engine: cpu {cpu:.1f} s, wall {wall:.1f} s, largest child {memory:.0f} MiB")
    print(f"playable after {playable:.1f} s: {playable / wall:.2f} of the wall time")
    rates = {
        item.rung: 8 * sum(r2.bytes for r in low + high for r2 in r.files if r2.rung == item.rung)
        / plan.duration_seconds / 1000
        for result in low + high for item in result.files
    }  # fmt: skip
    print("kb/s:", {name: round(rate) for name, rate in rates.items()})
    hand = by_hand(source, plan, root)
    print(f"engine / by hand: {cpu / hand:.3f} CPU, film {plan.duration_seconds:.0f} s")


main()
