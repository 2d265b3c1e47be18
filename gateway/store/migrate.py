"""Brings a database to the schema of this version, and says how far behind one is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from gateway.kernel.problem import Problem, Refusal
from gateway.store import problems

_LOCK = 0x67617465  # an advisory lock: two processes that start at once migrate one after the other


def sqlalchemy_url(url: str) -> str:
    """The URL with our driver named in it."""
    return "postgresql+psycopg://" + url.partition("://")[2] if url.startswith("postgres") else url


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    engine = create_engine(sqlalchemy_url(url), poolclass=NullPool)
    try:
        with engine.connect() as connection:
            yield connection
    except OperationalError as error:
        raise Refusal(problems.unavailable()) from error
    finally:
        engine.dispose()


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def head() -> str:
    """The schema version this code needs."""
    found = ScriptDirectory.from_config(_config()).get_current_head()
    assert found is not None, "there is a first migration"
    return found


def current(url: str) -> str:
    """The schema version a database is at, or '' for an empty one."""
    with _connected(url) as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def migrate(url: str) -> None:
    """Run the missing steps, all or none."""
    with _connected(url) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        if MigrationContext.configure(connection).get_current_revision() != head():
            command.upgrade(_config(connection), "head")


def check_current(url: str) -> list[Problem]:
    """The problem `migrations-behind`, or []. Refusal `store-unavailable` when the database cannot be opened."""
    found, needed = current(url), head()
    return [] if found == needed else [problems.migrations_behind(found, needed)]
