"""Pictures in several widths, in AVIF and WebP; the key names the widths.

`public/posters/x/AbC-x160x240x400.webp` is the widest as WebP. Beside it are
`AbC-x160x240x400-160.avif`, `…-160.webp` and so on, and `…-400.avif`. A key without that ending,
as of older films, has no other files.
"""

import io
import re
from collections.abc import Iterable, Sequence
from typing import Final

from PIL import Image, ImageOps

from kushfilms.core import storage

WIDTHS = re.compile(r"-x(\d+(?:x\d+)*)\.webp\Z", re.ASCII)
POSTER_WIDTHS: Final = (160, 240, 400)
BACKDROP_WIDTHS: Final = (640, 1280)
# The preview of a link in a chat: a size and a format, JPEG, that all chat programs accept.
SHARE_SIZE: Final = (1200, 630)
# The smallest files that look right on a phone; AVIF needs about two thirds of WebP's bytes.
AVIF: Final = {"quality": 50, "speed": 7}
WEBP: Final = {"quality": 74, "method": 4}


def picture_store(stem: str, image: Image.Image, *, widths: Sequence[int]) -> str:
    """Store an RGB picture in those of the widths it has and return its key.

    Raises StorageError.
    """
    there = sorted({min(width, image.width) for width in widths})
    key = f"{stem}-x{'x'.join(str(width) for width in there)}.webp"
    # The key's own object last: if it exists, all others do.
    for width in there:
        height = max(1, round(image.height * width / image.width))
        smaller = image.resize((width, height), Image.Resampling.LANCZOS)
        _put(picture_key(key, width, "avif"), smaller, "AVIF", **AVIF)
        _put(picture_key(key, width, "webp"), smaller, "WEBP", **WEBP)
    return key


def share_store(key: str, image: Image.Image) -> None:
    """Store the preview for links to the page of a picture. Raises StorageError."""
    fitted = ImageOps.fit(image, SHARE_SIZE, Image.Resampling.LANCZOS)
    _put(share_key(key), fitted, "JPEG", quality=78, optimize=True, progressive=True)


def _put(key: str, image: Image.Image, form: str, **options: int | bool) -> None:
    out = io.BytesIO()
    image.save(out, form, **options)
    storage.put_bytes(key, out.getvalue(), content_type=f"image/{form.lower()}")


def picture_widths(key: str) -> tuple[int, ...]:
    found = WIDTHS.search(key)
    return tuple(int(width) for width in found[1].split("x")) if found else ()


def picture_key(key: str, width: int, form: str) -> str:
    widest = max(picture_widths(key))
    if form == "webp" and width == widest:
        return key
    return f"{key.removesuffix('.webp')}-{width}.{form}"


def share_key(key: str) -> str:
    """Return the key of the preview, which only backdrops have, or an empty string."""
    return f"{key.removesuffix('.webp')}-share.jpg" if picture_widths(key) else ""


def picture_keys(key: str) -> Iterable[str]:
    """Yield the keys of all files of a picture, its own key last."""
    for width in picture_widths(key):
        yield picture_key(key, width, "avif")
        if width != max(picture_widths(key)):
            yield picture_key(key, width, "webp")
    if picture_widths(key):
        yield share_key(key)
    yield key


def picture_delete(key: str) -> None:
    """Delete all files of a picture. Idempotent. Raises StorageError."""
    for part in picture_keys(key):
        storage.delete(part)
