"""The API's description and its page."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client
from django.urls import include, path
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator

from kushfilms.core.api.examples import needs_example
from kushfilms.core.views import api_schema

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
    """Compare with `docs/openapi.yaml`, which `make schema` writes."""
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


def test_it_is_generated_once_whatever_is_asked(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Generate once, as it takes half a second; `lang` and `version` change nothing."""
    made: list[None] = []
    generate = SchemaGenerator.get_schema

    def counted(self: SchemaGenerator, *args: Any, **kwargs: Any) -> Any:
        made.append(None)
        return generate(self, *args, **kwargs)

    monkeypatch.setattr(SchemaGenerator, "get_schema", counted)
    monkeypatch.setattr(api_schema, "_rendered", {})
    queries = ("format=json", "format=json&lang=lg", "format=json&version=2", "format=json&x=1")
    answers = [client.get(f"/api/schema?{query}") for query in queries]
    assert len(made) == 1
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].json()["info"]["title"] == "Kush Films API"
    assert answers[0]["Cache-Control"] == "public, max-age=3600"
    again = client.get("/api/schema?format=json", headers={"If-None-Match": answers[0]["ETag"]})
    assert again.status_code == 304
    assert client.get("/api/schema").content.startswith(b"openapi: 3")
    assert len(made) == 2
