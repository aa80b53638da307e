"""Sources from public bug reports, each with the expected content of its package.

One function per source; the table below them has the expectations. `python -m
streaming.encoding.tests.corpus FOLDER` writes all files, for trials by hand.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from streaming.encoding.errors import ErrorCode
from streaming.encoding.facts import NoticeCode
from streaming.encoding.tests.barcodes import (
    beeping,
    concatenate,
    copy,
    make_clip,
    numbered,
)
from streaming.encoding.tests.clips import make

Build = Callable[[Path], Path]
MPEG2 = (
    "-c:v",
    "mpeg2video",
    "-b:v",
    "4M",
    "-g",
    "12",
    "-bf",
    "0",
    "-c:a",
    "mp2",
    "-muxdelay",
    "0",
)
TS = ("-muxdelay", "0")
AC3 = ("-c:a", "ac3", "-b:a", "192k")
NO_CUT = ("-sc_threshold", "0")


@dataclass(frozen=True, kw_only=True)
class Expected:
    """Expected content; `frames` are the numbers the film shows, None leaves that to `check`."""

    frames: list[int] | None = None
    rate: Fraction = Fraction(25)
    beeps: list[float] = field(default_factory=list)
    size: tuple[int, int] = (320, 180)
    red: tuple[int, int, int] | None = None
    notices: frozenset[NoticeCode] = frozenset()
    refused: ErrorCode | None = None
    black_sides_at: int | None = None  # a frame whose sides are bars
    black_rows_at: int | None = None  # a frame with bars above and below
    uncombed: tuple[int, int] | None = None  # frames whose fields are not woven


@dataclass(frozen=True, kw_only=True)
class Source:
    name: str
    entry: str  # of the trial, or "sibling"
    build: Build
    expected: Expected
    fast: bool = False
    chunked: bool = True


def seconds(first: int, last: int) -> list[float]:
    return [float(number) for number in range(first, last)]


def span(first: int, end: int) -> list[int]:
    return list(range(first, end))


def held(*stretches: tuple[int, int]) -> list[int]:
    """Return (number, count of frames that show it)."""
    return [number for number, count in stretches for _ in range(count)]


# ── MP4 and MOV whose edit list cuts them ───────────────────────────────────────────────


def cut_mp4(
    *, gop: str = "250", rate: str = "30", at: str = "3", args: tuple[str, ...] = ()
) -> Build:
    def build(folder: Path) -> Path:
        whole = make_clip(folder / "whole.mp4", "-g", gop, *NO_CUT, *args, seconds=12, rate=rate)
        return copy(folder / "cut.mp4", whole, "-t", "6", before=("-ss", at))

    return build


def cut_mov(folder: Path) -> Path:
    whole = make_clip(folder / "whole.mov", "-g", "100", *NO_CUT, "-bf", "2", seconds=12)
    return copy(folder / "cut.mov", whole, "-t", "6", before=("-ss", "3"))


def trimmed_end(folder: Path) -> Path:
    """Write an edit list that ends before the packets do, as a phone's editor does."""
    whole = make_clip(folder / "whole.mp4", "-g", "250", "-bf", "0", seconds=8)
    data = bytearray(whole.read_bytes())
    for at, version in _edit_lists(data):
        assert version == 0
        data[at : at + 4] = (5000).to_bytes(4, "big")
    path = folder / "trimmed-end.mp4"
    path.write_bytes(data)
    return path


def _edit_lists(data: bytearray) -> list[tuple[int, int]]:
    """Yield (offset of the first entry's duration, version) of each edit list."""
    found = []
    at = data.find(b"elst")
    while at >= 0:
        found.append((at + 12, data[at + 4]))
        at = data.find(b"elst", at + 4)
    return found


def twice_cut(folder: Path) -> Path:
    once = cut_mp4()(folder)
    return copy(folder / "twice.mp4", once, "-t", "3", before=("-ss", "1.5"))


# ── Transport streams ───────────────────────────────────────────────────────────────────


