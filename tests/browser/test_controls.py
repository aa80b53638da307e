"""The player's controls: data costs, audio, captions, keys, and accessibility."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from accounts.models import User
from catalog.models import Movie
from tests.browser.conftest import Viewer

AXE = Path(settings.BASE_DIR) / "frontend/node_modules/axe-core/axe.min.js"
SIZES = [(360, 740), (740, 360), (1440, 900)]


@pytest.fixture
def viewer(film: Movie, person: Callable[..., User], at_browser: Callable[..., Viewer]) -> Viewer:
    watching = at_browser(person(), viewport={"width": 1280, "height": 800})
    watching.watch(film)
    watching.wait_past(0.5)
    watching.page.wait_for_selector("#player[data-state=ready] media-time-range")
    return watching


def settings_open(page: Page) -> None:
    page.locator("#settings").click()
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()


def test_every_quality_shows_its_price(viewer: Viewer) -> None:
    settings_open(viewer.page)
    for label in ("Auto", "Data saver", "360p", "240p", "144p", "Listen only"):
        row = viewer.page.locator("label", has_text=label).first
        expect(row).to_contain_text("B")
    row = viewer.page.locator("label", has_text="360p")
    assert re.search(r"about 1\.\d MB", row.inner_text())


def test_chosen_quality_plays_and_is_remembered(viewer: Viewer, film: Movie) -> None:
    settings_open(viewer.page)
    viewer.page.get_by_label("144p").check()
    viewer.page.wait_for_timeout(200)
    assert viewer.script("stream.levels[stream.hls.loadLevel].height") == 144
    viewer.watch(film)
    viewer.wait_past(1)
    assert viewer.script("video.videoHeight") == 144


def test_data_saver_caps_and_listening_drops_the_picture(viewer: Viewer, film: Movie) -> None:
    settings_open(viewer.page)
    viewer.page.get_by_label("Data saver").check()
    assert viewer.script("stream.levels[stream.hls.autoLevelCapping].height") == 240
    viewer.page.get_by_label("Listen only").check()
    viewer.page.keyboard.press("Escape")
    viewer.until("document.getElementById('video').videoHeight === 0")
    at = viewer.seconds()
    viewer.wait_past(at + 1)
    expect(viewer.page.locator(".player__listening")).to_be_visible()
    viewer.watch(film)
    viewer.wait_past(1)
    assert viewer.script("video.videoHeight") == 0
    viewer.page.wait_for_selector("#player[data-state=ready] media-time-range")
    settings_open(viewer.page)
    viewer.page.get_by_label("Auto").check()
    viewer.until("document.getElementById('video').videoHeight > 0")
    assert viewer.complaints == []


def test_narrator_is_chosen_and_remembered(viewer: Viewer, film: Movie) -> None:
    settings_open(viewer.page)
    viewer.page.get_by_label("VJ Junior").check()
    viewer.until("document.getElementById('player').viewing.stream.hls.audioTrack === 1")
    at = viewer.seconds()
    viewer.wait_past(at + 1)
    viewer.watch(film)
    viewer.wait_past(1)
    tracks = viewer.script("stream.hls.audioTracks[stream.hls.audioTrack].name")
    assert tracks == "VJ Junior"


def test_captions_show_the_speech(viewer: Viewer) -> None:
    viewer.page.locator("#captions").click()
    expect(viewer.page.locator("#captions")).to_have_attribute("aria-pressed", "true")
    viewer.until(
        "[...document.getElementById('video').textTracks].some((track) =>"
        " track.mode === 'showing' && [...(track.activeCues ?? [])]"
        ".some((cue) => cue.text.includes('Omuntu')))"
    )
    viewer.page.keyboard.press("c")
    expect(viewer.page.locator("#captions")).to_have_attribute("aria-pressed", "false")
    assert viewer.complaints == []


def test_keys(viewer: Viewer) -> None:
    press = viewer.page.keyboard.press
    press("k")
    assert viewer.script("video.paused")
    press("5")
    assert abs(viewer.seconds() - 12) < 0.2
    press("l")
    assert abs(viewer.seconds() - 22) < 0.2
    press("j")
    press("ArrowLeft")
    assert abs(viewer.seconds() - 7) < 0.2
    press("m")
    assert viewer.script("video.muted")
    press(">")
    assert viewer.script("video.playbackRate") == 1.25
    press("?")
    dialog = viewer.page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    press("Escape")
    expect(dialog).to_be_hidden()


def test_seek_bar_has_pictures(viewer: Viewer) -> None:
    viewer.page.locator("#seek").hover()
    viewer.until("document.querySelector('track[label=thumbnails]')?.track.cues?.length > 0")
    viewer.page.locator("#seek").hover(position={"x": 400, "y": 20})
    viewer.until("document.querySelector('media-controller').hasAttribute('mediapreviewimage')")


def test_buffer_stays_within_thirty_seconds(viewer: Viewer) -> None:
    assert viewer.script("stream.hls.config.maxBufferLength") == 30


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_controls_are_large_enough_and_inside(viewer: Viewer, width: int, height: int) -> None:
    viewer.page.set_viewport_size({"width": width, "height": height})
    viewer.page.keyboard.press("k")
    boxes = viewer.page.evaluate(
        "[...document.querySelectorAll('.player button, .player a, .player media-play-button,"
        " .player media-fullscreen-button, .player media-mute-button')]"
        ".filter((one) => one.checkVisibility()).map((one) => {"
        " const { x, y, right, bottom, width, height } = one.getBoundingClientRect();"
        " return { name: one.id || one.localName, x, y, right, bottom, width, height }; })"
    )
    assert len(boxes) >= 5
    for box in boxes:
        assert min(box["width"], box["height"]) >= 43.5, box
        assert box["x"] >= 0, box
        assert box["right"] <= width, box
        assert box["bottom"] <= height, box


def axe(page: Page) -> list[str]:
    """Return the violations that axe finds, as `rule: element`."""
    page.evaluate(AXE.read_text())
    # A message that is still fading in has too little contrast for a moment.
    page.evaluate("""document.getAnimations()
        .filter(each => each.effect.getComputedTiming().endTime !== Infinity)
        .forEach(each => each.finish())""")
    found = page.evaluate("axe.run()")
    return [
        f"{rule['id']}: {node['html'][:120]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def test_player_is_usable_by_everyone(viewer: Viewer) -> None:
    viewer.page.keyboard.press("k")
    assert axe(viewer.page) == []
    settings_open(viewer.page)
    assert axe(viewer.page) == []


def test_wall_is_usable_by_everyone(viewer: Viewer, film: Movie) -> None:
    Movie.objects.update(access_level="PREMIUM")
    viewer.watch(film)
    expect(viewer.page.get_by_role("link", name="See the plans")).to_be_visible()
    assert axe(viewer.page) == []
