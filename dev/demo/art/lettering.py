"""Display type, made from Pillow's one light sans by weight, width and slant."""

from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageFont

FONT_PIXELS = 150


@dataclass(frozen=True)
class Face:
    """Appearance of letters. Weights and tracking are pixels at a font size of 150."""

    stem: int = 10
    bar: int = 6
    tracking: int = 16
    squeeze: float = 1.0  # factor on the width of the letters
    slant: float = 0.0


HEAVY = Face()


def lettered(text: str, face: Face) -> Image.Image:
    """Return a mask cropped to the text, in the face's own size."""
    font = ImageFont.load_default(FONT_PIXELS)
    pad = face.stem + face.bar + 4
    width = round(sum(font.getlength(char) + face.tracking for char in text)) + 2 * pad
    mask = Image.new("L", (width, FONT_PIXELS * 3 // 2 + 2 * pad))
    draw = ImageDraw.Draw(mask)
    x = float(pad)
    for char in text:
        draw.text((x, pad), char, font=font, fill=255)
        x += font.getlength(char) + face.tracking
    mask = _slanted(_bold(mask, face), face.slant)
    return mask.crop(mask.getbbox())


def fitted(text: str, face: Face, *, width: int = 0, height: int = 0) -> Image.Image:
    """Return a mask of the text with the given width or height; the face determines the other."""
    mask = lettered(text, face)
    ratio = mask.width * face.squeeze / mask.height
    size = (width, round(width / ratio)) if width else (round(height * ratio), height)
    return mask.resize(size, Image.Resampling.LANCZOS)


def inked(mask: Image.Image, colour: str) -> Image.Image:
    picture = Image.new("RGBA", mask.size, colour)
    picture.putalpha(mask)
    return picture


def small(text: str, pixels: float, colour: str, *, tracking: float = 0) -> Image.Image:
    """Paint a line in the unmodified font."""
    font = ImageFont.load_default(pixels * 2)
    width = round(sum(font.getlength(char) + tracking * 2 for char in text)) + 8
    mask = Image.new("L", (width, round(pixels * 3)))
    draw = ImageDraw.Draw(mask)
    x = 2.0
    for char in text:
        draw.text((x, pixels * 0.3), char, font=font, fill=255)
        x += font.getlength(char) + tracking * 2
    mask = mask.resize((width // 2, mask.height // 2), Image.Resampling.LANCZOS)
    return inked(mask, colour)


def _bold(mask: Image.Image, face: Face) -> Image.Image:
    """Spread the mask to the right and down with square corners, in doubling steps for speed."""
    for axis, spread in ((0, face.stem), (1, face.bar)):
        done = 0
        while done < spread:
            step = min(done + 1, spread - done)
            offset = (step, 0) if axis == 0 else (0, step)
            mask = ImageChops.lighter(mask, ImageChops.offset(mask, *offset))
            done += step
    return mask


def _slanted(mask: Image.Image, slant: float) -> Image.Image:
    if not slant:
        return mask
    shift = round(mask.height * slant)
    size = (mask.width + shift, mask.height)
    matrix = (1, slant, -shift, 0, 1, 0)
    return mask.transform(size, Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC)
