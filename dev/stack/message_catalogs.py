"""The languages' catalogues: compiles what is translated, and brings them up to date.

With Babel, so that no machine needs GNU gettext. `make messages` brings `locale/*/django.po` up to
date with the code; the build writes the `.mo` files and `scripts.json`, which are not committed.
"""

import json
import re
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from dev.stack.paths import CHECKOUT
from dev.stack.translatable_texts import SCRIPTS, script_files, script_texts, wanted_messages

LOCALE = CHECKOUT / "locale"
LANGUAGES = ("lg", "sw")
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
        page: {text: str(told[text]) for text in script_texts(page) if told.get(text)}
        for page in SCRIPTS
    }


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
