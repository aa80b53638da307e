"""Film for measurements, made of any clips, panned, zoomed and with added grain.

    python bench/film.py OUT.mp4 CLIP... [--seconds 120] [--mbps 8]

Scenes of six seconds alternate between the clips, each with another camera path, at 1920x1080 and
24 fps with stereo sound. The grain makes it as hard to encode as a film.
"""

from __future__ import annotations

import argparse
from itertools import cycle, islice
from pathlib import Path

from streaming.encoding.tools import ffmpeg_path, run_tool

SCENE_SECONDS = 6
RATE = 24
FRAMES = SCENE_SECONDS * RATE
PATHS = (  # the crop's corner over the time of a scene, as a share of the free space
    f"crop=1920:1080:(iw-ow)*n/{FRAMES}:(ih-oh)/2",
    f"crop=1920:1080:(iw-ow)*(1-n/{FRAMES}):(ih-oh)*n/{FRAMES}",
    f"scale=w='trunc(iw*(0.84+0.16*n/{FRAMES})/2)*2':h=-2:eval=frame,crop=1920:1080",
)


def scene(number: int, path: str) -> str:
    # Frames keep their order, so a clip of 10 fps moves as much between frames as one of 24.
    return (
        f"[{number}:v]setpts=N/({RATE}*TB),fps={RATE},trim=end_frame={FRAMES},"
        f"scale=2304:1296:force_original_aspect_ratio=increase:flags=lanczos,crop=2304:1296,{path},"
        f"setsar=1,format=yuv420p[s{number}]"
    )


def make(out: Path, clips: list[Path], *, seconds: int, mbps: float) -> None:
    count = -(-seconds // SCENE_SECONDS)
    chosen = list(islice(cycle(clips), count))
    inputs = [arg for clip in chosen for arg in ("-stream_loop", "-1", "-i", str(clip))]
    turns = [
        number + number // len(clips) for number in range(count)
    ]  # changes the path of a clip each time
    scenes = [scene(number, PATHS[turn % len(PATHS)]) for number, turn in enumerate(turns)]
    labels = "".join(f"[s{number}]" for number in range(count))
    joined = f"{labels}concat=n={count},noise=c0s=6:allf=t,trim=end={seconds}[v]"
    sound = f"anoisesrc=color=pink:amplitude=0.3:seed=1:d={seconds}"
    tone = f"aevalsrc='0.3*sin(2*PI*220*t*(1+0.2*floor(mod(t,5))))':s=48000:d={seconds}"
    done = run_tool(
        [
            ffmpeg_path(), "-nostdin", "-v", "error", "-y", *inputs,
            "-f", "lavfi", "-i", sound, "-f", "lavfi", "-i", tone, "-filter_complex",
            ";".join([*scenes, joined, f"[{count}:a][{count + 1}:a]amerge=inputs=2[a]"]),
            "-map", "[v]", "-map", "[a]", "-c:v", "libx264", "-preset", "fast",
            "-b:v", f"{mbps}M", "-maxrate", f"{2 * mbps}M", "-bufsize", f"{4 * mbps}M",
            "-c:a", "aac", "-b:a", "192k", "-ac", "2", str(out),
        ],
        timeout_seconds=3600,
    )  # fmt: skip
    if done.exit_code:
        raise SystemExit(done.stderr)
    size = out.stat().st_size
    print(f"{out}: {size / 2**20:.0f} MiB, {size * 8 / seconds / 1e6:.1f} Mb/s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("clips", type=Path, nargs="+")
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--mbps", type=float, default=8.0)
    options = parser.parse_args()
    make(options.out, options.clips, seconds=options.seconds, mbps=options.mbps)


if __name__ == "__main__":
    main()
