"""Small synthetic sources. A white flash and a beep share 1.0 to 1.2 s, to measure sync by."""

from __future__ import annotations

from pathlib import Path

from streaming.encoding.tools import ffmpeg_path, run_tool

FLASH = "drawbox=color=white:t=fill:enable='between(t,0.999,1.199)'"
BEEP = "0.8*sin(2*PI*1000*t)*between(t,1,1.2)"


def make(path: Path, *args: str) -> Path:
    command = [ffmpeg_path(), "-hide_banner", "-nostdin", "-v", "error", "-y", *args, str(path)]
    result = run_tool(command, timeout_seconds=120)
    assert result.exit_code == 0, result.stderr
    return path


def picture(
    *, size: str = "320x180", rate: str = "25", seconds: float = 3, after: str = ""
) -> list[str]:
    source = f"testsrc2=s={size}:r={rate}:d={seconds},{FLASH}{after}"
    return ["-f", "lavfi", "-i", source]


def sound(*, seconds: float = 3, channels: int = 2) -> list[str]:
    expression = "|".join([BEEP] * channels)
    layout = {1: "mono", 2: "stereo", 6: "5.1"}[channels]
    return ["-f", "lavfi", "-i", f"aevalsrc='{expression}':s=48000:d={seconds}:c={layout}"]


X264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
AAC = ["-c:a", "aac"]
SRT = """1
00:00:00,500 --> 00:00:01,500
<b>Oli otya?</b> <script>x</script>

2
00:00:02,000 --> 00:00:02,800
Bulungi
"""
