"""A scene, filmed: ffmpeg moves the layers, adds the sound and the subtitles."""

import tempfile
from dataclasses import replace
from pathlib import Path

from PIL import Image

from kushfilms.demo.art.brush import Size
from kushfilms.demo.art.lettering import fitted, inked, small
from kushfilms.demo.art.scene import Layer, Scene, flattened
from kushfilms.demo.art.scene import Path as Way
from kushfilms.demo.film import Film, Line
from kushfilms.demo.sound.score import Speech, play, spoken
from kushfilms.demo.sound.tones import RATE
from streaming.encoding.tools import run_ffmpeg

TIMEOUT_SECONDS = 300
TITLE_SECONDS = (0.8, 3.6)
# Between the voices of the people in a film; a VJ speaks louder, and on top of everything.
SPEAKERS_HZ = (186.0, 128.0)
SUBTITLE_CODECS = {"mkv": "srt", "mp4": "mov_text", "mov": "mov_text"}
# What phones and cameras write, so that colours come out as painted.
COLOURS = ("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709")


def film_make(film: Film, target: Path) -> None:
    """Make a film's source. It appears under its name only when it is whole.

    Raises EncodingError.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    scene = flattened(film.paint(film.frame))
    scene = replace(scene, layers=(*scene.layers, title_card(film)))
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        made = Path(folder) / target.name
        run_ffmpeg(
            [
                *_pictures(scene, film, Path(folder)),
                *_sound_and_words(film, len(scene.layers) + 1, Path(folder)),
                *_streams(film),
                str(made),
            ],
            timeout_seconds=TIMEOUT_SECONDS,
        )
        made.replace(target)


def title_card(film: Film) -> Layer:
    """Our name and the film's, in the film's own type."""
    width, height = film.frame
    lines = [fitted(text, film.look.face, height=height // 11) for text, _ in film.look.lines]
    wide, gap = max(line.width for line in lines), height // 40
    card = Image.new("RGBA", (wide + 16, sum(line.height + gap for line in lines) + height // 12))
    house = small("A  KUSH  FILM", height / 42, film.look.card_small, tracking=4)
    card.alpha_composite(house, (max(0, (card.width - house.width) // 2), 0))
    y = height // 14
    for line in lines:
        x = (card.width - line.width) // 2
        if film.look.card_shadow:
            card.alpha_composite(inked(line, film.look.card_shadow), (x + 4, y + 4))
        card.alpha_composite(inked(line, film.look.card_ink), (x, y))
        y += line.height + gap
    way = Way((width - card.width) // 2, height * 0.1)
    return Layer((card,), way, shown=TITLE_SECONDS)


# ── Picture ─────────────────────────────────────────────────────────────────────────────


def _pictures(scene: Scene, film: Film, folder: Path) -> list[str]:
    """Inputs of raw pixels (ffmpeg's own decoders for them are the cheapest) and the graph."""
    size = film.frame
    inputs = _raw(scene.base.convert("RGBA"), size, 1, folder / "base", (scene.base,))
    chains = [f"[0]{_YUV},loop=-1:1,fps={film.frame_rate},trim=end={film.seconds}[v0]"]
    for n, layer in enumerate(scene.layers, start=1):
        inputs += _raw(layer.frames[0], layer.size, layer.fps, folder / f"layer{n}", layer.frames)
        chains += _layer_chains(layer, n, film.frame_rate)
    last = f"v{len(scene.layers)}"
    ends = film.seconds - 1.2
    chains.append(f"[{last}]fade=in:st=0:d=0.8,fade=out:st={ends}:d=1.2,format=yuv420p[film]")
    return [*inputs, "-filter_complex", ";".join(chains)]


_YUV = "scale=out_color_matrix=bt709:out_range=tv,format=yuva420p"


def _raw(
    first: Image.Image, size: Size, fps: float, path: Path, frames: tuple[Image.Image, ...]
) -> list[str]:
    with path.open("wb") as file:
        for frame in frames:
            file.write(frame.convert("RGBA").tobytes())
    shape = f"{first.width}x{first.height}" if first.size != size else f"{size[0]}x{size[1]}"
    return ["-f", "rawvideo", "-pixel_format", "rgba", "-video_size", shape, "-framerate",
            str(fps), "-i", str(path)]  # fmt: skip


def _layer_chains(layer: Layer, n: int, frame_rate: int) -> list[str]:
    x, y = layer.path.expressions
    fades, enabled = "", ""
    if layer.shown:
        starts, ends = layer.shown
        fades = f",fade=in:st={starts}:d=0.7:alpha=1,fade=out:st={ends - 0.7}:d=0.7:alpha=1"
        enabled = f":enable='between(t,{starts},{ends})'"
    loop = f"loop=-1:{len(layer.frames)},fps={frame_rate}"
    return [
        f"[{n}]{_YUV},{loop}{fades}[l{n}]",
        f"[v{n - 1}][l{n}]overlay=x='{x}':y='{y}':shortest=1{enabled}[v{n}]",
    ]


# ── Sound and words ─────────────────────────────────────────────────────────────────────


def _sound_and_words(film: Film, first: int, folder: Path) -> list[str]:
    """More inputs, from number `first` on: one or two tracks of sound, then subtitles."""
    music = play(film.score, seconds=film.seconds)
    sounds = [spoken(music, _dialogue(film))]
    if film.vj:
        sounds.append(spoken(music, _narration(film)))
    inputs, maps = [], ["-map", "[film]"]
    for n, sound in enumerate(sounds):
        path = folder / f"sound{n}"
        path.write_bytes(sound)
        inputs += ["-f", "s16le", "-ar", str(RATE), "-ac", "2", "-i", str(path)]
        maps += ["-map", f"{first + n}:a"]
    for n, language in enumerate(("english", "luganda") if film.subtitled else ()):
        path = folder / f"{language}.srt"
        path.write_text(_srt(film.lines, language))
        inputs += ["-i", str(path)]
        maps += ["-map", f"{first + len(sounds) + n}:s"]
    # Inputs have to stand before the graph's outputs are mapped.
    return [*inputs, *maps]


def _dialogue(film: Film) -> tuple[Speech, ...]:
    return tuple(
        Speech(at=line.starts, words=line.english, hz=SPEAKERS_HZ[n % 2], gain=0.4)
        for n, line in enumerate(film.lines)
    )


def _narration(film: Film) -> tuple[Speech, ...]:
    if film.vj is None:
        return ()
    return tuple(
        Speech(at=line.starts, words=line.luganda, hz=film.vj.hz, gain=0.8) for line in film.lines
    )


def _srt(lines: tuple[Line, ...], language: str) -> str:
    cues = [
        f"{n}\n{_clock(line.starts)} --> {_clock(line.ends)}\n{getattr(line, language)}\n"
        for n, line in enumerate(lines, start=1)
    ]
    return "\n".join(cues)


def _clock(seconds: float) -> str:
    whole = int(seconds)
    return f"00:{whole // 60:02}:{whole % 60:02},{round((seconds - whole) * 1000):03}"


def _streams(film: Film) -> list[str]:
    """How streams are coded, and what they call themselves."""
    original = "lug" if film.language == "Luganda" else "eng"
    named = ["-metadata:s:a:0", f"language={original}", "-metadata:s:a:0", "title=Original"]
    if film.vj:
        named += ["-metadata:s:a:1", "language=lug", "-metadata:s:a:1",
                  f"title={film.vj.name} (Luganda)", "-disposition:a:1", "0"]  # fmt: skip
    if film.subtitled:
        named += ["-c:s", SUBTITLE_CODECS[film.container], "-metadata:s:s:0", "language=eng",
                  "-metadata:s:s:1", "language=lug"]  # fmt: skip
    return ["-t", str(film.seconds), "-c:v", "libx264", "-preset", "superfast", "-crf", "19",
            *COLOURS, "-c:a", "aac", "-b:a", "128k", "-ar", "48000", "-af",
            "aecho=0.8:0.7:46|87:0.22|0.14", "-metadata", f"title={film.title}", *named]  # fmt: skip