def mid_gop(folder: Path) -> Path:
    """Begin 47 frames before the first keyframe."""
    whole = make_clip(folder / "whole.ts", "-g", "100", "-keyint_min", "100", *NO_CUT, "-bf", "2",
                      "-c:a", "mp2", *TS, seconds=12)  # fmt: skip
    data = whole.read_bytes()
    start = len(data) * 18 // 100 // 188 * 188
    path = folder / "midgop.ts"
    path.write_bytes(data[start:])
    return path


def changing_sound(
    first: tuple[str, ...],
    second: tuple[str, ...],
    *,
    layouts: tuple[str, str],
    rates: tuple[int, int] = (48000, 48000),
) -> Build:
    # AAC's priming precedes the picture of the first, so the second is as late
    offset = "4.02133" if "aac" in first else "4"

    def build(folder: Path) -> Path:
        one = make_clip(folder / "1.ts", "-bf", "0", *first, *TS, seconds=4, sound=layouts[0],
                        sound_rate=rates[0])  # fmt: skip
        two = make_clip(folder / "2.ts", "-bf", "0", *second, *TS, "-output_ts_offset", offset,
                        seconds=4, first=100, sound=layouts[1], sound_rate=rates[1])  # fmt: skip
        return concatenate(folder / "sound.ts", one, two)

    return build


def changing_picture(
    size: str, *args: str, suffix: str = "ts", after: str = "", first: tuple[str, ...] = ()
) -> Build:
    def build(folder: Path) -> Path:
        one = make_clip(folder / "1.ts", "-bf", "0", *first, *AC3, *TS, seconds=4)
        two = make_clip(folder / "2.ts", "-bf", "0", *args, *AC3, *TS, "-output_ts_offset", "4",
                        seconds=4, first=100, size=size, after=after)  # fmt: skip
        return concatenate(folder / f"changes.{suffix}", one, two)

    return build


def changing_webm(folder: Path) -> Path:
    vp8 = ("-c:v", "libvpx", "-b:v", "2M", "-deadline", "realtime", "-c:a", "libopus")
    for number, size in enumerate(("320x180", "160x90")):
        make_clip(folder / f"{number}.webm", *vp8, seconds=4, first=number * 100, size=size)
    (folder / "list.txt").write_text("file '0.webm'\nfile '1.webm'\n")
    return make(folder / "size.webm", "-f", "concat", "-i", str(folder / "list.txt"), "-c", "copy")


def joined(*, offset: str = "", second: tuple[str, ...] = ()) -> Build:
    def build(folder: Path) -> Path:
        one = make_clip(folder / "1.ts", *TS, seconds=8)
        shift = ("-output_ts_offset", offset) if offset else ()
        two = make_clip(folder / "2.ts", *second, *TS, *shift, seconds=8, first=200)
        return concatenate(folder / "joined.ts", one, two)

    return build


OTHER_PIDS = ("-mpegts_start_pid", "0x200", "-mpegts_pmt_start_pid", "0x1010")


def joined_m2ts(folder: Path) -> Path:
    """Write packets of 192 bytes, as on camcorders and Blu-ray discs."""
    ts = ("-f", "mpegts", "-mpegts_m2ts_mode", "1", *TS)
    one = make_clip(folder / "1.m2ts", *ts, seconds=8)
    two = make_clip(folder / "2.m2ts", *ts, seconds=8, first=200)
    return concatenate(folder / "joined.m2ts", one, two)


def three_recordings(folder: Path) -> Path:
    parts = [
        make_clip(folder / f"{number}.ts", *TS, seconds=5, first=number * 125)
        for number in range(3)
    ]
    return concatenate(folder / "three.ts", *parts)


def gap_in(suffix: str) -> Build:
    """Remux a clock's jump: sound and picture are missing for a minute."""
    return lambda folder: copy(
        folder / f"gap.{suffix}", joined(offset="60")(folder), before=("-copyts",)
    )


