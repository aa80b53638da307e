"""The API's description and its page."""

import re

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client


def test_the_schema_is_whole() -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", "/dev/null")


@pytest.mark.django_db
def test_the_docs_run_from_our_own_files(client: Client) -> None:
    page = client.get("/api/docs")
    assert page.status_code == 200
    text = page.content.decode()
    assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|https?://", text)
    for path in re.findall(r'(?:src|href)="/static/([^"]+)"', text):
        assert finders.find(path), path
