"""Drawing of the house: the apps, their rooms, and which way imports go.

    make drawing        writes docs/images/architecture.svg

The rooms and their order are those of the import-linter contracts in pyproject.toml, so the drawing
shows what the lint enforces.
"""

import re
import tomllib
from collections.abc import Iterator
from html import escape
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
TARGET = CHECKOUT / "docs" / "images" / "architecture.svg"
Layer = list[list[str]]  # rows of rooms
ROOMS_OF = re.compile(r"Rooms of (\w+)")
PURPOSES = {
    "core": "errors, jobs, mail, storage, caches",
    "accounts": "people, sign-in, roles, privacy",
    "billing": "plans, payments, the provider",
    "catalog": "films, series, search, comments",
    "streaming": "uploads, encoding, playback",
    "ads": "campaigns, decisions, events",
    "analytics": "numbers for staff",
}
COLUMN, GAP, MARGIN = 240, 36, 24
BOX, STEP, LAYER_GAP, HEAD = 24, 28, 9, 60
LETTER = 8.3  # pixels a character of the room names takes at most
STYLE = """
    text { font: 13px system-ui, sans-serif; fill: #1b1b1f }
    .app { font-weight: 600; font-size: 16px } .purpose { font-size: 11px; fill: #55555e }
    .column { fill: #f4f2ee; stroke: #c9c4b8 } .room { fill: #fff; stroke: #c9c4b8 }
    .arrow { stroke: #8a4b08; stroke-width: 1.6; fill: none; marker-end: url(#head) }
    .note { font-size: 12px; fill: #55555e }
"""


def drawing() -> str:
    """Return the SVG of the apps and their rooms."""
    columns = list(_columns())
    height = HEAD + max(_height(layers) for _, layers in columns) + 12
    width = 2 * MARGIN + len(columns) * (COLUMN + GAP) - GAP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height + 2 * MARGIN + 24}"'
        f' role="img" aria-label="Apps and their rooms">',
        f"<style>{STYLE}</style>",
        '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8"'
        ' markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z" fill="#8a4b08"/></marker></defs>',
        f'<rect width="{width}" height="{height + 2 * MARGIN + 24}" fill="#fff"/>',
    ]
    for number, (app, layers) in enumerate(columns):
        left = MARGIN + number * (COLUMN + GAP)
        parts += _column(app, layers, left=left, height=height)
        if number:
            y = MARGIN + HEAD // 2
            parts.append(f'<path class="arrow" d="M{left - 4} {y} H{left - GAP + 5}"/>')
    parts += [
        f'<text class="note" x="{MARGIN}" y="{height + MARGIN + 26}">'
        "Arrows: may import. Inside an app a room may import the rooms below it."
        " Lower apps reach higher ones only by events.</text>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _column(app: str, layers: list[Layer], *, left: int, height: int) -> Iterator[str]:
    yield (
        f'<rect class="column" x="{left}" y="{MARGIN}" width="{COLUMN}" height="{height}" rx="8"/>'
    )
    yield f'<text class="app" x="{left + 12}" y="{MARGIN + 24}">{escape(app)}</text>'
    purpose = escape(PURPOSES.get(app, ""))
    yield f'<text class="purpose" x="{left + 12}" y="{MARGIN + 42}">{purpose}</text>'
    top = MARGIN + HEAD
    for layer in layers:
        for row in layer:
            x = left + 12.0
            for room in row:
                yield (
                    f'<rect class="room" x="{x:.1f}" y="{top}" width="{_width(room):.1f}"'
                    f' height="{BOX}" rx="4"/>'
                )
                yield f'<text x="{x + 6:.1f}" y="{top + 16}">{escape(room)}</text>'
                x += _width(room) + 5
            top += STEP
        top += LAYER_GAP


def _height(layers: list[Layer]) -> int:
    return sum(len(layer) * STEP + LAYER_GAP for layer in layers)


def _width(room: str) -> float:
    return len(room) * LETTER + 12


def _columns() -> Iterator[tuple[str, list[Layer]]]:
    """Yield each app, lowest first, with its layers, highest first."""
    settings = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    core = ("api views", "public_cache front", "jobs mail storage", "db events errors")
    yield "core", [[layer.split()] for layer in core]
    for contract in contracts:
        if named := ROOMS_OF.match(contract["name"]):
            app = named[1]
            yield app, [list(_rows(app, layer)) for layer in contract["layers"]]


def _rows(app: str, layer: str) -> Iterator[list[str]]:
    """Yield the rooms of one layer, as many a row as its names leave space for."""
    row: list[str] = []
    for room in re.findall(rf"{app}\.([\w.]+)", layer):
        if row and sum(_width(name) + 5 for name in [*row, room]) > COLUMN - 18:
            yield row
            row = []
        row.append(room)
    if row:
        yield row


if __name__ == "__main__":
    TARGET.write_text(drawing(), encoding="utf-8")
