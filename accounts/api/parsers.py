"""Pictures in: the body is the file itself."""

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.parsers import BaseParser

from kushfilms.core.errors import TooLarge
from kushfilms.core.images import MOST_BYTES


class PictureParser(BaseParser):
    """`data["picture"]`, at most as large as a picture may be. Raises TooLarge."""

    media_type = "image/*"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, bytes]:
        data: bytes = stream.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise TooLarge(f"At most {MOST_BYTES // 1024**2} MiB. Take a smaller picture.")
        return {"picture": data}
