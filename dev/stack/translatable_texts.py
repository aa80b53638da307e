"""Texts to translate, extracted from templates, code, scripts and error messages."""

import ast
import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract

from dev.stack.error_texts import ErrorTexts
from dev.stack.paths import CHECKOUT

APPS = ("accounts", "billing", "catalog", "streaming", "kushfilms/core")
# The admin area and pages for developers stay English.
SKIPPED = {"admin", "demo", "drf_spectacular", "styleguide.html", "track_manager.html",
           "film_media.html", "film_tracks.html", "tests", "migrations", "management"}  # fmt: skip
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
# Pages with texts in scripts, and the sources of each page's bundle.
SCRIPTS = {"watch": ("watch.js", "player", "lib"), "tv": ("tv.js",)}
# Modules whose errors only staff or programs see: by name, and some of catalog/services.
STAFF_MODULES = {
    "added_audio", "audio_track_slots", "audio_uploads", "complimentary", "encodes", "imports",
    "narrators", "package_tracks", "reader", "refunds", "report_rules", "resource", "slugs",
    "staff", "staff_rank", "stripe_events", "subtitles", "tracks", "trailers", "uploads",
    "webhooks",
}  # fmt: skip
STAFF_SERVICES = {
    "categories", "credits", "edits", "episodes", "film_edits", "films", "people", "pictures",
    "series",
}  # fmt: skip


def script_texts(page: str) -> list[str]:
    """Return the texts that the scripts of a page translate."""
    found = (
        text
        for path in script_files(page)
        for _line, text, _comments, _context in _extracted("javascript", path.read_text())
    )
    return sorted({text for text in found if isinstance(text, str)})


def script_files(page: str) -> list[Path]:
    roots = [CHECKOUT / "frontend/src" / name for name in SCRIPTS[page]]
    return [
        path for root in roots for path in (sorted(root.rglob("*.js")) if root.is_dir() else [root])
    ]


def extract_messages() -> Catalog:
    """Return every text that templates, code and errors translate."""
    catalog = Catalog(domain="django", charset="utf-8")
    for path, method, text in _sources():
        name = str(path.relative_to(CHECKOUT))
        for line, message, _comments, context in _extracted(method, text):
            catalog.add(message, locations=[(name, line)], context=context)
    for path, text_node in error_texts():
        if isinstance(text_node, ast.Constant):
            name = str(path.relative_to(CHECKOUT))
            catalog.add(str(text_node.value), locations=[(name, text_node.lineno)])
    return catalog


def error_texts() -> Iterator[tuple[Path, ast.Constant | ast.JoinedStr]]:
    """Yield the error messages that a viewer may see; an f-string cannot be translated."""
    for app in APPS:
        for path in _files(CHECKOUT / app, "*.py"):
            if not _is_for_staff(path.relative_to(CHECKOUT)):
                module = ast.parse(path.read_text())
                yield from ((path, text) for text in ErrorTexts(module).texts())


def _is_for_staff(path: Path) -> bool:
    services = path.parent == Path("catalog/services") and path.stem in STAFF_SERVICES
    return services or path.stem in STAFF_MODULES or "api" in path.parts


def _extracted(method: str, text: str) -> Iterable[Any]:
    options = {"template_string": False, "jsx": False} if method == "javascript" else {}
    return extract(method, BytesIO(text.encode()), keywords=KEYWORDS, options=options)


def _sources() -> Iterator[tuple[Path, str, str]]:
    from django.utils.translation.template import templatize

    for path in _files(CHECKOUT / "templates", "*.html", "*.txt"):
        # Django turns a template into gettext calls amid other text, which the JavaScript
        # extractor ignores.
        yield path, "javascript", re.sub(r"(?<=[(\s])u(?=['\"])", "", templatize(path.read_text()))
    for page in SCRIPTS:
        yield from ((path, "javascript", path.read_text()) for path in script_files(page))
    for app in APPS:
        for path in _files(CHECKOUT / app, "*.py"):
            yield path, "python", path.read_text()
    yield (
        CHECKOUT / "kushfilms/error_pages.py",
        "python",
        (CHECKOUT / "kushfilms/error_pages.py").read_text(),
    )


def _files(root: Path, *patterns: str) -> Iterator[Path]:
    found = (path for pattern in patterns for path in root.rglob(pattern))
    for path in sorted(found):
        if not SKIPPED & set(path.relative_to(root).parts) and not path.name.startswith("admin"):
            yield path
