"""Test pictures with their number, sounds that mark each second, and their decoding.

Every frame of a clip shows its number as a bar code of 12 bits, and eight colours; every second
begins with a beep of 0.1 s. A package is decoded and compared with that: the time of each source
frame and of each beep, and the colours.
"""

from __future__ import annotations

import array
from pathlib import Path

from streaming.encoding.tests.clips import make
from streaming.encoding.tools import ffmpeg_path, run_tool

BITS = 12
SIZE = (320, 180)
PATCHES = {
    "red": (250, 0, 0),
    "green": (0, 200, 0),
    "blue": (0, 0, 250),
    "yellow": (220, 220, 0),
    "magenta": (200, 0, 200),
    "cyan": (0, 200, 200),
    "white": (235, 235, 235),
    "grey": (128, 128, 128),
}
BEEP_SECONDS = 0.1
LOUD = 3000  # of 32767


def numbered(
    *, seconds: float, rate: str = "25", size: str = "320x180", first: int = 0, after: str = ""
) -> list[str]:
    """Return input arguments of a picture whose frames are numbered from `first`."""
    bars = "".join(
        f",drawbox=x=iw*{bit}/{BITS}:y=0:w=iw/{BITS}:h=ih/3:color=white:t=fill"
        f":enable='mod(floor((n+{first})/{2**bit})\\,2)'"
        for bit in range(BITS)
    )
    patches = "".join(
        f",drawbox=x=iw*{place}/8:y=ih*2/3:w=iw/8:h=ih/3:t=fill"
        f":color=0x{red:02x}{green:02x}{blue:02x}"
        for place, (red, green, blue) in enumerate(PATCHES.values())
    )
    source = f"color=c=black:s={size}:r={rate}:d={seconds},format=gbrp"
    return ["-f", "lavfi", "-i", f"{source}{bars}{patches}{after}"]


def beeping(*, seconds: float, rate: int = 48000, layout: str = "stereo") -> list[str]:
    """Return input arguments of a sound with a beep each second, on every channel but LFE."""
    channels = {"mono": 1, "stereo": 2, "quad": 4, "5.1": 6}[layout]
    beep = f"0.5*sin(2*PI*1000*t)*lt(mod(t\\,1)\\,{BEEP_SECONDS})"
    silent = {3} if layout == "5.1" else set()
    expression = "|".join("0" if number in silent else beep for number in range(channels))
    return ["-f", "lavfi", "-i", f"aevalsrc={expression}:s={rate}:d={seconds}:c={layout}"]


def decoded(path: Path, *args: str) -> bytes:
    """Decode with ffmpeg to raw bytes."""
    raw = path.with_suffix(".raw")
    command = [ffmpeg_path(), "-hide_banner", "-nostdin", "-v", "error", "-y", "-i", str(path)]
    result = run_tool([*command, *args, str(raw)], timeout_seconds=300)
    assert result.exit_code == 0, result.stderr
    data = raw.read_bytes()
    raw.unlink()
    return data


def numbers(path: Path) -> list[int]:
    """Return the number that each frame shows."""
    width, height = SIZE
    scale = f"scale={width}:{height},format=gray"
    data = decoded(path, "-map", "0:v", "-fps_mode", "passthrough", "-vf", scale, "-f", "rawvideo")
    row = height // 6 * width
    centres = [row + int((bit + 0.5) * width / BITS) for bit in range(BITS)]
    frames = range(0, len(data), width * height)
    return [
        sum((data[at + centre] > 128) << bit for bit, centre in enumerate(centres)) for at in frames
    ]


def colors(path: Path, *, frame: int = 0) -> dict[str, tuple[int, int, int]]:
    """Return the eight colour patches of a frame as RGB."""
    pick = f"select=eq(n\\,{frame}),scale=in_color_matrix=bt709,format=gbrp"
    pick += ",scale=8:3:flags=area,format=rgb24"
    data = decoded(path, "-map", "0:v", "-frames:v", "1", "-vf", pick, "-f", "rawvideo")
    last = data[-24:]
    return {
        name: (last[3 * place], last[3 * place + 1], last[3 * place + 2])
        for place, name in enumerate(PATCHES)
    }


def samples(path: Path) -> array.array[int]:
    """Decode to mono 16-bit samples at 48 kHz."""
    data = decoded(path, "-map", "0:a", "-ac", "1", "-ar", "48000", "-f", "s16le")
    return array.array("h", data)


def beeps(path: Path) -> list[float]:
    """Return the second at which each beep begins; other loud sound fails the test."""
    sound = samples(path)
    found = []
    last = -1.0
    step = 48
    for at in range(0, len(sound), step):
        if max(abs(value) for value in sound[at : at + step]) > LOUD:
            seconds = at / 48000
            if seconds - last > 0.3:
                found.append(seconds)
            last = seconds
    return found


def make_clip(
    path: Path, *args: str, seconds: float, rate: str = "25", size: str = "320x180",
    first: int = 0, after: str = "", sound: str | None = "stereo", sound_rate: int = 48000,
) -> Path:  # fmt: skip
    """Make a numbered picture with beeps; `args` choose the codecs, H.264 and AAC by default."""
    picture = numbered(seconds=seconds, rate=rate, size=size, first=first, after=after)
    beeps_input = beeping(seconds=seconds, layout=sound, rate=sound_rate) if sound else []
    defaults = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    return make(path, *picture, *beeps_input, *defaults, *args)


def copy(path: Path, source: Path, *args: str, before: tuple[str, ...] = ()) -> Path:
    """Copy the source, or part of it, to another container without encoding."""
    return make(path, *before, "-i", str(source), "-map", "0", "-c", "copy", *args)


def concatenate(path: Path, *parts: Path) -> Path:
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    return path
