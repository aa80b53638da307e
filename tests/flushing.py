"""Flushing after a test that commits, of the filled tables only.

Django truncates every table and then writes every content type and permission again, which costs
a test seconds where a hundred tables are empty anyway. With triggers off, for append-only tables
refuse; a database whose user may not do that is flushed Django's way.
"""

from typing import Any

from django.core.management.commands import flush
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations

# The same before and after every test.
STAY = frozenset({"django_content_type", "auth_permission"})
_truncate = DatabaseOperations.sql_flush


def flush_lightly() -> None:
    """Replace Django's flush in this process."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        (may,) = cursor.fetchone()
    if may:
        DatabaseOperations.sql_flush = _delete  # type: ignore[method-assign, assignment]
        flush.emit_post_migrate_signal = lambda *_, **__: None  # type: ignore[attr-defined]


def _delete(self: DatabaseOperations, style: Any, tables: Any, **options: Any) -> list[str]:
    if options.get("reset_sequences"):
        return _truncate(self, style, tables, **options)
    names = [self.quote_name(table) for table in tables if table not in STAY]
    # One transaction, as Django runs them.
    off = "SET LOCAL session_replication_role = replica;"
    return [off, *(f"DELETE FROM {name};" for name in _filled(names))]


def _filled(names: list[str]) -> list[str]:
    """Return those of the tables that have rows, in one query."""
    asked = [f"SELECT %s WHERE EXISTS (SELECT FROM {name})" for name in names]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked), names)
        return [name for (name,) in cursor.fetchall()]
