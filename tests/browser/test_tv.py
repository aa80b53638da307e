"""Sign-in of a TV: it shows a code, a phone approves it, and the TV is signed in."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from accounts.models import Session, User
from tests.browser.conftest import PASSWORD, Viewer
from tests.browser.test_controls import axe

TV = {
    "viewport": {"width": 1920, "height": 1080},
    "user_agent": "Mozilla/5.0 (SMART-TV; Linux; Tizen 7.0) AppleWebKit/537.36 Chrome/108 TV",
}


@pytest.fixture
def tv(transactional_db: None, at_browser: Callable[..., Viewer]) -> Viewer:
    viewer = at_browser(**TV)
    viewer.page.goto(f"{viewer.base_url}/tv/screen")  # waits for its pictures, too
    return viewer


def test_a_tv_is_signed_in_from_a_phone(
    tv: Viewer, person: Callable[..., User], at_browser: Callable[..., Viewer]
) -> None:
    user = person()
    phone = at_browser()
    code = tv.page.locator("#code").inner_text()
    assert tv.page.evaluate("document.querySelector('.tv__qr').naturalWidth") > 100
    assert axe(tv.page) == []

    # What the phone's camera finds in the QR code; signing in on the way keeps it.
    phone.page.goto(f"{phone.base_url}/tv?code={code}")
    phone.page.fill("input[name=email]", user.email)
    phone.page.fill("input[name=password]", PASSWORD)
    phone.page.click("main button[type=submit]")
    expect(phone.page.locator(".tv-device")).to_contain_text("Samsung TV")
    expect(phone.page.locator(".tv-device")).to_contain_text(code)
    assert axe(phone.page) == []
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360
    phone.page.get_by_role("button", name="Allow", exact=True).click()
    expect(phone.page.get_by_role("heading")).to_have_text("Your TV is signing in")

    tv.page.wait_for_url(f"{tv.base_url}/", timeout=20_000)
    expect(tv.page.get_by_role("button", name="Sign out")).to_be_visible()
    assert tv.complaints == phone.complaints == []
    assert Session.objects.live().filter(user=user, device_name="Samsung TV").exists()


def test_a_denied_tv_shows_a_new_code(
    tv: Viewer, person: Callable[..., User], at_browser: Callable[..., Viewer]
) -> None:
    phone = at_browser(person())
    code = tv.page.locator("#code").inner_text()
    phone.page.goto(f"{phone.base_url}/tv")
    phone.page.get_by_label("Code on the TV").fill(code.lower().replace("-", " "))
    phone.page.get_by_role("button", name="Find my TV").click()
    phone.page.get_by_role("button", name="Don't allow").click()
    expect(phone.page.get_by_role("heading")).to_have_text("TV not allowed")
    expect(tv.page.locator("#code")).not_to_have_text(code, timeout=20_000)
    assert tv.complaints == phone.complaints == []
