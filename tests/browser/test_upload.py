"""The admin area's uploader: straight to storage, over lost connections and closed pages."""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Request, expect

from accounts.models import User
from accounts.roles import Role
from catalog.models import Movie
from catalog.services.films import movie_create
from kushfilms.core import storage
from streaming.models import AssetStatus, VideoAsset
from streaming.services import uploads
from streaming.tests.stored_packages import finish
from tests.browser.conftest import Viewer

MIB = 1024**2
AtBrowser = Callable[..., Viewer]


@pytest.fixture
def draft(transactional_db: None) -> Movie:
    return movie_create(title="The pearl divers")


@pytest.fixture
def staff(
    draft: Movie, person: Callable[..., User], at_browser: AtBrowser, settings: Any
) -> Viewer:
    """Return an admin at the film's page, where files above 6 MiB go in parts of 5 MiB."""
    settings.UPLOAD_SINGLE_PUT_BYTES = 6 * MIB
    viewer = at_browser(
        person("admin@kush.test", role=Role.ADMIN), viewport={"width": 1280, "height": 900}
    )
    viewer.page.on("dialog", lambda dialog: dialog.accept())
    open_film(viewer, draft)
    return viewer


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "SMALLEST_PART_BYTES", 5 * MIB)


def open_film(viewer: Viewer, movie: Movie) -> None:
    viewer.page.goto(f"{viewer.base_url}/admin/catalog/movie/{movie.pk}/change/")
    expect(viewer.page.locator(".media__drop")).to_be_visible()