def long_gop(*, gop: str, rate: str, length: float) -> Build:
    def build(folder: Path) -> Path:
        return make_clip(folder / "gop.ts", "-g", gop, "-keyint_min", gop, *NO_CUT, "-bf", "2", *TS,
                         seconds=length, rate=rate)  # fmt: skip

    return build


def late_sound(codec: str) -> Build:
    def build(folder: Path) -> Path:
        picture = make_clip(folder / "v.mp4", seconds=20, sound=None)
        sound = make(folder / "a.mka", *beeping(seconds=8), "-c:a", codec)
        return make(folder / "late.ts", "-i", str(picture), "-itsoffset", "12", "-i", str(sound),
                    "-map", "0", "-map", "1", "-c", "copy")  # fmt: skip

    return build


def leader(suffix: str, *, turned: bool = False) -> Build:
    """Join a progressive leader of 3 s and 6 s of interlaced film, or the other way round."""

    def build(folder: Path) -> Path:
        fields = ("-flags", "+ilme+ildct", "-top", "1")
        one = folder / "1.ts"
        two = folder / "2.ts"
        for path, length, woven in ((one, 3, turned), (two, 6, not turned)):
            rate, weave = ("50", ",tinterlace=interleave_top") if woven else ("25", "")
            moving = f"testsrc2=s=320x240:r={rate}:d={length}{weave}"
            offset = ("-output_ts_offset", "3") if path == two else ()
            make(path, "-f", "lavfi", "-i", moving, *beeping(seconds=length), *MPEG2,
                 *(fields if woven else ()), *offset)  # fmt: skip
        both = concatenate(folder / "leader.ts", one, two)
        return both if suffix == "ts" else copy(folder / f"leader.{suffix}", both)

    return build


def changing_shape(folder: Path) -> Path:
    """Switch from 4:3 to 16:9 with the same 720 columns, as a broadcaster does."""
    one = make_clip(folder / "1.ts", *MPEG2, seconds=4, size="720x576", after=",setsar=16/15")
    two = make_clip(folder / "2.ts", *MPEG2, "-output_ts_offset", "4", seconds=4, first=100,
                    size="720x576", after=",setsar=64/45")  # fmt: skip
    return concatenate(folder / "shape.ts", one, two)


def scrambled(folder: Path) -> Path:
    data = bytearray(make_clip(folder / "clear.ts", *TS, seconds=3).read_bytes())
    for at in range(0, len(data), 188):
        pid = (data[at + 1] & 0x1F) << 8 | data[at + 2]
        if pid >= 0x100 and pid != 0x1000:
            data[at + 3] |= 0x80
            data[at + 12 : at + 188] = bytes(byte ^ 0x5A for byte in data[at + 12 : at + 188])
    path = folder / "scrambled.ts"
    path.write_bytes(data)
    return path


# ── Slides, clocks and heads ────────────────────────────────────────────────────────────


def slides(
    *, every: int, length: float = 12, args: tuple[str, ...] = (), suffix: str = "mp4"
) -> Build:
    def build(folder: Path) -> Path:
        return make_clip(folder / f"slides.{suffix}", "-fps_mode", "vfr", *args, seconds=length,
                         after=f",select=not(mod(n\\,{every}))")  # fmt: skip

    return build


def last_slide(folder: Path) -> Path:
    """Make slides by ffmpeg's recipe: the last lasts 0.04 s, and the sound continues."""
    return make_clip(folder / "last-slide.mp4", "-fps_mode", "vfr", "-bf", "0", seconds=10,
                     after=",select=eq(n\\,0)+eq(n\\,75)+eq(n\\,150)")  # fmt: skip


def wrong_time(*, suffix: str = "mp4", by: str = "9500", frames: str = "100") -> Build:
    def build(folder: Path) -> Path:
        right = make_clip(folder / "right.mp4", "-bf", "0", seconds=8)
        wild = f"setts=pts=if(between(N\\,100\\,{frames})\\,PTS+({by})/TB\\,PTS)"
        bad = copy(folder / "wrong.mp4", right, "-bsf:v", wild)
        return bad if suffix == "mp4" else copy(folder / f"wrong.{suffix}", bad)

    return build


