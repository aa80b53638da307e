"""Time from pressing Play on the film's page to the first picture on the screen.

    python bench/first_frame.py --base http://127.0.0.1:8000 --film SLUG --email … --password …

The site runs elsewhere (`make run`). Chromium has a cold cache and a connection of 1.6 Mb/s and
150 ms, like good 3G. The script prints the runs and their median, and the bytes received before the
picture; it asserts nothing.
"""

import argparse
import os
import statistics
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

BITS_PER_SECOND = 1_600_000
LATENCY_MS = 150
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-gpu",
    "--autoplay-policy=no-user-gesture-required",
]
# Records the first presented frame, from the start of the document, before the player's scripts.
WATCH_FRAMES = """
addEventListener("DOMContentLoaded", () => {
  const video = document.getElementById("video");
  video?.requestVideoFrameCallback((now) => {
    window.firstFrameAt = performance.timeOrigin + now;
  });
});
"""


@dataclass
class Run:
    seconds: float
    bytes_before: int
    height: int
    parts: dict[str, int]


def main() -> None:
    options = arguments()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM_PATH", "/usr/bin/chromium"), args=ARGUMENTS
        )
        cookies = sign_in(browser, options)
        runs = [measure(browser, options, cookies) for _ in range(options.runs)]
        browser.close()
    for number, run in enumerate(runs, 1):
        parts = ", ".join(f"{name} {size / 1000:.0f} kB" for name, size in run.parts.items())
        print(
            f"run {number}: {run.seconds:.2f} s, {run.bytes_before / 1000:.0f} kB, "
            f"{run.height}p ({parts})"
        )
    print(
        f"median of {len(runs)}: first frame {statistics.median(r.seconds for r in runs):.2f} s, "
        f"{statistics.median(r.bytes_before for r in runs) / 1000:.0f} kB before it"
    )


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", default="http://127.0.0.1:8000")
    parser.add_argument("--film", required=True, help="the film's slug")
    parser.add_argument("--email", required=True)
    parser.add_argument("--password", required=True)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--reading", type=float, default=3, help="seconds on the film page")
    return parser.parse_args()


def measure(browser: Browser, options: argparse.Namespace, cookies: list[Any]) -> Run:
    context = browser.new_context(viewport={"width": 360, "height": 740}, device_scale_factor=2)
    context.add_cookies(cookies)
    page = context.new_page()
    page.add_init_script(WATCH_FRAMES)
    line = context.new_cdp_session(page)
    throttle(line)
    page.goto(f"{options.base}/movies/{options.film}")
    page.wait_for_timeout(options.reading * 1000)
    received = count_bytes(line)
    began = page.evaluate("performance.timeOrigin + performance.now()")
    page.locator(".button--play").first.click(no_wait_after=True)
    at = first_frame(page)
    parts = dict(received)
    height = page.evaluate("document.getElementById('video').videoHeight")
    context.close()
    return Run((at - began) / 1000, sum(parts.values()), height, parts)


def sign_in(browser: Browser, options: argparse.Namespace) -> list[Any]:
    """Return the cookies of one sign-in for all runs, because sign-ins are rate limited."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{options.base}/login")
    page.fill("input[name=email]", options.email)
    page.fill("input[name=password]", options.password)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/login" not in url)
    cookies: list[Any] = context.cookies()
    context.close()
    return cookies


def throttle(line: CDPSession) -> None:
    line.send("Network.enable")
    line.send("Network.clearBrowserCache")
    line.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": LATENCY_MS,
            "downloadThroughput": BITS_PER_SECOND / 8,
            "uploadThroughput": BITS_PER_SECOND / 8,
        },
    )


def count_bytes(line: CDPSession) -> dict[str, int]:
    """Return a dict in which the received bytes are counted by kind from now on."""
    kinds: dict[str, str] = {}
    counts: dict[str, int] = {}
    came: dict[str, int] = {}

    def name(event: dict[str, Any]) -> None:
        url = event["request"]["url"].partition("?")[0]
        kinds[event["requestId"]] = url.rpartition(".")[2] if "." in url[-6:] else "page"

    def add(event: dict[str, Any]) -> None:
        identifier = event["requestId"]
        size = event["encodedDataLength"]
        came[identifier] = came.get(identifier, 0) + size
        kind = kinds.get(identifier, "other")
        counts[kind] = counts.get(kind, 0) + size

    def settle(event: dict[str, Any]) -> None:
        """Add headers, and the size of a compressed answer, which is known only at its end."""
        identifier = event["requestId"]
        missing = event["encodedDataLength"] - came.get(identifier, 0)
        add({"requestId": identifier, "encodedDataLength": max(0, missing)})

    line.on("Network.requestWillBeSent", name)
    line.on("Network.dataReceived", add)
    line.on("Network.loadingFinished", settle)
    return counts


def first_frame(page: Page) -> float:
    while True:
        try:
            at = page.evaluate("window.firstFrameAt ?? null")
        except Exception:  # noqa: BLE001  The navigation replaces the page during the call.
            at = None
        if at is not None:
            return float(at)
        page.wait_for_timeout(20)


if __name__ == "__main__":
    main()
