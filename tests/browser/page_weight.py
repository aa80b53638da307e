"""What a page's first visit costs on the line, without pictures."""

import re
from pathlib import Path

from django.conf import settings
from django.test import Client

STATIC = Path(settings.BASE_DIR) / "static"
DIST = STATIC / "dist"
OWN_FILES = re.compile(r'(?:src|href)="/static/([^"]+\.(?:css|js))"')


def first_load_bytes(client: Client, url: str) -> int:
    """Brotli bytes of the HTML and of every stylesheet and script that it names."""
    page = client.get(url, headers={"Accept-Encoding": "br"})
    plain = client.get(url).content.decode()
    return len(page.content) + sum(_bytes_of(name) for name in OWN_FILES.findall(plain))


def _bytes_of(name: str) -> int:
    """As whitenoise sends it: the compressed twin where the build left one."""
    twin = STATIC / f"{name}.br"
    return (twin if twin.exists() else STATIC / name).stat().st_size
