"""Translations of the player, with those of Media Chrome's elements."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from accounts.models import User
from catalog.models import Movie
from dev.stack import message_catalogs
from tests.browser.conftest import Viewer

# Every text and name that is shown or read out, through the shadow trees.
SHOWN_TEXTS = """() => {
  const texts = [];
  const read = (root) => {
    for (const node of root.querySelectorAll("*")) {
      if (node.closest("script, style, template")) continue;
      texts.push(node.getAttribute("aria-label") ?? "");
      for (const child of node.childNodes) if (child.nodeType === 3) texts.push(child.data.trim());
      if (node.shadowRoot) read(node.shadowRoot);
    }
  };
  read(document.querySelector("#player"));
  return texts.filter(Boolean);
}"""


@pytest.mark.parametrize("language", message_catalogs.LANGUAGES)
def test_nothing_of_the_player_is_english(
    language: str, film: Movie, person: Callable[..., User], at_browser: Callable[..., Viewer]
) -> None:
    desktop = at_browser(
        person(),
        viewport={"width": 1280, "height": 800},
        extra_http_headers={"Accept-Language": language},
    )
    desktop.watch(film)
    desktop.wait_past(0.5)
    desktop.page.wait_for_selector("#player[data-state=ready] media-time-range")
    desktop.page.locator("#settings").click()
    desktop.page.locator(".panel__keys").click()
    expect(desktop.page.locator("dialog")).to_have_count(2)
    texts = desktop.page.evaluate(SHOWN_TEXTS)
    translations = json.loads(
        message_catalogs.po_file(language).with_name("scripts.json").read_text()
    )["watch"]
    shown = {english for english, text in translations.items() if text in texts}
    assert {"Data saver", "Picture and data", "Speed"} <= shown
    assert {"Keyboard shortcuts", "Volume up, down"} <= shown
    assert {"Mute", "mute", "Enter fullscreen mode", "seek", "volume", "media loading"} <= shown
    assert [text for text in texts if translations.get(text, text) != text] == []
    assert desktop.complaints == []
