"""The profile picture: sent straight to storage, or through the site where that fails."""

import io
from collections.abc import Callable
from typing import Any

from django.conf import settings
from PIL import Image
from playwright.sync_api import expect

from accounts.models import User
from tests.browser.conftest import Viewer

AtBrowser = Callable[..., Viewer]
Person = Callable[..., User]
DONE = "Picture updated"


def _file(name: str = "me.jpg", kind: str = "image/jpeg", data: bytes = b"") -> Any:
    if not data:
        out = io.BytesIO()
        Image.new("RGB", (800, 600), "red").save(out, "JPEG")
        data = out.getvalue()
    return {"name": name, "mimeType": kind, "buffer": data}


def _choose(viewer: Viewer, file: Any) -> list[tuple[str, str]]:
    """Send a file with the form; the requests that follow, as method and address."""
    page = viewer.page
    asked = []
    page.goto(f"{viewer.base_url}/account")
    page.on("request", lambda request: asked.append((request.method, request.url)))
    page.locator("#id_picture").set_input_files(file)
    page.get_by_role("button", name="Use this picture").click()
    return asked


def _posts(asked: list[tuple[str, str]], viewer: Viewer) -> list[str]:
    return [url.removeprefix(viewer.base_url) for method, url in asked if method == "POST"]


def _puts(asked: list[tuple[str, str]]) -> list[str]:
    return [url for method, url in asked if method == "PUT"]


def test_a_picture_goes_straight_to_storage(person: Person, at_browser: AtBrowser) -> None:
    phone = at_browser(person())
    asked = _choose(phone, _file())
    expect(phone.page.locator(".toast")).to_contain_text(DONE)
    api = "/api/v1/users/avatar"
    assert _posts(asked, phone) == [f"{api}/upload-url", f"{api}/complete"]
    assert [url.startswith(settings.R2_PUBLIC_ENDPOINT) for url in _puts(asked)] == [True]
    expect(phone.page.locator("img.avatar")).to_have_attribute("src", User.objects.get().avatar_url)
    assert phone.complaints == []


def test_a_file_that_is_no_picture_is_sent_once(person: Person, at_browser: AtBrowser) -> None:
    phone = at_browser(person())
    asked = _choose(phone, _file("me.png", "image/png", b"junk"))
    expect(phone.page.locator(".toast")).to_contain_text("JPEG, PNG or WebP")
    assert len(_puts(asked)) == 1
    assert "/account/avatar" not in _posts(asked, phone)
    expect(phone.page.get_by_role("button", name="Use this picture")).to_be_enabled()
    assert User.objects.get().avatar_key == ""


def test_a_file_that_is_too_large_stays_on_the_phone(person: Person, at_browser: AtBrowser) -> None:
    phone = at_browser(person())
    asked = _choose(phone, _file(data=b"x" * (5 * 1024**2 + 1)))
    expect(phone.page.locator(".toast")).to_contain_text("up to 5 MB")
    assert (_posts(asked, phone), _puts(asked)) == ([], [])


def test_where_storage_is_out_of_reach_the_form_posts(
    person: Person, at_browser: AtBrowser
) -> None:
    phone = at_browser(person())
    phone.page.route(f"{settings.R2_PUBLIC_ENDPOINT}/**", lambda route: route.abort())
    asked = _choose(phone, _file())
    expect(phone.page.locator(".toast")).to_contain_text(DONE)
    assert _posts(asked, phone) == ["/api/v1/users/avatar/upload-url", "/account/avatar"]
    assert User.objects.get().avatar_key


def test_without_script_the_form_posts(person: Person, at_browser: AtBrowser) -> None:
    phone = at_browser(person(), java_script_enabled=False)
    asked = _choose(phone, _file())
    expect(phone.page.locator(".toast")).to_contain_text(DONE)
    assert (_posts(asked, phone), _puts(asked)) == (["/account/avatar"], [])
    assert User.objects.get().avatar_key
