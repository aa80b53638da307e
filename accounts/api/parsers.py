"""Parser of pictures, where the body is the file itself."""

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.parsers import BaseParser

from kushfilms.core.errors import TooLarge
from kushfilms.core.images import MOST_BYTES


class PictureParser(BaseParser):
    """Parser that puts the body into `data["picture"]`. Raises TooLarge."""

    media_type = "image/*"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, bytes]:
        data: bytes = stream.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise TooLarge(f"Use a picture of at most {MOST_BYTES // 1024**2} MiB.")
        return {"picture": data}
