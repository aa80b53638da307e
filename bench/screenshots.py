"""Screenshots of every page, for people to review.

    python bench/screenshots.py http://127.0.0.1:8000 looks [--widths 360 768 1440]
        [--themes dark light] [--language lg] [--page /movies ...]

The site runs elsewhere with its demo films (`make run`). The script writes one PNG for each page,
width and theme, signed out and signed in, and contact sheets: `sheet-360-dark-own-1.png` shows a
dozen pages side by side. Chromium is the distribution's. The script compares nothing.
"""

from __future__ import annotations

import argparse
import os
import re
from pathlib import Path
from typing import Any

import requests
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.pages import ASIDE, OWN, OWN_ASIDE, PUBLIC

CHROMIUM = os.environ.get("CHROMIUM_PATH", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
FREE = "free@kushfilms.com"
PREMIUM = "premium@kushfilms.com"
PASSWORD = "viewer123"
PAYING = ["/account/billing", "/subscribe", "/watch/last-boda"]
# Maximum height of a screenshot, in pixels.
TALLEST = 6000
# Contact sheets: width of a page on the sheet, and number of pages in a row, by page width.
THUMBS = {360: (300, 8), 768: (460, 5), 1440: (620, 4)}
SHOWN = 1500


def main() -> None:
    options = arguments()
    options.out.mkdir(parents=True, exist_ok=True)
    real = names(options.base)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for width in options.widths:
            for theme in options.themes:
                shoot(browser, options, real, width=width, theme=theme)
        browser.close()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("base")
    parser.add_argument("out", type=Path)
    parser.add_argument("--widths", type=int, nargs="+", default=[360, 768, 1440])
    parser.add_argument("--themes", nargs="+", default=["dark", "light"])
    parser.add_argument("--language", default="en")
    parser.add_argument("--page", nargs="+", help="only these pages, as in tests/pages.py")
    return parser.parse_args()


def names(base: str) -> dict[str, str]:
    """Return the slugs on this site for the films and people of `tests/pages.py`."""

    def get(path: str) -> Any:
        return requests.get(f"{base}/api/v1/{path}", timeout=20).json()

    film = get("movies?limit=1")["results"][0]["slug"]
    found = {"last-boda": film, "odd": get("movies?limit=9")["results"][-1]["slug"]}
    person = re.search(r"/people/([\w-]+)", requests.get(f"{base}/movies/{film}", timeout=20).text)
    shelves = {"kampala-nights": get("series"), "drama": get("categories")}
    for name, answer in shelves.items():
        rows = answer["results"] if isinstance(answer, dict) else answer
        if rows:
            found[name] = rows[0]["slug"]
    return found | ({"vj-junior": person[1]} if person else {})


def shoot(
    browser: Browser, options: argparse.Namespace, real: dict[str, str], *, width: int, theme: str
) -> None:
    look: Any = {"viewport": {"width": width, "height": 740 if width < 700 else 900},
            "color_scheme": theme, "locale": options.language}  # fmt: skip
    for who, pages in (("", PUBLIC + ASIDE), (FREE, OWN + OWN_ASIDE), (PREMIUM, PAYING)):
        wanted = [page for page in pages if not options.page or page in options.page]
        if not wanted:
            continue
        context = browser.new_context(**look)
        cookies = {"choices": "needed", "language": options.language}
        context.add_cookies(
            [{"name": n, "value": v, "url": options.base} for n, v in cookies.items()]
        )
        tab = signed_in(context, options.base, who)
        label = f"{width}-{theme}-{who.partition('@')[0] or 'visitor'}"
        shots = [shot(tab, options, page, real, label=label) for page in wanted]
        sheets(shots, options.out, label)
        context.close()


def signed_in(context: BrowserContext, base: str, who: str) -> Page:
    tab = context.new_page()
    if who:
        tab.goto(f"{base}/login")
        tab.fill("input[name=email]", who)
        tab.fill("main input[name=password]", PASSWORD)
        tab.press("main input[name=password]", "Enter")
        tab.wait_for_url(lambda url: "/login" not in url)
    return tab


def shot(
    tab: Page, options: argparse.Namespace, page: str, real: dict[str, str], *, label: str
) -> Path:
    pattern = "|".join(map(re.escape, real))
    address = re.sub(pattern, lambda found: real[found[0]], page) if pattern else page
    tab.goto(f"{options.base}{address}", wait_until="domcontentloaded")
    tab.wait_for_timeout(1500 if "/watch/" in page else 250)
    # Lazy pictures below the fold are loaded only on scrolling.
    tab.evaluate("document.querySelectorAll('img').forEach((image) => (image.loading = 'eager'))")
    for _ in range(40):
        if tab.evaluate("[...document.images].every((image) => image.complete)"):
            break
        tab.wait_for_timeout(100)
    name = re.sub(r"[^\w]+", "-", page).strip("-") or "home"
    path: Path = options.out / f"{label}-{name}.png"
    tall = min(TALLEST, int(tab.evaluate("document.documentElement.scrollHeight")))
    width = int(label.partition("-")[0])
    tab.screenshot(path=path, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": tall})
    print(path, flush=True)
    return path


def sheets(shots: list[Path], out: Path, label: str) -> None:
    """Write contact sheets: the tops of the pages side by side, each with its name."""
    wide, row = THUMBS.get(int(label.partition("-")[0]), (460, 5))
    for number, first in enumerate(range(0, len(shots), row), 1):
        some = {path: thumb(path, wide) for path in shots[first : first + row]}
        height = max(small.height for small in some.values())
        sheet = Image.new("RGB", (len(some) * (wide + 12) + 12, height + 40), "#777")
        draw = ImageDraw.Draw(sheet)
        for place, (path, small) in enumerate(some.items()):
            left = 12 + place * (wide + 12)
            draw.text((left, 12), path.stem.removeprefix(f"{label}-")[:44], fill="#fff")
            sheet.paste(small, (left, 30))
        sheet.save(out / f"sheet-{label}-{number}.png")


def thumb(path: Path, wide: int) -> Image.Image:
    with Image.open(path) as whole:
        small = whole.convert("RGB").resize((wide, round(whole.height * wide / whole.width)))
    return small.crop((0, 0, wide, min(small.height, SHOWN)))


if __name__ == "__main__":
    main()
