"""Message catalogs of the languages: compilation and update.

Babel is used, so that no machine needs GNU gettext. `make messages` updates `locale/*/django.po`
from the code; the build writes the `.mo` files and `scripts.json`, which are not committed.
"""

import json
import re
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from dev.stack.paths import CHECKOUT
from dev.stack.translatable_texts import SCRIPTS, extract_messages, script_files, script_texts

LOCALE = CHECKOUT / "locale"
LANGUAGES = ("lg", "sw")
# Headers whose information git already has.
REDUNDANT_HEADERS = re.compile(
    rb'^"(Report-Msgid|POT-Creation|PO-Revision|Last-Trans|Language-Team|Generated-By).*\n', re.M
)


def po_file(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def compile_all() -> None:
    """Compile the catalogs that are missing or older than their sources."""
    scripts = [path for page in SCRIPTS for path in script_files(page)]
    for language in LANGUAGES:
        source = po_file(language)
        if _is_older(target := source.with_suffix(".mo"), [source]):
            out = BytesIO()
            write_mo(out, read(language))
            _replace(target, out.getvalue())
        if _is_older(target := source.with_name("scripts.json"), [source, *scripts]):
            _replace(target, json.dumps(_script_messages(language), ensure_ascii=False).encode())


def _is_older(target: Path, sources: list[Path]) -> bool:
    newest = max(source.stat().st_mtime for source in sources)
    return not target.exists() or target.stat().st_mtime < newest


def _replace(target: Path, content: bytes) -> None:
    fresh = target.with_suffix(".new")
    fresh.write_bytes(content)
    fresh.replace(target)


def _script_messages(language: str) -> dict[str, dict[str, str]]:
    """Return the translations that each page's script needs, as `{page: {English: translated}}`."""
    messages = {message.id: message.string for message in read(language) if not message.context}
    return {
        page: {text: str(messages[text]) for text in script_texts(page) if messages.get(text)}
        for page in SCRIPTS
    }


def read(language: str) -> Catalog:
    with po_file(language).open("rb") as file:
        return read_po(file, locale=language, domain="django")


def update() -> None:
    """Update the catalogs from the code; new messages are empty, which fails a test."""
    code_messages = extract_messages()
    for language in LANGUAGES:
        catalog = read(language)
        catalog.update(code_messages, no_fuzzy_matching=True, update_creation_date=False)
        catalog.obsolete.clear()
        out = BytesIO()
        write_po(out, catalog, width=100, sort_output=True, include_lineno=False)
        po_file(language).write_bytes(REDUNDANT_HEADERS.sub(b"", out.getvalue()))
