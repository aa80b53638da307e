"""Rendering of a film: ffmpeg moves the layers of a scene, and adds sound and subtitles."""

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from PIL import Image

from dev.demo.art.lettering import fitted, inked, small
from dev.demo.art.scene import Layer, Scene, flattened
from dev.demo.art.scene import Path as Way
from dev.demo.film import Film
from dev.demo.soundtrack import sound_inputs, sound_options
from streaming.encoding.tools import run_ffmpeg

TIMEOUT_SECONDS = 300
WORKSHOP = "making-"
TITLE_SECONDS = (0.8, 3.6)
# Colour tags of phones and cameras, so that players show the colours as painted.
COLOURS = ("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709")
PICTURE_CODING = ("-c:v", "libx264", "-preset", "superfast", "-crf", "19", *COLOURS)
_YUV = "scale=out_color_matrix=bt709:out_range=tv"


def film_make(film: Film, target: Path) -> None:
    """Make a film's source, and move it to `target` when it is complete.

    Only one call at a time may use a folder.

    Raises:
        EncodingError: ffmpeg failed.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    for leftover in target.parent.glob(f"{WORKSHOP}*"):  # of a process that was killed
        shutil.rmtree(leftover, ignore_errors=True)
    scene = flattened(film.paint(film.frame))
    scene = replace(scene, layers=(*scene.layers, title_card(film)))
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=WORKSHOP) as folder:
        made = Path(folder) / target.name
        run_ffmpeg(
            [
                *_pictures(scene, film, Path(folder)),
                *sound_inputs(film, first=len(scene.layers) + 1, folder=Path(folder)),
                *("-t", str(film.seconds), *PICTURE_CODING),
                *sound_options(film),
                *("-metadata", f"title={film.title}"),
                str(made),
            ],
            timeout_seconds=TIMEOUT_SECONDS,
        )
        made.replace(target)


def title_card(film: Film) -> Layer:
    """Return a layer with our name and the film's, in the film's own type."""
    width, height = film.frame
    lines = [fitted(text, film.look.face, height=height // 11) for text, _ in film.look.lines]
    wide = max(line.width for line in lines)
    gap = height // 40
    card = Image.new("RGBA", (wide + 16, sum(line.height + gap for line in lines) + height // 12))
    house = small("A  KUSH  FILM", height / 42, film.look.house, tracking=4)
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


def _pictures(scene: Scene, film: Film, folder: Path) -> list[str]:
    """Return an input for each layer, and the filter graph that moves them."""
    inputs = _raw((scene.base,), fps=1, path=folder / "base")
    length = f"fps={film.frame_rate},trim=end={film.seconds}"
    chains = [f"[0]{_YUV},format=yuv420p,loop=-1:1,{length}[v0]"]
    for n, layer in enumerate(scene.layers, start=1):
        inputs += _raw(layer.frames, fps=layer.fps, path=folder / f"layer{n}")
        chains += _layer_chains(layer, n, film.frame_rate)
    last = f"v{len(scene.layers)}"
    ends = film.seconds - 1.2
    chains.append(f"[{last}]fade=in:st=0:d=0.8,fade=out:st={ends}:d=1.2,format=yuv420p[film]")
    return [*inputs, "-filter_complex", ";".join(chains)]


def _raw(frames: tuple[Image.Image, ...], *, fps: float, path: Path) -> list[str]:
    """Return an input of uncompressed frames, which are cheapest to read."""
    with path.open("wb") as file:
        for frame in frames:
            file.write(frame.convert("RGBA").tobytes())
    width, height = frames[0].size
    return ["-f", "rawvideo", "-pixel_format", "rgba", "-video_size", f"{width}x{height}",
            "-framerate", str(fps), "-i", str(path)]  # fmt: skip


def _layer_chains(layer: Layer, n: int, frame_rate: int) -> list[str]:
    x, y = layer.path.expressions
    fades = ""
    enabled = ""
    if layer.shown:
        starts, ends = layer.shown
        fades = f",fade=in:st={starts}:d=0.7:alpha=1,fade=out:st={ends - 0.7}:d=0.7:alpha=1"
        enabled = f":enable='between(t,{starts},{ends})'"
    loop = f"loop=-1:{len(layer.frames)},fps={frame_rate}"
    return [
        f"[{n}]{_YUV},format=yuva420p,{loop}{fades}[l{n}]",
        f"[v{n - 1}][l{n}]overlay=x='{x}':y='{y}':shortest=1{enabled}[v{n}]",
    ]
