"""Page `/outbox`."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User

RunJobs = Callable[[], int]


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    return tmp_path


@pytest.mark.django_db
@pytest.mark.usefixtures("folder")
def test_mails_are_read_newest_first_with_links_to_follow(
    client: Client, api: APIClient, viewer: User, run_jobs: RunJobs
) -> None:
    assert "No e-mails yet" in client.get("/outbox").content.decode()
    User.objects.update(name="<b>Aïsha</b>", email_verified=True)
    api.post("/api/v1/auth/forgot-password", {"email": viewer.email})
    run_jobs()
    new = {"email": "new@b.ug", "password": "matatu-9931-x", "name": "New"}
    api.post("/api/v1/auth/register", new)
    run_jobs()
    page = client.get("/outbox").content.decode()
    assert page.index("Confirm your e-mail") < page.index("Set a new password for Kush Films")
    assert "to new@b.ug" in page
    assert "&lt;b&gt;Aïsha&lt;/b&gt;" in page
    start = page.index('<a href="http') + len('<a href="')
    link = page[start : page.index('"', start)]
    assert link.startswith(f"{django_settings.FRONTEND_URL}/verify?token=")
    assert client.get(link.removeprefix(django_settings.FRONTEND_URL)).status_code == 200


def test_in_production_there_is_no_such_page() -> None:
    asks = (
        "import django; django.setup()\n"
        "from django.urls import resolve, Resolver404\n"
        "try: resolve('/outbox')\n"
        "except Resolver404: print('none')\n"
    )
    environ = {
        **os.environ,
        "ENVIRONMENT": "production",
        "DJANGO_SETTINGS_MODULE": "kushfilms.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", asks], env=environ, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "none", done.stderr
