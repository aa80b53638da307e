"""Input of people stays out of the database's log."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from rest_framework.test import APIClient

from accounts.models import User

REGISTER, PROFILE = "/api/v1/auth/register", "/api/v1/users/profile"
ApiAs = Callable[[User], APIClient]

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed() -> Iterator[list[str]]:
    """Record the statements that the database refused, and so would log."""
    refused: list[str] = []

    def watch(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        try:
            return execute(sql, params, many, context)
        except Exception:
            refused.append(str(sql))
            raise

    with connection.execute_wrapper(watch):
        yield refused


def test_a_taken_address_causes_no_failing_statement(
    api: APIClient, viewer: User, stranger: User, api_as: ApiAs, password: str, failed: list[str]
) -> None:
    body = {"email": viewer.email.upper(), "password": password, "name": "Nakato"}
    assert api.post(REGISTER, body).json()["code"] == "email_taken"
    change = {"email": viewer.email, "password": password}
    assert api_as(stranger).put(PROFILE, change).json()["code"] == "email_taken"
    assert failed == []


def test_the_embedded_server_logs_no_statement_that_failed() -> None:
    """Make a statement fail; the log has the error without the values."""
    secret = "argon2-of-nobody-9931"
    parameters = connection.get_connection_params()
    with psycopg.connect(**{**parameters, "autocommit": True}) as direct:
        with pytest.raises(psycopg.errors.DivisionByZero):
            direct.execute(f"SELECT 1 / 0, '{secret}'")
        row = direct.execute("SHOW log_min_error_statement").fetchone()
        assert row == ("panic",)
        (home,) = direct.execute("SHOW data_directory").fetchone() or ("",)
    log = Path(home).parent / "log" / "postgres.log"
    assert log.exists()
    text = log.read_text(errors="replace")
    assert "division by zero" in text
    assert secret not in text
    assert log.stat().st_mode & 0o077 == 0
