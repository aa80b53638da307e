"""Performance of the site on a bad 3G connection.

    python bench/lossy.py [BASE] --film SLUG

The site runs elsewhere (`make run`) behind a proxy (`tests/browser/bad_network.py`): 400 kb/s and
1 Mb/s, 300 ms round trip, 5 % of packets lost and sent again, and occasionally a broken connection.
Chromium with a cold cache, at 360 x 740, opens the home page, the film's page and the watch page,
and plays. The script prints the first content and the end of loading of each page; for the film the
first frame, number and duration of stalls, and the height of the picture. The random seed is fixed;
the script asserts nothing.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from lighthouse import first_film, signed_in
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.bad_network import BadNetwork, NetworkProfile, bad_network

LINES = {
    "1 Mb/s": NetworkProfile(1_000_000, loss=0.05, reset=0.002),
    "400 kb/s": NetworkProfile(400_000, loss=0.05, reset=0.002),
}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required"]
PATIENCE_MS = 180_000
# Counts from the first picture on; the player's own seek over a gap counts as a stall as well.
WATCH = """
addEventListener("DOMContentLoaded", () => {
  const video = document.getElementById("video");
  if (!video) return;
  const seen = (window.seen = { first: 0, stalls: 0, stood: 0, since: 0 });
  video.requestVideoFrameCallback((now) => (seen.first = now));
  video.addEventListener("waiting", () => {
    if (!seen.first || seen.since) return;
    seen.stalls += 1;
    seen.since = performance.now();
  });
  video.addEventListener("playing", () => {
    if (seen.since) seen.stood += performance.now() - seen.since;
    seen.since = 0;
  });
});
"""
PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
LOADED = "performance.getEntriesByType('navigation')[0].loadEventEnd"


@dataclass(frozen=True)
class Film:
    first: float
    stalls: int
    stood: float
    seconds: float
    height: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base", nargs="?", default="http://127.0.0.1:8000")
    parser.add_argument("--film", help="slug; by default the first free film")
    parser.add_argument("--seconds", type=float, default=30, help="seconds of film to play")
    options = parser.parse_args()
    slug = options.film or first_film(options.base)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM_PATH", "/usr/bin/chromium"), args=ARGUMENTS
        )
        print("| connection | page | first content s | loaded s |\n| --- | --- | --: | --: |")
        films = [_over(browser, options.base, slug, name, options.seconds) for name in LINES]
        browser.close()
    print("\n| connection | first frame s | stalls | for s | played s | picture | resets |")
    print("| --- | --: | --: | --: | --: | --: | --: |")
    for (film, resets), name in zip(films, LINES, strict=True):
        print(
            f"| {name} | {film.first:.1f} | {film.stalls} | {film.stood:.1f} |"
            f" {film.seconds:.0f} | {film.height}p | {resets} |"
        )


def _over(browser: Browser, base: str, slug: str, name: str, seconds: float) -> tuple[Film, int]:
    with _page(browser, base, LINES[name]) as (page, proxied, line):
        for path in ("/", f"/movies/{slug}"):
            page.goto(f"{proxied}{path}", wait_until="load", timeout=PATIENCE_MS)
            _print_times(page, name, path)
        page.goto(f"{proxied}/watch/{slug}", wait_until="commit", timeout=PATIENCE_MS)
        film = _play(page, seconds)
        _print_times(page, name, f"/watch/{slug}")
        return film, line.resets


def _print_times(page: Page, name: str, path: str) -> None:
    while not page.evaluate(PAINT):
        page.wait_for_timeout(100)
    content = page.evaluate(PAINT) / 1000
    loaded = page.evaluate(LOADED) / 1000
    print(f"| {name} | {path} | {content:.1f} | {loaded:.1f} |")


@contextmanager
def _page(
    browser: Browser, base: str, line: NetworkProfile
) -> Iterator[tuple[Page, str, BadNetwork]]:
    site = urlsplit(base)
    cookies = [cookie.partition("=") for cookie in signed_in(base).split("; ")]
    with bad_network(line, host=site.hostname or "", port=site.port or 80) as (proxy, port):
        proxied = f"http://127.0.0.1:{port}"
        context = browser.new_context(viewport={"width": 360, "height": 740})
        context.add_cookies([{"name": k, "value": v, "url": proxied} for k, _, v in cookies])
        page = context.new_page()
        page.add_init_script(WATCH)
        yield page, proxied, proxy
        context.close()


def _play(page: Page, seconds: float) -> Film:
    """Play until `seconds` of the film, its end, or three minutes have passed."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    state = (
        "({...window.seen, at: video.currentTime, ended: video.ended, height: video.videoHeight})"
    )
    while True:
        page.wait_for_timeout(500)
        seen = page.evaluate(
            f"() => {{ const video = document.getElementById('video'); return {state} }}"
        )
        if seen["at"] >= seconds or seen["ended"] or time.monotonic() > deadline:
            break
    return Film(
        seen["first"] / 1000, seen["stalls"], seen["stood"] / 1000, seen["at"], seen["height"]
    )


if __name__ == "__main__":
    main()
