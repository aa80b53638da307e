"""Every page in Luganda and Swahili, without English texts that have a translation."""

import re
from collections.abc import Callable, Iterator
from functools import cache

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.services.exports import export_request
from catalog.models import CreditJob, Movie
from catalog.services.comments import comment_create
from catalog.services.favorites import favorite_add
from catalog.services.progress import watch_progress
from catalog.services.ratings import rating_set
from dev.stack import message_catalogs
from tests.factories import (
    CategoryFactory,
    CreditFactory,
    EpisodeFactory,
    MovieFactory,
    PersonFactory,
    SeasonFactory,
    SeriesFactory,
)
from tests.page_texts import said
from tests.pages import ASIDE, OWN, OWN_ASIDE, PUBLIC

pytestmark = pytest.mark.django_db(transaction=True)
SiteAs = Callable[[User], Client]
# Not translated on purpose (docs/languages.md): legal texts, and what only developers see.
ENGLISH_ONLY = {"/terms", "/privacy", "/styleguide"}
PUBLIC_TOO = [
    "/movies/premium-only", "/movies/elsewhere", "/watch/last-boda/trailer", "/movies?sort=rating",
    "/movies?cursor=x", "/movies?year=x", "/comments/x", "/unsubscribe?token=x", "/reset?token=x",
    "/verify?token=x", "/search?q=" + "x" * 300,
]  # fmt: skip
OWN_TOO = [
    "/watch/premium-only", "/watch/elsewhere", "/watch/last-boda", "/tv?code=WRONG-CODE",
    "/report?movie=last-boda", "/account/history?cursor=x",
]  # fmt: skip
WRONG = {
    "/login": {"email": "x", "password": ""},
    "/register": {"email": "x@b.ug", "name": "Zz", "password": "123"},
    "/forgot": {"email": ""},
    "/takedown": {"film": "no such film", "claimant_email": "x", "sworn_accurate": "on"},
    "/language": {"language": "xx"},
    "/login#refused": {"email": "nobody@b.ug", "password": "wrong-as-can-be"},
}
OWN_WRONG = {
    "/account": {"name": "x" * 200, "locale": "xx", "date_of_birth": "2999-01-01"},
    "/account#birth": {"name": "x", "locale": "", "date_of_birth": "2999-01-01"},
    "/account/avatar": {},
    "/account/email": {"email": "new@b.ug", "password": "wrong"},
    "/account/password": {"current_password": "wrong", "new_password": "12"},
    "/account/privacy": {"do": "leave", "password": "wrong"},
    "/account/two-factor": {"action": "confirm", "code": "000000"},
    "/tv": {"code": "x", "answer": "approve"},
    "/movies/last-boda/rate": {"stars": "9"},
    "/movies/last-boda/comments": {"content": ""},
    "/account/billing/cancel": {},
    "/account/billing/change": {"plan": "FREE"},
}
# What plans are called, too, and that is not translated.
NAMES = {"Free"}
TAG = re.compile(r"<[^>]+>")
HOLE = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")


@cache
def english(language: str) -> tuple[set[str], list[re.Pattern[str]]]:
    """Return the texts, and patterns of texts with placeholders."""
    whole, patterns = set(), []
    for text in _parts(language):
        if not HOLE.search(text):
            whole.add(text)
        elif len(re.sub(r"\W", "", HOLE.sub("", text))) > 3:
            patterns.append(re.compile(".+".join(map(re.escape, HOLE.split(text)))))
    return whole - NAMES, patterns


def _parts(language: str) -> Iterator[str]:
    """Return English texts on a page, except those that are the same in both languages."""
    told, asked = set(), set()
    for message in message_catalogs.read(language):
        one = message.id if isinstance(message.id, tuple | list) else (message.id,)
        other = message.string if isinstance(message.string, tuple | list) else (message.string,)
        asked |= {part.strip() for text in one for part in re.split(TAG, text)}
        told |= {part.strip() for text in other for part in re.split(TAG, text or "")}
    return (text for text in asked - told if re.search(r"[A-Za-z]{2}", text))


def left_in_english(page: str, language: str) -> list[str]:
    whole, patterns = english(language)
    texts = said(page)
    assert len(texts) > 3 or not texts, page
    return [text for text in texts if text in whole or any(p.fullmatch(text) for p in patterns)]


@pytest.fixture
def world(viewer: User) -> Movie:
    drama = CategoryFactory.create(name="Zzdrama", slug="drama")
    MovieFactory.create_batch(14, category=drama, genres=["Zzcrime"])
    MovieFactory.create(title="Zz odd", slug="odd", category=None, description="")
    MovieFactory.create(title="Zz far", slug="elsewhere", allowed_countries=["KE"])
    MovieFactory.create(title="Zz dear", slug="premium-only", access_level="PREMIUM")
    movie: Movie = MovieFactory.create(title="Zz boda", slug="last-boda", category=drama)
    person = PersonFactory.create(name="VJ Junior", slug="vj-junior")
    for job in CreditJob.values:
        CreditFactory.create(movie=movie, person=person, job=job)
    season = SeasonFactory.create(series=SeriesFactory.create(slug="kampala-nights"))
    EpisodeFactory.create(season=season, episode_number=1)
    now = timezone.now()
    watch_progress(viewer.pk, movie, progress_seconds=900, now=now)
    rating_set(movie, user_id=viewer.pk, stars=4, review="Zzz")
    comment_create(movie, user_id=viewer.pk, content="Zzz", now=now)
    favorite_add(movie, user_id=viewer.pk, now=now)
    export_request(viewer.pk)
    return movie


def crawl(browser: Client, pages: list[str], wrong: dict[str, dict[str, str]]) -> list[str]:
    """Return the faults of these pages, and of the responses to invalid forms."""
    language = browser.cookies["language"].value
    answers = {page: browser.get(page, follow=True) for page in pages if page not in ENGLISH_ONLY}
    for page, form in wrong.items():
        answers[f"POST {page}"] = browser.post(page.split("#")[0], form, follow=True)
    faults = []
    for page, answer in answers.items():
        assert answer.status_code < 500, page
        if answer["Content-Type"].startswith("text/html"):
            left = left_in_english(answer.content.decode(), language)
            faults += [f"{page}: {text}" for text in left]
    return faults


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("language", message_catalogs.LANGUAGES)
def test_nothing_is_left_in_english(
    language: str, viewer: User, premium_viewer: User, site_as: SiteAs
) -> None:
    visitor, own, paying = Client(), site_as(viewer), site_as(premium_viewer)
    for browser in (visitor, own, paying):
        browser.cookies["language"] = language
    faults = crawl(visitor, [*PUBLIC, *ASIDE, *PUBLIC_TOO], WRONG)
    faults += crawl(own, [*OWN, *OWN_ASIDE, *OWN_TOO], OWN_WRONG)
    faults += crawl(paying, ["/account/billing", "/subscribe", "/account/history"], {})
    assert faults == []


def test_the_crawl_sees_english(client: Client) -> None:
    page = client.get("/login").content.decode()
    found = left_in_english(page, "lg")
    assert {"Sign in", "Password", "Forgotten your password?"} <= set(found)