def wrong_length(*, times: float = 0, plus: float = 0) -> Build:
    """Write a Matroska head that declares another length than its clusters have."""

    def build(folder: Path) -> Path:
        path = make_clip(folder / "length.mkv", seconds=8)
        data = bytearray(path.read_bytes())
        at = data.find(b"\x44\x89\x88")  # Duration, as a double of milliseconds
        import struct

        value = struct.unpack_from(">d", data, at + 3)[0]
        struct.pack_into(">d", data, at + 3, value * times if times else value + plus * 1000)
        path.write_bytes(data)
        return path

    return build


def no_sync_first(folder: Path) -> Path:
    """Write an edit list that begins before the first keyframe, as on a phone's clip.

    ffmpeg drops those pictures, and the file is shorter than it declares.
    """
    whole = make_clip(
        folder / "whole.mp4", "-g", "50", "-keyint_min", "50", *NO_CUT, "-bf", "0", seconds=6
    )
    return copy(folder / "late-key.mp4", whole, "-ss", "1.2", "-copyinkf")


# ── Pictures ────────────────────────────────────────────────────────────────────────────


def cover_first(folder: Path) -> Path:
    film = make_clip(folder / "film.mp4", seconds=6)
    cover = make(folder / "cover.mkv", *numbered(seconds=0.04, first=4000), "-c:v", "mjpeg",
                 "-pix_fmt", "yuvj420p", "-frames:v", "1")  # fmt: skip
    return make(folder / "cover-first.mkv", "-i", str(cover), "-i", str(film), "-map", "0", "-map",
                "1", "-c", "copy", "-disposition:v:0", "0", "-disposition:v:1", "0")  # fmt: skip


def colored(primaries: str, transfer: str, matrix: str, *, codec: str = "libx265") -> Build:
    def build(folder: Path) -> Path:
        turn = (
            f",scale=in_primaries=bt709:in_transfer=bt709:out_primaries={primaries}"
            f":out_transfer={transfer}:out_color_matrix={matrix}:out_range=tv,format=yuv420p10le"
        )
        params = f"log-level=none:colorprim={primaries}:transfer={transfer}:colormatrix={matrix}"
        return make_clip(folder / "color.mp4", "-c:v", codec, "-preset", "ultrafast", "-pix_fmt",
                         "yuv420p10le", "-x265-params", params, "-crf", "10", seconds=3,
                         after=turn)  # fmt: skip

    return build


def dolby_vision(profile: int, compatible: int) -> Build:
    """Write HEVC with a Dolby Vision configuration record (ETSI TS 103 572)."""

    def build(folder: Path) -> Path:
        path = make_clip(folder / "dv.mp4", "-c:v", "libx265", "-preset", "ultrafast",
                         "-x265-params",
                         "log-level=none", "-tag:v", "hvc1", seconds=2)  # fmt: skip
        record = bytes([1, 0, profile << 1, (3 << 3) | 0b101, compatible << 4]) + bytes(19)
        box = (8 + len(record)).to_bytes(4, "big") + b"dvcC" + record
        path.write_bytes(with_box(path.read_bytes(), box, within=b"hvc1"))
        return path

    return build


