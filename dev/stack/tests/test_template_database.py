"""Databases of a test run, which are copies of a migrated one."""

import psycopg
import pytest
from django.db.migrations.loader import MigrationLoader

from dev.stack import template_database
from dev.stack.stack import Stack


def test_a_new_database_has_every_migration(private_stack: Stack) -> None:
    with psycopg.connect(private_stack.env()["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("CREATE DATABASE another")
        rows = connection.execute("SELECT app, name FROM django_migrations").fetchall()
    wanted = MigrationLoader(None).disk_migrations
    assert wanted
    assert set(wanted) <= set(rows)
    with psycopg.connect(private_stack.env()["DATABASE_URL"], dbname="another") as connection:
        connection.execute("SELECT FROM catalog_movie")


def test_a_changed_migration_asks_for_a_new_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    files = list(template_database._migrations())
    assert any(file.match("catalog/migrations/0001_*.py") for file in files)
    assert any(file.match("billing/stripe_tables/migrations/0001_*.py") for file in files)
    assert any(file.match("kushfilms/core/migrations/0001_*.py") for file in files)
    before = template_database.checksum()
    assert template_database.checksum() == before
    monkeypatch.setattr(template_database, "_migrations", lambda: files[:-1])
    assert template_database.checksum() != before
