"""Copies of a prepared database, for runs that each need their own."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg


@contextmanager
def copied(url: str) -> Iterator[str]:
    """The URL of a copy as long as the block runs: a file beside the closed one, or a database made from a template."""
    name = f"copy_{secrets.token_hex(6)}"
    if url.startswith("sqlite"):
        file = Path(url.removeprefix("sqlite:///"))
        assert not Path(f"{file}-wal").exists(), "a file is copied when nobody has it open"
        copy = file.with_name(f"{name}.db")
        shutil.copyfile(file, copy)
        yield f"sqlite:///{copy}"
        copy.unlink()
        return
    server, _, options = url.partition("?")
    root, _, original = server.rpartition("/")
    with psycopg.connect(f"{root}/postgres?{options}", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {original}".encode())
    yield f"{root}/{name}?{options}"
    with psycopg.connect(f"{root}/postgres?{options}", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
