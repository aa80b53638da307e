"""Persistent connections: a closed one is noticed before use, without a query."""

from typing import Any

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

connection: Any = connections["default"]

pytestmark = pytest.mark.django_db(transaction=True)


def begin_request() -> None:
    connection.health_check_done = False
    connection.close_if_health_check_failed()


def test_a_good_one_is_kept_and_not_asked() -> None:
    connection.ensure_connection()
    kept = connection.connection
    connection.health_check_enabled = True
    with CaptureQueriesContext(connection) as queries:
        begin_request()
    assert connection.connection is kept
    assert len(queries) == 0


def test_an_ended_one_is_replaced() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    other.close()
    connection.health_check_enabled = True
    begin_request()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone() != (pid,)


def test_without_the_check_a_closed_connection_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(connection), "is_usable", lambda _: True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    other.close()
    connection.health_check_enabled = True
    begin_request()
    with pytest.raises(Exception, match="terminat"), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    connection.close()
