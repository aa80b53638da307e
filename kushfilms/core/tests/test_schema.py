"""The API's description and its page."""

import io
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client
from django.urls import include, path
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator

from kushfilms.core.api.examples import needs_example

SNAPSHOT = Path(__file__).parents[3] / "docs" / "openapi.yaml"


def test_accounts_and_catalogue_are_described_whole(capfd: pytest.CaptureFixture[str]) -> None:
    GENERATOR_STATS.reset()
    parts = [include("accounts.api.urls"), include("catalog.api.urls")]
    schema = SchemaGenerator(patterns=[path("api/v1/", part) for part in parts]).get_schema(
        request=None, public=True
    )
    GENERATOR_STATS.emit_summary()
    assert capfd.readouterr().err == ""
    listed = schema["paths"]["/api/v1/movies"]["get"]["parameters"]
    assert {parameter["name"] for parameter in listed} == {
        "accessLevel", "category", "country", "cursor", "genre", "kind", "language", "limit",
        "minRating", "person", "sort", "year",
    }  # fmt: skip


def test_it_is_the_one_that_was_reviewed() -> None:
    """A changed contract shows in the change: `make schema` writes it down."""
    now = io.StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=now)
    assert now.getvalue().strip() == SNAPSHOT.read_text().strip(), "run `make schema`"


def test_every_plain_field_has_an_example() -> None:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    without = {
        f"{component}.{name}"
        for component, described in schema["components"]["schemas"].items()
        for name, prop in described.get("properties", {}).items()
        if needs_example(prop)
    }
    assert without == set()


@pytest.mark.django_db
def test_the_docs_run_from_our_own_files(client: Client) -> None:
    page = client.get("/api/docs")
    assert page.status_code == 200
    text = page.content.decode()
    assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|https?://", text)
    for file in re.findall(r'(?:src|href)="/static/([^"]+)"', text):
        assert finders.find(file), file
