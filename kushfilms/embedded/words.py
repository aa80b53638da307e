"""The languages' catalogues: gathers what is to be translated, compiles what is translated.

With Babel, so that no machine needs GNU gettext. `make messages` brings `locale/*/django.po` up to
date with the code; the build writes the `.mo` files and `scripts.json`, which are not committed.
"""

import json
import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from kushfilms.embedded.paths import CHECKOUT

LOCALE = CHECKOUT / "locale"
LANGUAGES = ("lg", "sw")
APPS = ("accounts", "billing", "catalog", "streaming", "kushfilms/core")
# The back office and what only developers see stay English.
SKIPPED = {"admin", "demo", "drf_spectacular", "styleguide.html", "track_desk.html",
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
# What speaks in the browser, and the sources of each page's bundle.
SCRIPTS = {"watch": ("watch.js", "player", "lib"), "tv": ("tv.js",)}
# A `KushError` translates its own message.
REFUSALS: dict[str, tuple[int | tuple[int, str], ...] | None] = dict.fromkeys(
    ("Denied", "InvalidInput", "NotFound", "NotSignedIn", "RateLimited", "TokenInvalid", "TooLarge",
     "Unavailable", "UnsupportedMedia", "WrongState"),
)  # fmt: skip

# Where only staff, or programs, are refused.
DESK = {"complimentary", "encodes", "imports", "narrators", "rank", "reading", "refunds",
        "report_rules", "slugs", "sound_places", "sounds", "staff", "stripe_events", "subtitles",
        "trailers", "uploads"}  # fmt: skip

# Headers that git tells better.
UNTOLD = re.compile(
    rb'^"(Report-Msgid|POT-Creation|PO-Revision|Last-Trans|Language-Team|Generated-By).*\n', re.M
)


def po_file(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def compile_all() -> None:
    """Write what is not there or older than what it is made from."""
    scripts = [path for page in SCRIPTS for path in script_files(page)]
    for language in LANGUAGES:
        source = po_file(language)
        if _is_older(target := source.with_suffix(".mo"), [source]):
            out = BytesIO()
            write_mo(out, read(language))
            _replace(target, out.getvalue())
        if _is_older(target := source.with_name("scripts.json"), [source, *scripts]):
            _replace(target, json.dumps(_told_to_scripts(language), ensure_ascii=False).encode())


def _is_older(target: Path, sources: list[Path]) -> bool:
    made_from = max(source.stat().st_mtime for source in sources)
    return not target.exists() or target.stat().st_mtime < made_from


def _replace(target: Path, content: bytes) -> None:
    fresh = target.with_suffix(".new")
    fresh.write_bytes(content)
    fresh.replace(target)


def _told_to_scripts(language: str) -> dict[str, dict[str, str]]:
    """What a page takes along for its script: `{page: {English: translated}}`."""
    told = {message.id: message.string for message in read(language) if not message.context}
    return {
        page: {text: told[text] for text in script_texts(page) if told.get(text)}
        for page in SCRIPTS
    }


def script_texts(page: str) -> list[str]:
    """What the scripts of a page ask to have translated."""
    found = (
        text
        for path in script_files(page)
        for _line, text, _comments, _context in _extracted("javascript", path.read_text(), KEYWORDS)
    )
    return sorted({text for text in found if isinstance(text, str)})


def script_files(page: str) -> list[Path]:
    roots = [CHECKOUT / "frontend/src" / name for name in SCRIPTS[page]]
    return [
        path for root in roots for path in (sorted(root.rglob("*.js")) if root.is_dir() else [root])
    ]


def read(language: str) -> Catalog:
    with po_file(language).open("rb") as file:
        return read_po(file, locale=language, domain="django")


def update() -> None:
    """Bring the catalogues up to date; what is new in them is empty, and fails a test."""
    wanted = wanted_messages()
    for language in LANGUAGES:
        catalogue = read(language)
        catalogue.update(wanted, no_fuzzy_matching=True, update_creation_date=False)
        catalogue.obsolete.clear()
        out = BytesIO()
        write_po(out, catalogue, width=100, sort_output=True, include_lineno=False)
        po_file(language).write_bytes(UNTOLD.sub(b"", out.getvalue()))


def wanted_messages() -> Catalog:
    """Every text that templates and code ask to have translated."""
    catalogue = Catalog(domain="django", charset="utf-8")
    for path, method, text in _sources():
        desk = path.stem in DESK or "api" in path.parts
        keywords = KEYWORDS if desk else {**KEYWORDS, **REFUSALS}
        for line, message, _comments, context in _extracted(method, text, keywords):
            name = str(path.relative_to(CHECKOUT))
            catalogue.add(message, locations=[(name, line)], context=context)
    return catalogue


def _extracted(method: str, text: str, keywords: Any) -> Iterable[Any]:
    options = {"template_string": False, "jsx": False} if method == "javascript" else {}
    return extract(method, BytesIO(text.encode()), keywords=keywords, options=options)


def _sources() -> Iterator[tuple[Path, str, str]]:
    from django.utils.translation.template import templatize

    for path in _files(CHECKOUT / "templates", "*.html", "*.txt"):
        # Django's own turns a template into calls amid noise; the JavaScript reader minds no noise.
        yield path, "javascript", re.sub(r"(?<=[(\s])u(?=['\"])", "", templatize(path.read_text()))
    for page in SCRIPTS:
        yield from ((path, "javascript", path.read_text()) for path in script_files(page))
    for app in APPS:
        for path in _files(CHECKOUT / app, "*.py"):
            yield path, "python", path.read_text()
    yield CHECKOUT / "kushfilms/errors.py", "python", (CHECKOUT / "kushfilms/errors.py").read_text()


def _files(root: Path, *patterns: str) -> Iterator[Path]:
    found = (path for pattern in patterns for path in root.rglob(pattern))
    for path in sorted(found):
        if not SKIPPED & set(path.relative_to(root).parts) and not path.name.startswith("admin"):
            yield path
