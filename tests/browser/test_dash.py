"""The DASH manifest of the same segments, played by shaka-player, a foreign player."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page
from rest_framework.test import APIClient

from accounts.models import User
from catalog.models import Movie
from dev.stack.frontend import SOURCES

SHAKA = SOURCES / "node_modules" / "shaka-player" / "dist" / "shaka-player.compiled.js"
PAGE = "<!doctype html><video id=video muted></video><script src=/shaka.js></script>"
LOAD = """async (url) => {
  const player = window.player = new shaka.Player();
  window.complaints = [];
  player.addEventListener('error', (event) => complaints.push(String(event.detail)));
  await player.attach(document.getElementById('video'));
  await player.load(url).catch((error) => { throw new Error(JSON.stringify(error)); });
  await document.getElementById('video').play();
}"""
TRACKS = """() => player.getVariantTracks().map(
  ({ height, language, videoCodec, audioCodec }) => [height, language, videoCodec, audioCodec])"""
LISTEN = """(language) => player.selectAudioTrack(
  player.getAudioTracks().find((track) => track.language === language))"""
ACTIVE_LANGUAGE = "() => player.getVariantTracks().find((track) => track.active).language"


@pytest.fixture
def page(
    film: Movie,
    person: Callable[..., User],
    api_as: Callable[[User], APIClient],
    contexts: Callable[..., BrowserContext],
    live_server: Any,
) -> Page:
    """Open a page of another origin that loads and plays the film's MPD."""
    given = api_as(person()).get(f"/api/v1/movies/{film.slug}/stream").json()["dashUrl"]
    page = contexts().new_page()
    page.route("**/dash", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
    page.route("**/shaka.js", lambda route: route.fulfill(path=Path(SHAKA)))
    page.goto(f"{live_server.url}/dash")
    page.evaluate(LOAD, f"{live_server.url}{urlsplit(given).path}")
    return page


def plays_past(page: Page, seconds: float) -> None:
    page.wait_for_function("(at) => document.getElementById('video').currentTime > at", arg=seconds)


def test_manifest_lists_everything_and_plays(page: Page, film: Movie) -> None:
    plays_past(page, 3)
    assert page.evaluate("document.getElementById('video').videoWidth") > 0
    duration = page.evaluate("document.getElementById('video').duration")
    assert duration == pytest.approx(film.duration, abs=0.1)
    tracks = page.evaluate(TRACKS)
    assert {(height, language) for height, language, *_ in tracks} == {
        (height, language) for height in (144, 240, 360) for language in ("en", "lg")
    }
    assert all(video.startswith("avc1.") and audio == "mp4a.40.2" for *_, video, audio in tracks)
    assert page.evaluate("player.getTextTracks().map(({ language }) => language)") == ["lg"]
    page.evaluate("document.getElementById('video').currentTime = 21")
    page.wait_for_function("document.getElementById('video').ended")
    assert page.evaluate("complaints") == []


def test_narrator_can_be_chosen(page: Page) -> None:
    plays_past(page, 1)
    assert page.evaluate(ACTIVE_LANGUAGE) == "en"
    page.evaluate(LISTEN, "lg")
    plays_past(page, page.evaluate("document.getElementById('video').currentTime") + 1.5)
    assert page.evaluate(ACTIVE_LANGUAGE) == "lg"
    assert page.evaluate("complaints") == []
