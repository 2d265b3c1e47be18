"""A connection past the store, to tamper with what it keeps."""

import sqlite3
from typing import Any

import psycopg


def raw(url: str, *statements: str) -> list[tuple[Any, ...]]:
    """Run statements in one transaction; the rows of the last one."""
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        try:
            for statement in statements:
                rows = connection.execute(statement).fetchall()
            connection.execute("COMMIT")
        finally:
            connection.close()
        return rows
    with psycopg.connect(url) as session:
        for statement in statements:
            cursor = session.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def without_triggers(url: str, table: str) -> tuple[str, ...]:
    """Statements that lift the protection of an append-only table."""
    if url.startswith("sqlite"):
        return (f"DROP TRIGGER {table}_no_update", f"DROP TRIGGER {table}_no_delete")
    return (f"DROP TRIGGER {table}_append_only ON {table}",)
