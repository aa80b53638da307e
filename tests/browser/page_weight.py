"""Bytes of a page's first visit, without pictures."""

import re
from pathlib import Path

from django.conf import settings
from django.test import Client

STATIC = Path(settings.BASE_DIR) / "static"
DIST = STATIC / "dist"
OWN_FILES = re.compile(r'(?:src|href)="/static/([^"]+\.(?:css|js))"')


def first_load_bytes(client: Client, url: str) -> int:
    """Return the Brotli bytes of the HTML and of every stylesheet and script that it names."""
    page = client.get(url, headers={"Accept-Encoding": "br"})
    plain = client.get(url).content.decode()
    return len(page.content) + sum(_bytes_of(name) for name in OWN_FILES.findall(plain))


def _bytes_of(name: str) -> int:
    """Return the bytes that whitenoise sends: of the compressed twin where there is one."""
    twin = STATIC / f"{name}.br"
    return (twin if twin.exists() else STATIC / name).stat().st_size
