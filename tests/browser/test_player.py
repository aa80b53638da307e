"""Playback in a browser: first picture, refusal, resume, expired token, lost connection."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Response, expect

from accounts.models import User
from billing.services.complimentary import subscription_end
from catalog.models import Movie, WatchHistory
from streaming.models import PlaybackSession
from tests.browser.conftest import Viewer

MakePerson = Callable[..., User]
AtBrowser = Callable[..., Viewer]


def test_film_plays_without_a_complaint(
    film: Movie, person: MakePerson, at_browser: AtBrowser
) -> None:
    viewer = at_browser(person())
    viewer.watch(film)
    viewer.wait_past(3)
    assert viewer.complaints == []
    assert viewer.script("video.videoHeight") in {144, 240, 360}
    expect(viewer.page.locator("#meter")).to_contain_text("B · UGX")


def test_stranger_is_sent_to_sign_in_and_back(film: Movie, at_browser: AtBrowser) -> None:
    viewer = at_browser()
    viewer.watch(film)
    assert urlsplit(viewer.page.url).path == "/login"
    assert urlsplit(viewer.page.url).query == f"next=/watch/{film.slug}"


def test_wrong_plan_meets_the_wall(film: Movie, person: MakePerson, at_browser: AtBrowser) -> None:
    Movie.objects.update(access_level="PREMIUM")
    viewer = at_browser(person(plan="BASIC"))
    answer = viewer.page.goto(f"{viewer.base_url}/watch/{film.slug}")
    assert answer is not None
    assert answer.status == 403
    expect(viewer.page.locator("main")).to_contain_text("needs the Premium plan; yours is Basic")
    expect(viewer.page.get_by_role("link", name="See the plans")).to_have_attribute(
        "href", "/subscribe"
    )
    assert not PlaybackSession.objects.exists()


def test_resume_on_another_device(film: Movie, person: MakePerson, at_browser: AtBrowser) -> None:
    user = person()
    first = at_browser(user)
    first.watch(film)
    first.wait_past(1)
    first.script("video.currentTime = 9")
    first.wait_past(10)
    first.page.goto(f"{first.base_url}/movies/{film.slug}")
    held = first.wait_for(lambda: WatchHistory.objects.filter(user=user, progress__gte=9).first())
    assert 9 <= held.progress <= 14

    second = at_browser(user)
    second.watch(film)
    second.wait_past(held.progress - 0.5)
    second.page.get_by_role("button", name="Start over").click()
    second.until("document.getElementById('video').currentTime < 5")


def test_expired_token_is_renewed_and_the_seek_goes_on(
    film: Movie, person: MakePerson, at_browser: AtBrowser, settings: Any
) -> None:
    # The token lives as long as the film and this: six seconds from now.
    settings.STREAM_TOKEN_GRACE_SECONDS = -round(film.duration) + 6
    viewer = at_browser(person())
    refused: list[str] = []

    def hear(response: Response) -> None:
        if response.status == 403:
            refused.append(response.url)

    viewer.page.on("response", hear)
    # Little ahead, so that the seek has to fetch.
    viewer.page.add_init_script("localStorage.setItem('kush:bandwidth', '300000')")
    viewer.page.route("**/hls/**/*.m4s", _only_the_first_seconds(viewer))
    viewer.watch(film)
    viewer.wait_past(1)
    viewer.page.keyboard.press("k")
    before = viewer.script("session.token")
    viewer.page.wait_for_timeout(7000)
    viewer.page.unroute("**/hls/**/*.m4s")
    viewer.page.keyboard.press("8")
    viewer.page.keyboard.press("k")
    viewer.wait_past(film.duration * 0.8 + 0.5)
    assert refused, "the old token was never refused, so nothing was tested"
    assert viewer.script("session.token") != before


def _only_the_first_seconds(viewer: Viewer) -> Callable[[Any], None]:
    """Hold back every third and later segment of each rendition while the film is paused."""
    seen: dict[str, int] = {}

    def handle(route: Any) -> None:
        folder = route.request.url.rpartition("/")[0]
        seen[folder] = seen.get(folder, 0) + 1
        if seen[folder] <= 2:
            route.continue_()
        else:
            route.abort()

    return handle


def test_other_device_is_in_the_way_until_taken_over(
    film: Movie, person: MakePerson, at_browser: AtBrowser
) -> None:
    user = person()  # FREE: one stream at a time
    first = at_browser(user)
    first.watch(film)
    first.wait_past(1)
    second = at_browser(user)
    second.watch(film)
    expect(second.page.locator("h1")).to_have_text("Playing on another device")
    second.page.get_by_role("button", name="Watch here instead").click()
    second.wait_past(1)
    first.script("session.renew()")
    notice = first.page.get_by_role("alertdialog")
    expect(notice).to_contain_text("Playing on another device")


def test_reload_does_not_meet_itself_at_the_limit(
    film: Movie, person: MakePerson, at_browser: AtBrowser
) -> None:
    viewer = at_browser(person())
    viewer.watch(film)
    viewer.wait_past(1)
    viewer.page.reload()
    viewer.wait_past(1)


def test_a_lost_connection_shows_a_banner_and_the_film_continues(
    film: Movie, person: MakePerson, at_browser: AtBrowser
) -> None:
    viewer = at_browser(person())
    viewer.watch(film)
    viewer.wait_past(1)
    viewer.page.context.set_offline(True)
    banner = viewer.page.locator("#banner")
    expect(banner).to_contain_text("continues when you're back online")
    viewer.page.context.set_offline(False)
    expect(banner).to_be_hidden(timeout=20_000)
    viewer.wait_past(4)


def test_plan_that_ends_stops_the_film_with_a_way_on(
    film: Movie, person: MakePerson, at_browser: AtBrowser
) -> None:
    Movie.objects.update(access_level="BASIC")
    user = person(plan="BASIC")
    viewer = at_browser(user)
    viewer.watch(film)
    viewer.wait_past(1)
    subscription_end(user)
    viewer.script("session.renew()")
    notice = viewer.page.get_by_role("alertdialog")
    expect(notice).to_contain_text("no longer includes this film")
    expect(notice.get_by_role("link", name="See the plans")).to_be_focused()