def file_of(path: Path, size: int) -> Path:
    """Write a file whose parts all differ."""
    block = b"".join(hashlib.sha256(str(number).encode()).digest() for number in range(32768))
    path.write_bytes((block * (size // len(block) + 1))[:size])
    return path


def choose(viewer: Viewer, path: Path) -> None:
    viewer.page.set_input_files("#film-file", path)


def stored(movie: Movie) -> bytes:
    return storage.get_bytes(VideoAsset.objects.get(movie=movie).source_key)


def test_small_film_goes_in_one_piece(staff: Viewer, draft: Movie, tmp_path: Path) -> None:
    path = file_of(tmp_path / "divers.mp4", 2 * MIB)
    choose(staff, path)
    expect(staff.page.locator(".media__video")).to_contain_text("divers.mp4", timeout=20_000)
    assert stored(draft) == path.read_bytes()
    assert staff.complaints == []


def test_broken_line_heals_by_itself(staff: Viewer, draft: Movie, tmp_path: Path) -> None:
    path = file_of(tmp_path / "divers.mp4", 23 * MIB)
    broken: list[str] = []

    def once(route: Any) -> None:
        if not broken and "partNumber=3" in route.request.url:
            broken.append(route.request.url)
            route.abort("connectionreset")
        else:
            route.continue_()

    staff.page.route(re.compile("partNumber="), once)
    choose(staff, path)
    expect(staff.page.locator(".media__video")).to_contain_text("divers.mp4", timeout=40_000)
    assert broken
    assert stored(draft) == path.read_bytes()


def test_closed_page_goes_on_where_it_stopped(staff: Viewer, draft: Movie, tmp_path: Path) -> None:
    path = file_of(tmp_path / "divers.mp4", 23 * MIB)
    last_parts = re.compile("partNumber=[45]")
    context = staff.page.context
    context.route(last_parts, lambda route: route.abort("connectionreset"))
    choose(staff, path)
    expect(staff.page.locator(".media__figures")).to_contain_text(re.compile("6[0-9] %"))
    staff.page.wait_for_timeout(500)
    # The route ends with its page: a part that is tried again just then would arrive.
    staff.page.get_by_role("button", name="Pause").click()
    page = context.new_page()
    staff.page.close()
    context.unroute(last_parts)
    staff.page = page
    sent: list[str] = []

    def hear(request: Request) -> None:
        if request.method == "PUT":
            sent.append(request.url)

    page.on("request", hear)
    open_film(staff, draft)
    expect(page.locator(".media__offer")).to_contain_text("divers.mp4 stopped at")
    choose(staff, path)
    expect(page.locator(".media__video")).to_contain_text("divers.mp4", timeout=40_000)
    numbers = {re.search(r"partNumber=(\d+)", url)[1] for url in sent}  # type: ignore[index]
    assert numbers == {"4", "5"}
    assert stored(draft) == path.read_bytes()
    expect(page.locator(".media__offer")).to_have_count(0)


def test_paused_upload_waits_and_cancelled_one_is_gone(
    staff: Viewer, draft: Movie, tmp_path: Path
) -> None:
    path = file_of(tmp_path / "divers.mp4", 23 * MIB)
    staff.page.route(re.compile("partNumber=5"), lambda route: None)  # hangs
    choose(staff, path)
    expect(staff.page.locator(".media__figures")).to_contain_text("%")
    staff.page.get_by_role("button", name="Pause").click()
    expect(staff.page.locator(".media__state")).to_have_text("Paused")
    staff.page.get_by_role("button", name="Resume").click()
    staff.page.get_by_role("button", name="Cancel upload").click()
    expect(staff.page.locator(".media__drop")).to_be_visible()
    assert not VideoAsset.objects.filter(movie=draft).exists()


def test_unsupported_files_are_refused_with_a_sentence(
    staff: Viewer, draft: Movie, tmp_path: Path
) -> None:
    path = tmp_path / "script.pdf"
    path.write_bytes(b"%PDF")
    choose(staff, path)
    expect(staff.page.get_by_role("alert")).to_contain_text("This file type is not supported")
    expect(staff.page.locator(".media__drop")).to_be_visible()


def test_narration_goes_to_a_film_that_is_up(
    person: Callable[..., User], at_browser: AtBrowser, draft: Movie, tmp_path: Path
) -> None:
    asset = VideoAsset.objects.create(
        movie=draft, filename="divers.mp4", source_key="source/d/original.mp4", source_size=1000,
        status=AssetStatus.READY, duration_seconds=60,
    )  # fmt: skip
    finish(asset)
    asset.audio_tracks.create(position=0, language="en", label="English", default=True)
    Movie.objects.filter(pk=draft.pk).update(playable=True)
    admin = person("admin@kush.test", role=Role.ADMIN)
    staff = at_browser(admin, viewport={"width": 360, "height": 800})
    open_film(staff, draft)
    page = staff.page
    path = file_of(tmp_path / "luganda.mp3", 2 * MIB)
    page.get_by_label("another audio track").check()
    choose(staff, path)
    expect(page.get_by_text("Enter the language first.")).to_be_visible()
    assert not VideoAsset.objects.filter(kind="SOUND").exists()
    page.locator("#sound-language").fill("Luganda")
    page.locator("#sound-vj").fill("VJ Junior")
    choose(staff, path)
    expect(page.locator(".media__video").first).to_contain_text("luganda.mp3", timeout=20_000)
    upload = VideoAsset.objects.get(kind="SOUND")
    assert storage.get_bytes(upload.source_key) == path.read_bytes()
    row = upload.audio_tracks.get()
    assert (row.label, row.vj, row.default) == ("Luganda (VJ Junior)", "VJ Junior", False)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    # The same from another machine, while the first is in the film: refused in words.
    upload.audio_tracks.update(asset=asset, position=100)
    open_film(staff, draft)
    page.get_by_label("another audio track").check()
    page.locator("#sound-language").fill("lg")
    page.locator("#sound-vj").fill("vj junior")
    choose(staff, path)
    expect(page.get_by_role("alert").first).to_contain_text(
        "The film already has Luganda narrated by VJ Junior"
    )
    page.get_by_role("button", name="Remove Luganda (VJ Junior)").click()
    expect(page.locator(".messagelist")).to_contain_text("Audio track removed")
    assert list(asset.audio_tracks.values_list("label", flat=True)) == ["English"]
    assert [one for one in staff.complaints if "409" not in one] == []


def test_a_failed_encode_shows_its_reason_and_can_be_retried(staff: Viewer, draft: Movie) -> None:
    asset = VideoAsset.objects.create(
        movie=draft,
        filename="divers.mp4",
        source_key="source/x/original.mp4",
        source_size=1000,
        status=AssetStatus.FAILED,
        error_code="not_a_video",
        error_message="This file holds no picture.",
    )
    open_film(staff, draft)
    panel = staff.page.locator(".media__video")
    expect(panel.get_by_role("alert")).to_have_text("This file holds no picture.")
    panel.get_by_role("button", name="Retry").click()
    expect(panel).to_contain_text("Checking the file")
    asset.refresh_from_db()
    assert asset.status == AssetStatus.PROBING
