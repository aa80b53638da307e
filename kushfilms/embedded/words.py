"""The languages' catalogues: gathers what is to be translated, compiles what is translated.

With Babel, so that no machine needs GNU gettext. `make messages` brings `locale/*/django.po` up to
date with the code; the build writes the `.mo` files, which are not committed.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

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
    """Write each `.mo` that is not there or older than its catalogue."""
    for language in LANGUAGES:
        source = po_file(language)
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            fresh = target.with_suffix(".new")
            with fresh.open("wb") as file:
                write_mo(file, read(language))
            fresh.replace(target)


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
        options = {"template_string": False, "jsx": False} if method == "javascript" else {}
        desk = path.stem in DESK or "api" in path.parts
        keywords = KEYWORDS if desk else {**KEYWORDS, **REFUSALS}
        found = extract(method, BytesIO(text.encode()), keywords=keywords, options=options)
        for line, message, _comments, context in found:
            name = str(path.relative_to(CHECKOUT))
            catalogue.add(message, locations=[(name, line)], context=context)
    return catalogue


def _sources() -> Iterator[tuple[Path, str, str]]:
    from django.utils.translation.template import templatize

    for path in _files(CHECKOUT / "templates", "*.html", "*.txt"):
        # Django's own turns a template into calls amid noise; the JavaScript reader minds no noise.
        yield path, "javascript", re.sub(r"(?<=[(\s])u(?=['\"])", "", templatize(path.read_text()))
    for app in APPS:
        for path in _files(CHECKOUT / app, "*.py"):
            yield path, "python", path.read_text()
    yield CHECKOUT / "kushfilms/errors.py", "python", (CHECKOUT / "kushfilms/errors.py").read_text()


def _files(root: Path, *patterns: str) -> Iterator[Path]:
    found = (path for pattern in patterns for path in root.rglob(pattern))
    for path in sorted(found):
        if not SKIPPED & set(path.relative_to(root).parts) and not path.name.startswith("admin"):
            yield path
