"""Sheets in the back office: upload, check by a worker, import, and permissions."""

import html
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import AuditLog, User
from catalog.models import ImportState, Movie, MovieImport
from catalog.services import imports
from kushfilms.core import storage
from kushfilms.core.models import Job
from kushfilms.core.storage import ObjectMissing

SiteAs = Callable[[User], Client]
IMPORTS = "/admin/catalog/movieimport/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(admin: User, site_as: SiteAs) -> Client:
    return site_as(admin)


def send(browser: Client, text: str, name: str = "films.csv") -> str:
    file = SimpleUploadedFile(name, text.encode(), content_type="text/csv")
    return browser.post(f"{IMPORTS}send/", {"file": file}, follow=True).content.decode()


def test_a_sheet_is_checked_then_imported_once(browser: Client, admin: User, run_jobs: Any) -> None:
    assert "In progress." in send(browser, "title,year\nSeven Hills,2024\n", "../films.csv")
    row = MovieImport.objects.get()
    apply = f"{IMPORTS}{row.pk}/apply/"
    assert "A sheet can be imported once" in browser.post(apply, follow=True).content.decode()
    run_jobs()
    page = browser.get(f"{IMPORTS}{row.pk}/change/").content.decode()
    assert "Ready to apply" in page
    assert "Apply</button>" in page
    assert not Movie.objects.exists()
    assert browser.get(apply).status_code == 405
    for _ in range(2):
        browser.post(apply)
        run_jobs()
    movie = Movie.objects.get()
    assert (movie.title, movie.year, movie.published) == ("Seven Hills", 2024, False)
    row.refresh_from_db()
    assert (row.filename, row.state, row.report["new"]) == ("films.csv", ImportState.APPLIED, 1)
    made = AuditLog.objects.get(action="movie.create")
    assert (made.actor_id, made.actor_role) == (admin.pk, "ADMIN")


def test_errors_are_listed_and_nothing_is_imported(browser: Client, run_jobs: Any) -> None:
    send(browser, "title,year\nGood,2024\nBad,MMXX\n")
    run_jobs()
    row = MovieImport.objects.get()
    page = browser.get(f"{IMPORTS}{row.pk}/change/").content.decode()
    assert "“MMXX” is not a whole number." in page
    assert "Apply</button>" not in page
    browser.post(f"{IMPORTS}{row.pk}/apply/")
    run_jobs()
    assert not Movie.objects.exists()


def test_a_conflict_since_the_check_undoes_the_import(
    browser: Client, run_jobs: Any, movie_factory: Any
) -> None:
    send(browser, "title,year\nOne,2024\nTwo,2024\n")
    run_jobs()
    movie_factory(title="Two", year=2024)
    row = MovieImport.objects.get()
    browser.post(f"{IMPORTS}{row.pk}/apply/")
    run_jobs()
    row.refresh_from_db()
    assert (row.state, row.applied_at) == (ImportState.FAULTY, None)
    assert Movie.objects.count() == 1


def test_missing_and_oversized_files_are_refused(browser: Client) -> None:
    assert "Choose a file." in browser.post(f"{IMPORTS}send/", follow=True).content.decode()
    assert "At most 10 MiB" in send(browser, "x" * (10 * 1024**2 + 1))
    assert not MovieImport.objects.exists()


@pytest.mark.parametrize("text", ["name\nx", "PK\x03\x04", '<?xml version="1.0"?>', 'title\n"a'])
def test_the_worker_reports_a_file_that_is_not_a_sheet(
    browser: Client, run_jobs: Any, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(imports, "sheet_read", None)  # no web thread opens it
        assert "In progress." in send(browser, text)
    run_jobs()
    row = MovieImport.objects.get()
    assert (row.state, Job.objects.filter(state="FAILED").count()) == (ImportState.FAILED, 0)
    assert row.report["message"]
    assert row.report["message"] in html.unescape(
        browser.get(f"{IMPORTS}{row.pk}/change/").content.decode()
    )


def test_the_check_lists_the_films_by_title(
    browser: Client, run_jobs: Any, movie_factory: Any
) -> None:
    movie_factory(title="Old", slug="old")
    send(browser, "slug,title\nold,Renamed\nnew,Seven Hills\n")
    run_jobs()
    row = MovieImport.objects.get()
    assert row.report["titles"] == [[2, False, "Renamed"], [3, True, "Seven Hills"]]
    page = browser.get(f"{IMPORTS}{row.pk}/change/").content.decode()
    assert "Renamed" in page
    assert "Seven Hills" in page


def test_the_file_is_deleted_after_a_week(browser: Client, run_jobs: Any) -> None:
    send(browser, "title\nOne\n")
    run_jobs()
    row = MovieImport.objects.get()
    assert storage.get_bytes(row.key)
    forget = Job.objects.get(kind="import_forget")
    assert timedelta(days=6) < forget.not_before - timezone.now() <= timedelta(days=7)
    Job.objects.filter(pk=forget.pk).update(not_before=timezone.now())  # S3 has a clock of its own
    run_jobs()
    with pytest.raises(ObjectMissing):
        storage.get_bytes(row.key)
    row.refresh_from_db()
    assert (row.state, row.key) == (ImportState.FAILED, "")


def test_films_are_exported_as_csv_and_xlsx(
    browser: Client, movie_factory: Any, django_assert_num_queries: Any
) -> None:
    page = browser.get(IMPORTS).content.decode()
    assert "films.csv" in page
    for rows in (2, 18):
        movie_factory.create_batch(rows)
        with django_assert_num_queries(2):  # me, the films
            answer = browser.get(f"{IMPORTS}films.csv")
            text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert text.count("\n") == 21
    book = b"".join(browser.get(f"{IMPORTS}films.xlsx").streaming_content)  # type: ignore[attr-defined]
    assert book.startswith(b"PK")


def test_moderators_neither_import_nor_export(
    moderator: User, viewer: User, site_as: SiteAs
) -> None:
    row = MovieImport.objects.create(filename="x", state=ImportState.CHECKED)
    for person, status in ((moderator, 403), (viewer, 302)):
        browser = site_as(person)
        assert browser.get(f"{IMPORTS}films.csv").status_code == status
        assert browser.post(f"{IMPORTS}send/", {}).status_code == status
        assert browser.post(f"{IMPORTS}{row.pk}/apply/").status_code == status
    row.refresh_from_db()
    assert row.state == ImportState.CHECKED
    assert not AuditLog.objects.exists()