def with_box(data: bytes, box: bytes, *, within: bytes) -> bytes:
    """Insert `box` at the end of the sample entry `within`; all boxes around it grow.

    The sample data must be before the index, as ffmpeg writes it, so that its offsets stay.
    """
    path = [b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd", within]
    out = bytearray(data)
    starts = []
    at = 0
    end = len(data)
    for kind in path:
        at = _find_box(data, kind, at, end)
        starts.append(at)
        end = at + int.from_bytes(data[at : at + 4], "big")
        at += 16 if kind == b"stsd" else 8
    assert data.find(b"mdat") < starts[0]
    out[end:end] = box
    for start in starts:
        size = int.from_bytes(data[start : start + 4], "big") + len(box)
        out[start : start + 4] = size.to_bytes(4, "big")
    return bytes(out)


def _find_box(data: bytes, kind: bytes, at: int, end: int) -> int:
    while at < end:
        if data[at + 4 : at + 8] == kind:
            return at
        at += int.from_bytes(data[at : at + 4], "big")
    raise AssertionError(f"no {kind!r}")


def clapped(folder: Path) -> Path:
    """Write 640x480 with a clean aperture of 640x360."""
    path = make_clip(folder / "clap.mp4", seconds=3, size="640x480", after=LETTERBOX)
    numbers = [640, 1, 360, 1, 0, 1, 0, 1]
    box = (40).to_bytes(4, "big") + b"clap" + b"".join(n.to_bytes(4, "big") for n in numbers)
    path.write_bytes(with_box(path.read_bytes(), box, within=b"avc1"))
    return path


LETTERBOX = ",scale=640:360,pad=640:480:0:60,setsar=1"


def cropped_mkv(folder: Path) -> Path:
    """Set PixelCropTop and PixelCropBottom to 60 lines, as mkvmerge does, without display size."""
    path = make_clip(folder / "crop.mkv", seconds=3, size="640x480", after=LETTERBOX)
    data = path.read_bytes()
    at = data.find(b"\xb0\x82\x02\x80\xba\x82\x01\xe0")  # PixelWidth 640, PixelHeight 480
    assert at > 0
    crop = b"\x54\xbb\x81\x3c\x54\xaa\x81\x3c"
    path.write_bytes(_matroska_insert(data, at, crop))
    return path


def _matroska_insert(data: bytes, at: int, extra: bytes) -> bytes:
    return matroska_replace(data, at, b"", extra, within=(b"\xe0", b"\xae"))


def matroska_replace(
    data: bytes, at: int, old: bytes, new: bytes, *, within: tuple[bytes, ...]
) -> bytes:
    """Replace `old` by `new`; the elements around it, up to Tracks and Segment, grow.

    An index at the end (Cues, SeekHead) then points to wrong offsets; ffmpeg reads on without it.
    """
    out = bytearray(data)
    out[at : at + len(old)] = new
    for element in (*within, b"\x16\x54\xae\x6b", b"\x18\x53\x80\x67"):
        start = out.rfind(element, 0, at) if element != b"\x18\x53\x80\x67" else out.find(element)
        size_at = start + len(element)
        width = 9 - out[size_at].bit_length()
        marker = 1 << (7 * width)
        value = int.from_bytes(out[size_at : size_at + width], "big") & (marker - 1)
        assert value != marker - 1
        grown = value + len(new) - len(old)
        assert grown < marker - 1
        out[size_at : size_at + width] = (marker | grown).to_bytes(width, "big")
    return bytes(out)


def ambisonic(folder: Path) -> Path:
    """Make first-order ambisonic Opus with the beep in W alone."""
    beep = "0.5*sin(2*PI*1000*t)*lt(mod(t\\,1)\\,0.1)"
    return make(
        folder / "ambisonic.mkv", *numbered(seconds=4), "-f", "lavfi", "-i",
        f"aevalsrc={beep}|0|0|0:s=48000:d=4:c=quad", "-af",
        "channelmap=map=0|1|2|3:channel_layout=ambisonic 1", "-c:v", "libx264", "-preset",
        "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "libopus", "-mapping_family", "2",
    )  # fmt: skip


def av1(suffix: str, pixels: str) -> Build:
    def build(folder: Path) -> Path:
        return make_clip(folder / f"av1.{suffix}", "-c:v", "libsvtav1", "-preset", "12", "-pix_fmt",
                         pixels, "-g", "50", seconds=4)  # fmt: skip

    return build


def renamed(build: Build, name: str) -> Build:
    """Copy the bytes to a name with a wrong extension."""
    return lambda folder: build(folder).rename(folder / name)


WIDE = Expected(
    frames=span(0, 75),
    beeps=seconds(0, 3),
    red=(250, 0, 0),
    notices=frozenset({NoticeCode.COLORS_CONVERTED}),
)
WHOLE = Expected(frames=span(0, 200), beeps=seconds(0, 8))
BOTH = Expected(
    frames=span(0, 400), beeps=seconds(0, 16), notices=frozenset({NoticeCode.RECORDINGS_JOINED})
)
LEADER = Expected(size=(320, 240), beeps=seconds(0, 9), uncombed=(90, 220))
AAC5 = ("-c:a", "aac")


def is_(name: str, entry: str, build: Build, expected: Expected, *, fast: bool = False) -> Source:
    return Source(name=name, entry=entry, build=build, expected=expected, fast=fast)


CUT_30 = Expected(frames=span(90, 270), rate=Fraction(30), beeps=seconds(0, 6))
SOURCES: list[Source] = [
    is_("cut MP4", "1", cut_mp4(), CUT_30, fast=True),
    is_("cut MP4, GOP 60", "1", cut_mp4(gop="60"), CUT_30),
    is_("cut MP4, B-frames", "1", cut_mp4(args=("-preset", "fast")),
        Expected(frames=span(90, 272), rate=Fraction(30), beeps=seconds(0, 7))),
    is_("cut MOV", "1", cut_mov, Expected(frames=[*span(75, 226), 225, 227], beeps=seconds(0, 7))),
    is_("cut twice", "1", twice_cut, Expected(frames=span(135, 225), rate=Fraction(30),
        beeps=[0.5, 1.5, 2.5])),
    is_("recording begins inside a GOP", "2", mid_gop,
        Expected(frames=[*held((100, 45)), *span(100, 300)],
                 beeps=[number - 2.2 for number in range(3, 12)]), fast=True),
    is_("sound 2.0 to 5.1", "3", changing_sound(AC3, AC3, layouts=("stereo", "5.1")), WHOLE,
        fast=True),
    is_("sound 5.1 to 2.0", "3", changing_sound(AC3, AC3, layouts=("5.1", "stereo")), WHOLE),
    is_("sound 48 to 44.1 kHz", "3", changing_sound(AAC5, AAC5, layouts=("stereo", "stereo"),
        rates=(48000, 44100)), WHOLE),
    is_("sound mono to stereo", "3", changing_sound(AAC5, AAC5, layouts=("mono", "stereo")), WHOLE),
    is_("size changes", "4", changing_picture("160x90"),
        Expected(frames=span(0, 200), beeps=seconds(0, 8),
                 notices=frozenset({NoticeCode.SIZE_CHANGES})), fast=True),
    is_("picture turns upright", "4", changing_picture("180x320"),
        Expected(beeps=seconds(0, 8), black_sides_at=150,
                 notices=frozenset({NoticeCode.SIZE_CHANGES}))),
    is_("color tag changes", "4", changing_picture("320x180", "-x264-params",
        "colorprim=bt709:transfer=bt709:colormatrix=bt709",
        after=",scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"),
        Expected(frames=span(0, 200), beeps=seconds(0, 8), red=(250, 0, 0))),
    is_("depth changes", "4", changing_picture("320x180", "-pix_fmt", "yuv420p10le"), WHOLE),
    is_("size changes in WebM", "4", changing_webm,
        Expected(frames=span(0, 200), beeps=seconds(0, 8),
                 notices=frozenset({NoticeCode.SIZE_CHANGES}))),
    is_("two recordings, clock restarts", "5", joined(), BOTH, fast=True),
    is_("two recordings, second without sound", "5", joined(second=("-an",)),
        Expected(frames=span(0, 400), beeps=seconds(0, 8),
                 notices=frozenset({NoticeCode.RECORDINGS_JOINED}))),
    is_("two recordings, other packet identifiers", "5", joined(second=OTHER_PIDS), BOTH),
    is_("two recordings in M2TS", "5", joined_m2ts, BOTH),
    is_("two recordings, clock jumps 60 s", "5", joined(offset="60"),
        Expected(frames=span(0, 400), beeps=seconds(0, 16),
                 notices=frozenset({NoticeCode.GAP_CLOSED}))),
    is_("two recordings, clock jumps 1 h", "5", joined(offset="3600"),
        Expected(frames=span(0, 400), beeps=seconds(0, 16),
                 notices=frozenset({NoticeCode.GAP_CLOSED}))),
    is_("clock jumps 60 s in MKV", "sibling", gap_in("mkv"),
        Expected(frames=span(0, 400), beeps=seconds(0, 16),
                 notices=frozenset({NoticeCode.GAP_CLOSED}))),
    is_("TS with GOP 250", "6", long_gop(gop="250", rate="30", length=20),
        Expected(frames=span(0, 600), rate=Fraction(30), beeps=seconds(0, 20)), fast=True),
    is_("TS with GOP 300", "6", long_gop(gop="300", rate="25", length=20),
        Expected(frames=span(0, 500), beeps=seconds(0, 20))),
    is_("AV1 in MP4", "7", av1("mp4", "yuv420p"),
        Expected(frames=span(0, 100), beeps=seconds(0, 4)),
        fast=True),
    is_("AV1 10 bit in MKV", "7", av1("mkv", "yuv420p10le"),
        Expected(frames=span(0, 100), beeps=seconds(0, 4))),
    is_("edit list before the first keyframe", "8", no_sync_first,
        Expected(frames=[*held((50, 20)), *span(50, 150)],
                 beeps=[number - 1.2 for number in range(2, 6)])),
    is_("AAC begins after 12 s in TS", "9", late_sound("aac"),
        Expected(frames=span(0, 500), beeps=seconds(12, 20),
                 notices=frozenset({NoticeCode.SOUND_LATE})), fast=True),
    is_("MP2 begins after 12 s in TS", "9", late_sound("mp2"),
        Expected(frames=span(0, 500), beeps=seconds(12, 20),
                 notices=frozenset({NoticeCode.SOUND_LATE}))),
    is_("MKV cropped by its head", "10", cropped_mkv,
        Expected(frames=span(0, 75), beeps=seconds(0, 3), size=(640, 360)), fast=True),
    is_("MP4 with a clean aperture", "10", clapped,
        Expected(frames=span(0, 75), beeps=seconds(0, 3), size=(640, 360))),
    is_("Dolby Vision profile 5", "11", dolby_vision(5, 0),
        Expected(refused=ErrorCode.DOLBY_VISION), fast=True),
    is_("Dolby Vision profile 8.1", "11", dolby_vision(8, 1),
        Expected(frames=span(0, 50), beeps=seconds(0, 2))),
    is_("slides of 3 s", "23", slides(every=75),
        Expected(frames=held(*((n * 75, 30) for n in range(4))), rate=Fraction(10),
                 beeps=seconds(0, 12)), fast=True),
    is_("slides of 10 s with B-frames", "23",
        slides(every=250, length=60, args=("-preset", "fast")),
        Expected(frames=held(*((n * 250, 100) for n in range(6))), rate=Fraction(10),
                 beeps=seconds(0, 60))),
    is_("slides of 4 s in MKV", "23", slides(every=100, suffix="mkv"),
        Expected(frames=held(*((n * 100, 100) for n in range(3))),
                 beeps=seconds(0, 12))),
    is_("slides of 12 s in TS", "23", slides(every=300, length=36, suffix="ts"),
        Expected(frames=held(*((n * 300, 300) for n in range(3))),
                 beeps=seconds(0, 36))),
    is_("a last slide of 0.04 s", "24", last_slide,
        Expected(frames=held((0, 30), (75, 30), (150, 40)), rate=Fraction(10),
                 beeps=seconds(0, 10)), fast=True),
    is_("ambisonic sound", "25", ambisonic,
        Expected(frames=span(0, 100), beeps=seconds(0, 4),
                 notices=frozenset({NoticeCode.AMBISONIC_MIXED})), fast=True),
    is_("one wild time in MP4", "27", wrong_time(),
        Expected(frames=span(0, 200), beeps=seconds(0, 8),
                 notices=frozenset({NoticeCode.TIMESTAMPS_MENDED})), fast=True),
    is_("one wild time in MKV", "27", wrong_time(suffix="mkv"),
        Expected(frames=span(0, 200), beeps=seconds(0, 8), notices=frozenset(
            {NoticeCode.TIMESTAMPS_MENDED, NoticeCode.LENGTH_CORRECTED}))),
    is_("two wild times in a row", "27", wrong_time(frames="101"),
        Expected(frames=span(0, 200), beeps=seconds(0, 8),
                 notices=frozenset({NoticeCode.TIMESTAMPS_MENDED}))),
    is_("one wild time in TS", "27", wrong_time(suffix="ts"),
        Expected(frames=span(0, 200), beeps=seconds(0, 8),
                 notices=frozenset({NoticeCode.TIMESTAMPS_MENDED}))),
    is_("three recordings", "5", three_recordings,
        Expected(frames=span(0, 375), beeps=seconds(0, 15),
                 notices=frozenset({NoticeCode.RECORDINGS_JOINED}))),
    is_("one time 100 s ahead", "27", wrong_time(by="100"),
        Expected(frames=span(0, 200), beeps=seconds(0, 8),
                 notices=frozenset({NoticeCode.TIMESTAMPS_MENDED}))),
    is_("MKV head claims three times its length", "28", wrong_length(times=3),
        Expected(frames=span(0, 200), beeps=seconds(0, 8),
                 notices=frozenset({NoticeCode.LENGTH_CORRECTED})), fast=True),
    is_("MKV head claims 3200 s more", "28", wrong_length(plus=3200),
        Expected(frames=span(0, 200), beeps=seconds(0, 8),
                 notices=frozenset({NoticeCode.LENGTH_CORRECTED}))),
    is_("MKV head claims 60000 s more", "28", wrong_length(plus=60000),
        Expected(frames=span(0, 200), beeps=seconds(0, 8),
                 notices=frozenset({NoticeCode.LENGTH_CORRECTED}))),
    is_("a cover before the film", "29", cover_first,
        Expected(frames=span(0, 150), beeps=seconds(0, 6)), fast=True),
    is_("BT.2020 without HDR", "30", colored("bt2020", "bt2020-10", "bt2020nc"), WIDE, fast=True),
    is_("P3", "30", colored("smpte432", "bt709", "bt709"), WIDE),
    is_("encrypted by a CAS", "33", scrambled, Expected(refused=ErrorCode.ENCRYPTED), fast=True),
    is_("MP4 trimmed at its end", "34", trimmed_end,
        Expected(frames=span(0, 125), beeps=seconds(0, 5)), fast=True),
    is_("progressive leader in TS", "26", leader("ts"), LEADER),
    is_("progressive leader in MKV", "26", leader("mkv"), LEADER),
    is_("interlaced leader before a progressive film", "26", leader("ts", turned=True),
        Expected(size=(320, 240), beeps=seconds(0, 9), uncombed=(10, 60))),
    is_("4:3 to 16:9 in TS", "4", changing_shape,
        Expected(beeps=seconds(0, 8), size=(768, 576), black_rows_at=150,
                 notices=frozenset({NoticeCode.SHAPE_CHANGES}))),
    is_("TS named MP4", "12", renamed(long_gop(gop="50", rate="25", length=4), "film.mp4"),
        Expected(frames=span(0, 100), beeps=seconds(0, 4))),
    is_("MKV named TS", "12", renamed(wrong_length(times=1), "film.ts"), WHOLE),
]  # fmt: skip


def main(folder: Path) -> None:
    for source in SOURCES:
        place = folder / source.name.replace(" ", "-").replace(",", "").replace(":", "-")
        place.mkdir(parents=True, exist_ok=True)
        sys.stdout.write(f"{source.build(place)}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
