"""The site in Chromium: accessibility, weight, use without JavaScript, and offline."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from accounts.models import User
from catalog.models import Movie, Series
from catalog.services.progress import watch_progress
from catalog.services.ratings import rating_set
from tests.browser.conftest import Viewer
from tests.browser.page_weight import DIST, first_load_bytes
from tests.browser.test_controls import axe
from tests.factories import (
    CategoryFactory,
    CreditFactory,
    EpisodeFactory,
    MovieFactory,
    PersonFactory,
    SeasonFactory,
    SeriesFactory,
)
from tests.pages import OWN, PUBLIC

# Both themes have the same markup; these have between them every colour.
LIGHT = ["/", "/movies/last-boda", "/movies?genre=Crime", "/subscribe", "/login", "/styleguide"]


@pytest.fixture
def catalogue(transactional_db: None) -> Movie:
    drama = CategoryFactory.create(name="Drama", slug="drama")
    MovieFactory.create_batch(14, category=drama, genres=["Crime"])
    MovieFactory.create(title="Olugendo " * 22, slug="odd", category=None, description="")
    MovieFactory.create(title="فيلم من كمبالا 🎬", category=drama, access_level="PREMIUM")
    movie: Movie = MovieFactory.create(title="Last Boda", slug="last-boda", category=drama)
    person = PersonFactory.create(name="VJ Junior", slug="vj-junior")
    CreditFactory.create(movie=movie, person=person, job="VJ")
    season = SeasonFactory.create(series=SeriesFactory.create(slug="kampala-nights"))
    EpisodeFactory.create(season=season, episode_number=1, title="W" * 200)
    return movie


def faults_of(viewer: Viewer, pages: list[str]) -> list[str]:
    """Return faults from axe, the console, and horizontal scrolling.

    Widths are those of a tablet, a phone, and 320 px, which is also a desktop enlarged to 400 %.
    """
    found = []
    for url in pages:
        viewer.page.goto(f"{viewer.base_url}{url}")
        found += [f"{url}: {fault}" for fault in axe(viewer.page)]
        for width in (320, 768, 360):
            viewer.page.set_viewport_size({"width": width, "height": 740})
            if viewer.page.evaluate("document.documentElement.scrollWidth") > width:
                found.append(f"{url} scrolls sideways at {width}")
    return found + [one for one in viewer.complaints if "404" not in one]


@pytest.mark.usefixtures("catalogue")
def test_public_pages_are_accessible(at_browser: Callable[..., Viewer]) -> None:
    assert faults_of(at_browser(color_scheme="dark"), PUBLIC) == []


@pytest.mark.usefixtures("catalogue")
def test_the_light_theme_is_accessible(at_browser: Callable[..., Viewer]) -> None:
    assert faults_of(at_browser(color_scheme="light"), LIGHT) == []


# Words are longer than in English; the markup is the same.
LONG_WORDS = ["/", "/movies", "/movies/last-boda", "/subscribe", "/register", "/preferences"]


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize("language", ["lg", "sw"])
def test_long_translations_fit(
    language: str, person: Callable[..., User], at_browser: Callable[..., Viewer]
) -> None:
    settings_of = {"locale": language, "extra_http_headers": {"Accept-Language": language}}
    viewer = at_browser(**settings_of)
    assert faults_of(viewer, LONG_WORDS) == []
    assert faults_of(at_browser(person(), **settings_of), ["/", "/account"]) == []
    assert viewer.page.locator("html").get_attribute("lang") == language


def test_account_pages_are_accessible(
    catalogue: Movie, person: Callable[..., User], at_browser: Callable[..., Viewer]
) -> None:
    user = person()
    watch_progress(user.pk, catalogue, progress_seconds=900, now=timezone.now())
    rating_set(catalogue, user_id=user.pk, stars=4, review="Good " * 40)
    assert faults_of(at_browser(user, color_scheme="dark"), OWN) == []


def test_the_weight_of_home(catalogue: Movie, at_browser: Callable[..., Viewer]) -> None:
    keys = {"poster_key": "public/none/poster-x160x240x400.webp"}
    Movie.objects.update(**keys, view_count=9)  # watched, so that there is a chart
    total = first_load_bytes(Client(), "/")
    assert total <= 60 * 1024, f"{total} bytes"
    assert (DIST / "display.woff2").stat().st_size <= 30 * 1024
    phone = at_browser()
    phone.page.goto(phone.base_url)
    shown = phone.page.evaluate(
        "[...document.images].filter((image) => image.loading !== 'lazy'"
        " || image.getBoundingClientRect().top < innerHeight).length"
    )
    assert 0 < shown <= 12


# What of a page is drawn over something else, and the boards that stand for pictures.
OVERLAPS = """() => [...document.querySelectorAll(".card")].flatMap((card) => {
  const [art, title] = [".card__art", ".card__title"].map((one) => card.querySelector(one));
  const over = art.getBoundingClientRect().bottom > title.getBoundingClientRect().top;
  return over ? [title.textContent] : [];
})"""
BOARDS = """() => [...document.querySelectorAll("main img[data-title]")].map((image) => [
  image.dataset.title, getComputedStyle(image, "::after").content, image.naturalWidth])"""
BOARD_COLOUR = (16, 11, 12)


@pytest.mark.usefixtures("catalogue")
def test_titles_replace_missing_pictures(at_browser: Callable[..., Viewer]) -> None:
    Movie.objects.update(poster_key="public/none/poster-x160x240x400.webp")
    Series.objects.update(poster_key="public/none/poster-x160x240x400.webp")
    phone = at_browser()
    page = phone.page
    page.route("**/public/**", lambda route: route.abort())
    for url in ("/", "/movies/last-boda", "/movies", "/series", "/series/kampala-nights"):
        page.goto(f"{phone.base_url}{url}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, url
        assert page.evaluate(OVERLAPS) == [], url
        first = page.locator("main img[data-title]").first
        first.scroll_into_view_if_needed()
        phone.until("document.querySelector('main img[data-title]').complete")
        boards = page.evaluate(BOARDS)
        assert boards, url
        for title, content, width in boards:
            assert content == f'"{title}" / ""', url
            assert width == 0, "the picture came, so nothing was tested"
        # Where a browser's torn corner would be.
        corner = Image.open(io.BytesIO(first.screenshot())).convert("RGB").crop((4, 4, 5, 5))
        pairs = zip(corner.tobytes(), BOARD_COLOUR, strict=True)
        assert all(abs(drawn - wanted) < 24 for drawn, wanted in pairs), url


@pytest.mark.usefixtures("catalogue")
def test_suggestions_while_typing(at_browser: Callable[..., Viewer]) -> None:
    desktop = at_browser(viewport={"width": 1280, "height": 800})
    page = desktop.page
    page.goto(f"{desktop.base_url}/movies")
    box = page.get_by_role("combobox", name="Search films, series and people")
    box.press_sequentially("last b", delay=20)
    row = page.get_by_role("option", name="Last Boda Film")
    expect(row).to_be_visible()
    assert axe(page) == []
    box.press("ArrowDown")
    expect(row).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    page.wait_for_url("**/movies/last-boda")
    assert desktop.complaints == []


@pytest.mark.usefixtures("catalogue")
def test_more_films_are_appended(at_browser: Callable[..., Viewer]) -> None:
    MovieFactory.create_batch(40)
    phone = at_browser()
    page = phone.page
    page.goto(f"{phone.base_url}/movies")
    for shown in (48, 57):
        page.get_by_role("link", name="Show more").click()
        expect(page.locator(".grid .card")).to_have_count(shown)
    expect(page.get_by_role("link", name="Show more")).to_have_count(0)
    assert page.url.endswith("/movies")
    assert phone.complaints == []


@pytest.mark.usefixtures("catalogue")
def test_arrow_keys_move_through_rails(at_browser: Callable[..., Viewer]) -> None:
    tv = at_browser(viewport={"width": 1280, "height": 720})
    page = tv.page
    page.goto(tv.base_url)
    links = page.locator(".rail__films").first.locator("a")
    links.first.focus()
    page.keyboard.press("ArrowRight")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(links.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    assert not page.evaluate(
        "document.querySelector('.rail__films').contains(document.activeElement)"
    )
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert tv.complaints == []


def test_without_javascript(
    catalogue: Movie, person: Callable[..., User], at_browser: Callable[..., Viewer]
) -> None:
    plain = at_browser(person(), java_script_enabled=False)
    page = plain.page
    page.goto(f"{plain.base_url}/search")
    page.get_by_role("searchbox").last.fill("boda")
    page.locator("main").get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Last Boda").first.click()
    page.locator("main").get_by_role("button", name="My list").click()
    expect(page.locator(".toast")).to_have_text("Added to My list.")
    page.locator("label[for=star-4]").click()
    page.get_by_role("button", name="Rate").click()
    expect(page.locator(".toast")).to_have_text("Thank you for your rating.")
    page.get_by_role("button", name="Light", exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.goto(f"{plain.base_url}/account/favorites")
    page.get_by_role("button", name=f"Remove {catalogue.title} from My list").click()
    expect(page.get_by_role("heading", name="Your list is empty")).to_be_visible()


@pytest.mark.usefixtures("catalogue")
def test_the_offline_page(at_browser: Callable[..., Viewer]) -> None:
    phone = at_browser()
    page = phone.page
    page.goto(phone.base_url)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    viewer_pages = page.evaluate(
        "caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name)"
        ".then((kept) => kept.keys()))))"
        ".then((all) => all.flat().map((request) => new URL(request.url).pathname))"
    )
    assert "/offline" in viewer_pages
    assert all(url == "/offline" or url.startswith("/static/") for url in viewer_pages)
    page.context.set_offline(True)
    page.goto(f"{phone.base_url}/movies")
    expect(page.get_by_role("heading", name="You're offline")).to_be_visible()
    page.context.set_offline(False)
    page.reload()
    expect(page.get_by_role("heading", name="Films", exact=True)).to_be_visible()


PHONE = {"viewport": {"width": 360, "height": 740}}
DESKTOP = {"viewport": {"width": 1280, "height": 800}}


@pytest.mark.parametrize("shape", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_from_visitor_to_viewer(
    film: Movie, at_browser: Callable[..., Viewer], shape: dict[str, Any]
) -> None:
    """See a film's data cost, create an account, watch, and continue on another device."""
    first = at_browser(**shape)
    page = first.page
    page.goto(first.base_url)
    page.locator(".hero h1 a").click()
    expect(page.get_by_role("heading", name="What it costs in data")).to_be_visible()
    expect(page.locator(".cost tbody tr").first).to_contain_text("UGX")
    page.get_by_role("link", name="Sign in to watch").click()
    page.get_by_role("link", name="Create a free account").click()
    page.get_by_label("E-mail").fill("new@kush.test")
    page.locator("input[name=name]").fill("Nakato")
    page.locator("input[name=password]").fill("matatu-9931-x")
    page.locator("main").get_by_role("button").last.click()
    page.get_by_role("link", name="Watch now").click()
    first.wait_past(1)
    user = User.objects.get(email="new@kush.test")
    watch_progress(user.pk, film, progress_seconds=9, now=timezone.now())

    second = at_browser(user, **shape)
    second.page.goto(second.base_url)
    rail = second.page.locator(".rail", has_text="Continue watching")
    rail.get_by_role("link", name=film.title).click()
    expect(second.page.get_by_role("link", name="Resume")).to_be_visible()
    assert second.complaints == []


@pytest.mark.usefixtures("catalogue")
def test_a_viewer_meets_the_plans(
    person: Callable[..., User], at_browser: Callable[..., Viewer]
) -> None:
    phone = at_browser(person())
    premium = Movie.objects.get(access_level="PREMIUM")
    phone.page.goto(f"{phone.base_url}/movies/{premium.slug}")
    phone.page.get_by_role("link", name="Get Premium to watch").click()
    phone.page.wait_for_url("**/subscribe")
    expect(phone.page.get_by_role("heading", name="Premium")).to_be_visible()
