"""A person's account at phone width: two-step sign-in set up and used, notifications read."""

from collections.abc import Callable

import pyotp
from playwright.sync_api import expect

from accounts.models import User
from accounts.services.notifications import notification_create
from tests.browser.conftest import PASSWORD, Viewer
from tests.browser.test_controls import axe


def check(viewer: Viewer) -> None:
    """Check that the page fits a phone and passes axe."""
    viewer.page.wait_for_load_state()
    assert viewer.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert axe(viewer.page) == []
    assert viewer.complaints == []


def test_two_step_sign_in(person: Callable[..., User], at_browser: Callable[..., Viewer]) -> None:
    user = person()
    phone = at_browser(user)
    page = phone.page
    page.goto(f"{phone.base_url}/account/two-factor")
    check(phone)
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Set up").click()
    key = page.locator(".key").inner_text()
    check(phone)
    assert page.evaluate("document.querySelector('.qr').naturalWidth") > 100
    page.get_by_label("Code from the app").fill(pyotp.TOTP(key).now())
    page.get_by_role("button", name="Turn on").click()
    recovery = page.locator(".recovery code").all_inner_texts()
    assert len(recovery) == 10
    check(phone)

    other = at_browser()
    other.page.goto(f"{other.base_url}/login")
    other.page.get_by_label("E-mail").fill(user.email)
    other.page.get_by_label("Password").fill(PASSWORD)
    other.page.locator("main").get_by_role("button", name="Sign in").click()
    expect(other.page.get_by_role("heading")).to_have_text("Enter the code from your app")
    check(other)
    other.page.get_by_label("Six digits, or a recovery code").fill(recovery[0])
    other.page.locator("main").get_by_role("button", name="Sign in").click()
    expect(other.page.get_by_role("link", name="Account")).to_be_visible()


def test_notifications(person: Callable[..., User], at_browser: Callable[..., Viewer]) -> None:
    user = person()
    for title in ("Last Boda is here", "W" * 200):
        notification_create(user, title=title, message="Tonight.", action_url="/subscribe")
    phone = at_browser(user)
    phone.page.get_by_role("link", name="Notifications, 2 unread").click()
    check(phone)
    phone.page.get_by_role("button", name="Open: Last Boda is here").click()
    phone.page.wait_for_url("**/subscribe")
    phone.page.get_by_role("link", name="Notifications, 1 unread").click()
    phone.page.get_by_role("button", name="Mark all as read").click()
    expect(phone.page.get_by_label("Notifications", exact=True)).to_be_visible()
    check(phone)
