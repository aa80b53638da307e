"""Conversion of uploaded pictures to small ones without metadata.

The picture is decoded and encoded again, which drops the place and the camera (EXIF, XMP, ICC) and
any other data hidden in the file.
"""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from kushfilms.core.errors import KushError, TooLarge, Unavailable

MOST_BYTES = 5 * 1024**2
SIDE = 256
# A small file can be an enormous picture. A baseline JPEG is decoded at an eighth of its size; a
# progressive one needs all coefficients in memory, PNG and WebP all pixels.
MOST_PIXELS_JPEG = 60_000_000
MOST_PIXELS_PROGRESSIVE = 16_000_000
MOST_PIXELS = 8_000_000
# One picture at a time in each process bounds the memory.
TURN_SECONDS = 5
_turn = threading.Lock()
FORMATS = ("JPEG", "PNG", "WEBP")
TYPES = tuple(f"image/{form.lower()}" for form in FORMATS)


class PictureUnreadable(KushError):
    status: ClassVar[int] = 422
    title = "Unprocessable Content"
    code = "picture_unreadable"

    def __init__(self) -> None:
        super().__init__("We can't read this picture. Send a JPEG, PNG or WebP.")


def avatar_webp(data: bytes) -> bytes:
    """Return a square WebP of `SIDE` pixels. Raises the errors of `picture_read`."""
    return picture_webp(data, size=(SIDE, SIDE))


def picture_webp(data: bytes, *, size: tuple[int, int]) -> bytes:
    """Return a WebP of this width and height. Raises the errors of `picture_read`."""
    out = io.BytesIO()
    picture_read(data, size=size).save(out, "WEBP", quality=82)
    return out.getvalue()


def picture_read(data: bytes, *, size: tuple[int, int]) -> Image.Image:
    """Return the picture in RGB, of this width and height, cropped around the centre.

    Raises:
        TooLarge: too many bytes or pixels.
        Unavailable: other pictures are being decoded.
        PictureUnreadable: not a picture, or a broken one.
    """
    if len(data) > MOST_BYTES:
        message = _("Use a picture of at most %(size)s MB.")
        raise TooLarge(message % {"size": MOST_BYTES // 1024**2})
    with _own_turn(), _reading(), Image.open(io.BytesIO(data), formats=FORMATS) as image:
        most = MOST_PIXELS
        if image.format == "JPEG":
            is_progressive = "progressive" in image.info
            most = MOST_PIXELS_PROGRESSIVE if is_progressive else MOST_PIXELS_JPEG
        if image.width * image.height > most:
            message = _("Use a picture of at most %(count)s megapixels.")
            raise TooLarge(message % {"count": most // 1_000_000})
        image.draft("RGB", (2 * size[0], 2 * size[1]))  # JPEG only: others are read whole
        upright = ImageOps.exif_transpose(image)
        cut = ImageOps.fit(upright.convert("RGBA"), size)
    ground = Image.new("RGB", cut.size, "white")
    ground.paste(cut, mask=cut.getchannel("A"))
    return ground


@contextmanager
def _own_turn() -> Iterator[None]:
    if not _turn.acquire(timeout=TURN_SECONDS):
        busy = "Many pictures are being processed. Try again in a few seconds."
        raise Unavailable(busy, retry_after_seconds=TURN_SECONDS)
    try:
        yield
    finally:
        _turn.release()


@contextmanager
def _reading() -> Iterator[None]:
    """Turn Pillow's many errors for a broken file into TooLarge or PictureUnreadable."""
    try:
        yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as exc:
        raise TooLarge("This picture has too many pixels. Take a smaller one.") from exc
    except (OSError, ValueError, SyntaxError, ArithmeticError, LookupError, TypeError) as exc:
        raise PictureUnreadable from exc
