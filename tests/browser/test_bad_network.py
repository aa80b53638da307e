"""Unreliable connections: pages load all the same, and the film continues."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Error, Route, expect

from accounts.models import User
from catalog.models import Movie
from tests.browser.bad_network import NetworkProfile, bad_network
from tests.browser.conftest import Viewer

GOOD = NetworkProfile(1_500_000, round_trip_seconds=0.04, loss=0.02)
# One packet in a hundred resets its connection: half of the segments do not arrive whole.
CUT = replace(GOOD, reset=0.01)


def load_page(viewer: Viewer, path: str) -> None:
    """Load a page, and load it again when nothing came, as a person does."""
    for _ in range(8):
        try:
            viewer.page.goto(f"{viewer.base_url}{path}", wait_until="domcontentloaded")
        except Error:
            continue
        return
    raise AssertionError(f"{path} did not load")


def test_a_film_plays_on_an_unreliable_connection(
    film: Movie,
    person: Callable[..., User],
    at_browser: Callable[..., Viewer],
    live_server: Any,
) -> None:
    viewer = at_browser(person())
    server = urlsplit(live_server.url)
    with bad_network(CUT, host=server.hostname or "", port=server.port or 80, seed=7) as (
        network,
        port,
    ):
        # The same host, so the cookie of the sign-in holds.
        viewer.base_url = f"http://{server.hostname}:{port}"
        load_page(viewer, f"/movies/{film.slug}")
        expect(viewer.page.get_by_role("heading", name=film.title, level=1)).to_be_visible()
        # The player's code is not compressed here, and would not arrive over CUT.
        network.profile = GOOD
        load_page(viewer, f"/watch/{film.slug}")
        viewer.wait_past(0)
        network.profile = CUT
        before = network.resets
        viewer.wait_past(8)
        assert network.resets > before, "the network was good, so nothing was tested"
    expect(viewer.page.locator("#notice")).to_be_hidden()


def test_code_that_was_cut_off_is_asked_for_again(
    film: Movie, person: Callable[..., User], at_browser: Callable[..., Viewer]
) -> None:
    viewer = at_browser(person())
    cut: list[str] = []

    def handle(route: Route) -> None:
        name = route.request.url.rpartition("/")[2].partition("-")[0].partition("?")[0]
        if cut.count(name) < 2:
            cut.append(name)
            route.abort("connectionreset")
        else:
            route.continue_()

    viewer.page.route("**/dist/player.js*", handle)
    viewer.page.route("**/dist/chunks/chrome-*", handle)
    viewer.watch(film)
    expect(viewer.page.locator("#banner")).to_contain_text("The connection is weak")
    viewer.wait_past(1)
    viewer.until("customElements.get('media-loading-indicator')")
    expect(viewer.page.locator("#banner")).to_be_hidden()
    assert sorted(cut) == ["chrome", "chrome", "player.js", "player.js"]
