"""Poster, backdrop and thumbnail of a film or series, as WebP files."""

import hashlib
import io
from dataclasses import dataclass

from PIL import Image

from dev.demo.art.brush import Size
from dev.demo.art.paint import grain
from dev.demo.art.poster import poster
from dev.demo.art.scene import still
from dev.demo.film import Film
from dev.demo.show import Show
from kushfilms.core.pictures import BACKDROP_WIDTHS, POSTER_WIDTHS, picture_store, share_store

BACKDROP: Size = (1280, 720)
THUMBNAIL: Size = (480, 270)
# Maximum bytes of each, so that a page full of them loads over a rural mobile network.
LIMITS = {"poster": 80_000, "backdrop": 120_000, "thumbnail": 30_000}
QUALITIES = (84, 78, 72, 66, 60, 52, 44, 36)


@dataclass(frozen=True)
class PictureKeys:
    poster: str
    backdrop: str
    thumbnail: str


def pictures_store(film: Film | Show) -> PictureKeys:
    """Paint and store the pictures.

    Raises:
        StorageError: storage is unavailable.
    """
    found = {name: _image(data) for name, data in pictures_of(film).items()}
    backdrop = picture_store(
        _stem(film, found, "backdrop"), found["backdrop"], widths=BACKDROP_WIDTHS
    )
    share_store(backdrop, found["backdrop"])
    return PictureKeys(
        poster=picture_store(_stem(film, found, "poster"), found["poster"], widths=POSTER_WIDTHS),
        backdrop=backdrop,
        thumbnail=picture_store(_stem(film, found, "thumbnail"), found["thumbnail"], widths=(480,)),
    )


def _image(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def pictures_of(film: Film | Show) -> dict[str, bytes]:
    """Return the WebP bytes by name (the keys of LIMITS)."""
    tall = poster(film.paint, film.look, tagline=film.tagline, credits_=film.credits)
    wide = still(film.paint(BACKDROP), t=film.look.at)
    small = wide.resize(THUMBNAIL, Image.Resampling.LANCZOS)
    painted = {"poster": tall, "backdrop": grain(wide, sigma=3), "thumbnail": small}
    return {name: _webp(picture, LIMITS[name]) for name, picture in painted.items()}


def _webp(picture: Image.Image, limit: int) -> bytes:
    """Return a picture in the best quality within the limit."""
    data = b""
    for quality in QUALITIES:
        buffer = io.BytesIO()
        picture.save(buffer, "WEBP", quality=quality, method=4)
        data = buffer.getvalue()
        if len(data) <= limit:
            break
    return data


def _stem(film: Film | Show, found: dict[str, Image.Image], name: str) -> str:
    digest = hashlib.sha256(found[name].tobytes()).hexdigest()[:8]
    return f"public/demo/{film.key}/{name}-{digest}"
