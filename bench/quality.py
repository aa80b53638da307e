"""Bytes and VMAF of our capped-quality ladder, compared with the owner's fixed bitrates.

    .venv/bin/uv pip install -r requirements/bench.txt
    python bench/quality.py FILM [--start 0] [--seconds 24]

For each rung it makes our encode, and encodes with the same preset at the owner's average bitrate
and at half of it. From these two it computes the bytes that the fixed ladder needs for our quality
(VMAF is nearly linear in the logarithm of the bitrate). VMAF is computed from the picture scaled
back to the film's size, for every fourth frame. The owner's rate has no cap on peaks; ours has one
of a second's worth.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg

from streaming.encoding.ladder import Rung
from streaming.encoding.package_input import strip_repeated_inits
from streaming.encoding.plan import EncodePlan
from streaming.encoding.planner import plan_encode
from streaming.encoding.probe import probe_source
from streaming.encoding.tools import ffmpeg_path, run_tool
from streaming.encoding.video import encode_chunk

OWNERS_KBPS = {"1080p": 5000, "720p": 2500, "480p": 1000, "360p": 500, "240p": 250}
SAMPLE_EVERY = 4


@dataclass(frozen=True, kw_only=True)
class Score:
    size: int  # bytes
    mean: float
    low: float  # 5th percentile, the quality of the worst scenes


def ffmpeg(*args: str, cwd: Path | None = None, binary: str = "") -> None:
    start = [binary or ffmpeg_path(), "-nostdin", "-v", "error", "-y"]
    done = run_tool([*start, *args], timeout_seconds=7200, cwd=cwd)
    if done.exit_code:
        raise SystemExit(done.stderr)


def cut(film: Path, out: Path, *, start: float, seconds: float) -> None:
    """Cut a clip losslessly, so that every measurement compares with the same frames."""
    ffmpeg("-ss", str(start), "-t", str(seconds), "-i", str(film), "-an", "-c:v", "libx264",
           "-preset", "ultrafast", "-qp", "0", str(out))  # fmt: skip


def ours(clip: Path, plan: EncodePlan, folder: Path) -> dict[str, Path]:
    found: dict[str, list[Path]] = {}
    for tier in plan.tiers:
        for chunk in plan.chunks:
            out = folder / f"{tier}-{chunk.index}"
            out.mkdir()
            result = encode_chunk(str(clip), plan, chunk=chunk, tier=tier, out_dir=out)
            for file in result.files:
                found.setdefault(file.rung, []).append(file.path)
    joined = {name: folder / f"ours-{name}.mp4" for name in found}
    for name, paths in found.items():
        joined[name].write_bytes(b"".join(strip_repeated_inits(p.read_bytes() for p in paths)))
    return joined


def fixed(clip: Path, plan: EncodePlan, rung: Rung, *, kbps: float, out: Path) -> Path:
    """Encode the owner's rung: average bitrate in one pass, with our size, preset and GOP."""
    ffmpeg(
        "-i", str(clip), "-vf", f"scale={rung.width}:{rung.height},format=yuv420p",
        "-c:v", "libx264", "-preset", rung.preset, "-b:v", f"{kbps:.0f}k",
        "-g", str(plan.gop_frames), "-keyint_min", str(plan.gop_frames), "-sc_threshold", "0",
        str(out),
    )  # fmt: skip
    return out


def score(encoded: Path, clip: Path, plan: EncodePlan, folder: Path) -> Score:
    size = f"{plan.picture.display_width}:{plan.picture.display_height}"
    shown = f"settb=1/1000,setpts=N,scale={size}:flags=bicubic,format=yuv420p"
    compare = f"libvmaf=n_subsample={SAMPLE_EVERY}:n_threads=2:log_fmt=json:log_path=vmaf.json"
    graph = f"[0:v]{shown}[a];[1:v]{shown}[b];[a][b]{compare}"
    ffmpeg("-i", str(encoded), "-i", str(clip), "-lavfi", graph, "-f", "null", "-",
           cwd=folder, binary=imageio_ffmpeg.get_ffmpeg_exe())  # fmt: skip
    frames = json.loads((folder / "vmaf.json").read_text())["frames"]
    values = [float(frame["metrics"]["vmaf"]) for frame in frames]
    return Score(
        size=encoded.stat().st_size,
        mean=statistics.fmean(values),
        low=statistics.quantiles(values, n=20)[0],
    )


def bytes_at(vmaf: float, below: Score, above: Score) -> float:
    """Return the bytes for a VMAF on the line through two points, in log bytes."""
    slope = (math.log(above.size) - math.log(below.size)) / (above.mean - below.mean)
    return math.exp(math.log(above.size) + slope * (vmaf - above.mean))


def compare(rung: Rung, encoded: Path, clip: Path, plan: EncodePlan, folder: Path) -> None:
    def kbps(size: float) -> float:
        return 8 * size / plan.duration_seconds / 1000

    own = score(encoded, clip, plan, folder)
    row = f"{rung.name:>6} {kbps(own.size):7.0f} {own.mean:6.1f} {own.low:6.1f}"
    target = OWNERS_KBPS.get(rung.name)
    if target is None:
        print(row, "  (the owner has no such rung)", flush=True)
        return
    full, half = (
        score(fixed(clip, plan, rung, kbps=rate, out=folder / "fixed.mp4"), clip, plan, folder)
        for rate in (target, target / 2)
    )
    equal = bytes_at(own.mean, half, full)
    outside = "" if half.mean <= own.mean <= full.mean else "~"
    print(
        row, f"{kbps(full.size):8.0f} {full.mean:6.1f} {full.low:6.1f}"
        f" {kbps(half.size):8.0f} {half.mean:6.1f} {half.low:6.1f}"
        f" {outside:>2}{kbps(equal):6.0f} {own.size / equal - 1:+8.1%}", flush=True,
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("film", type=Path)
    parser.add_argument("--start", type=float, default=0.0)
    parser.add_argument("--seconds", type=float, default=24.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        clip = folder / "clip.mp4"
        cut(options.film, clip, start=options.start, seconds=options.seconds)
        plan = plan_encode(probe_source(str(clip), size_bytes=clip.stat().st_size))
        if any(rung.frame_step > 1 for rung in plan.rungs):
            raise SystemExit("Above 30 fps low rungs skip frames; measure with a slower film.")
        print(
            f"{options.film.name}, {plan.duration_seconds:.0f} s; "
            "kb/s, VMAF mean and 5th percentile"
        )
        print(f"{'rung':>6} {'ours':>21} {'fixed':>22} {'half':>22} {'equal VMAF':>9} {'bytes':>8}")
        encodes = ours(clip, plan, folder)
        for rung in plan.rungs:
            compare(rung, encodes[rung.name], clip, plan, folder)


if __name__ == "__main__":
    main()
