"""doctor: settings that could lose an acknowledged settlement are refused, on both databases."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import psycopg
import pytest

from gateway.security.keys import create_keys
from gateway.store.doctor import check_settings
from tests.unit.cli.conftest import Command, Settled


def test_a_database_as_the_gateway_makes_it_is_safe(command: Command, settled: Settled) -> None:
    shown = command("doctor", home=settled.home)
    told = command("doctor", "--json", home=settled.home)

    assert (shown.exit_code, told.exit_code) == (0, 0)
    assert "doctor: safe" in shown.stdout
    assert msgspec.json.decode(told.stdout) == {"ok": True, "problems": []}


def test_an_sqlite_file_without_its_log_is_unsafe(command: Command, settled: Settled) -> None:
    connection = sqlite3.connect(settled.home / "gateway.db")
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()

    ended = command("doctor", "--json", home=settled.home)

    assert ended.exit_code == 1
    assert [each["path"] for each in msgspec.json.decode(ended.stdout)["problems"]] == ["journal_mode"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("synchronous", "normal"), ("synchronous", "off"), ("fsync", "off"), ("synchronous_commit", "off"),
     ("full_page_writes", "off"), ("data_sync_retry", "on"), ("journal_mode", "memory")],
)  # fmt: skip
def test_each_setting_that_loses_commits_is_named(name: str, value: str) -> None:
    (problem,) = check_settings({name: value})

    assert (problem.code, problem.path) == ("unsafe-setting", name)


@contextmanager
def changed(server: str, setting: str, value: str) -> Iterator[None]:
    """A server setting, changed for as long as the block runs."""
    with psycopg.connect(server, autocommit=True) as connection:

        def apply(statement: str, wanted: str) -> None:
            connection.execute(statement.encode())
            connection.execute("SELECT pg_reload_conf()")
            for _ in range(100):
                with psycopg.connect(server) as fresh:
                    row = fresh.execute(f"SHOW {setting}".encode()).fetchone()
                if row is not None and row[0] == wanted:
                    return
                time.sleep(0.05)
            raise AssertionError(f"{setting} did not become {wanted}")

        apply(f"ALTER SYSTEM SET {setting} = {value}", value)
        try:
            yield
        finally:
            apply(f"ALTER SYSTEM RESET {setting}", "on")


def test_a_postgresql_server_that_does_not_sync_is_unsafe(
    command: Command, postgres_server: str, postgres_url: str, tmp_path: Path
) -> None:
    create_keys(tmp_path / "keys.toml")

    assert command("doctor", home=tmp_path, database_url=postgres_url).exit_code == 0
    with changed(postgres_server, "fsync", "off"):
        ended = command("doctor", "--json", home=tmp_path, database_url=postgres_url)

    assert ended.exit_code == 1
    assert [each["path"] for each in msgspec.json.decode(ended.stdout)["problems"]] == ["fsync"]


def test_a_gateway_does_not_serve_on_such_a_server(
    command: Command, postgres_server: str, postgres_url: str, tmp_path: Path
) -> None:
    (tmp_path / "partners.toml").write_text("")

    with changed(postgres_server, "fsync", "off"):
        ended = command("serve", "--port", "0", "--mllp-port", "0", home=tmp_path, database_url=postgres_url)

    assert ended.exit_code == 2
    assert "unsafe-setting" in ended.stderr
