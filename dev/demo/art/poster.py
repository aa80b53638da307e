"""Posters: the film's scene in a tall frame, title, tagline, credits, and a strip of cloth."""

from dataclasses import dataclass

from PIL import Image

from dev.demo.art.brush import Size
from dev.demo.art.kitenge import Ink, band
from dev.demo.art.lettering import HEAVY, Face, fitted, inked, small
from dev.demo.art.paint import grain
from dev.demo.art.scene import Painter, still

POSTER: Size = (600, 900)
MARGIN = 34
BAND = 30
SHADE = 190


@dataclass(frozen=True, kw_only=True)
class Look:
    """Appearance of a poster. `lines` are as wide as it, except those with a height in pixels.

    `above` and `below` are the shares of the poster reserved for text.
    """

    lines: tuple[tuple[str, int], ...]
    ink: str
    second: str = ""  # of every other line
    shadow: str = ""
    small: str = "#fff6e2"
    house: str = "#fff6e2"  # of our name at the very top
    floor: str = "#100b0c"  # a shadow of this colour lies under the words
    face: Face = HEAVY
    card_ink: str = "#fff6e2"  # of the title in the film itself
    card_shadow: str = "#100b0c"
    top: int = 60  # top of the title; negative: distance from the bottom
    gap: int = 14
    centred: bool = True
    above: float = 0.0
    below: float = 0.0
    at: float = 6  # the second of the film shown on the poster
    cloth: Ink = ("#100b0c", "#f0b93a", "#8f1a27", "#f0b93a")
    motif: str = "diamonds"


def poster(paint: Painter, look: Look, *, tagline: str, credits_: tuple[str, str]) -> Image.Image:
    """Paint a poster of 600 x 900 pixels."""
    picture = _art(paint, look).convert("RGBA")
    _shade(picture, look)
    _title(picture, look)
    _words(picture, look, tagline=tagline, credits_=credits_)
    cloth = band((POSTER[0], BAND), look.cloth, motif=look.motif)
    picture.alpha_composite(cloth, (0, POSTER[1] - BAND))
    return grain(picture.convert("RGB"), sigma=5)


def _art(paint: Painter, look: Look) -> Image.Image:
    """Paint the scene, with its top and bottom rows extended above and below it."""
    width, height = POSTER
    top = round(height * look.above)
    bottom = round(height * look.below)
    scene = still(paint((width, height - top - bottom)), t=look.at)
    sheet = Image.new("RGB", POSTER)
    rows = ((0, top, 0), (height - bottom, bottom, scene.height - 4))
    for y, tall, row in rows:
        if tall:
            stretched = scene.crop((0, row, width, row + 4)).resize((1, 1)).resize((width, tall))
            sheet.paste(stretched, (0, y))
    sheet.paste(scene, (0, top))
    return sheet


def _shade(picture: Image.Image, look: Look) -> None:
    shade = Image.new("RGBA", (POSTER[0], SHADE), look.floor)
    shade.putalpha(Image.linear_gradient("L").point(lambda a: min(225, a * 2)).resize(shade.size))
    picture.alpha_composite(shade, (0, POSTER[1] - SHADE))


def _title(picture: Image.Image, look: Look) -> None:
    wide = POSTER[0] - 2 * MARGIN
    masks = [_fitted(text, look.face, height=height, wide=wide) for text, height in look.lines]
    tall = sum(mask.height for mask in masks) + look.gap * (len(masks) - 1)
    y = look.top if look.top >= 0 else POSTER[1] + look.top - tall
    for n, mask in enumerate(masks):
        x = (POSTER[0] - mask.width) // 2 if look.centred else MARGIN
        if look.shadow:
            picture.alpha_composite(inked(mask, look.shadow), (x + 5, y + 5))
        ink = look.second if look.second and n % 2 else look.ink
        picture.alpha_composite(inked(mask, ink), (x, y))
        y += mask.height + look.gap


def _fitted(text: str, face: Face, *, height: int, wide: int) -> Image.Image:
    mask = fitted(text, face, height=height) if height else fitted(text, face, width=wide)
    return mask if mask.width <= wide else fitted(text, face, width=wide)


def _words(picture: Image.Image, look: Look, *, tagline: str, credits_: tuple[str, str]) -> None:
    """Write our name at the top, and the tagline and credits at the bottom."""
    floor = POSTER[1] - BAND
    _line(picture, small("KUSH FILMS", 12, look.house, tracking=5), 22, look)
    _line(picture, small(tagline, 19, look.small, tracking=0.2), floor - 96, look)
    for n, text in enumerate(credits_):
        _line(
            picture, small(text.upper(), 10.5, look.small, tracking=1.3), floor - 50 + n * 18, look
        )


def _line(picture: Image.Image, text: Image.Image, y: int, look: Look) -> None:
    widest = POSTER[0] - 2 * MARGIN
    if text.width > widest:
        text = text.resize((widest, round(text.height * widest / text.width)))
    x = (POSTER[0] - text.width) // 2 if look.centred else MARGIN
    picture.alpha_composite(text, (x, y))
