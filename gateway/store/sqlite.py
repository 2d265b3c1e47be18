"""SQLite: write-ahead log, every commit synced, one writer."""

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from typing import Any

import msgspec

from gateway.store import statements
from gateway.store.session import Batch, Lost, Rerun, Row, Texts, Wholes

_BUSY_TIMEOUT_MS = 10_000
_CHECKPOINT_PAGES = 4_000  # 16 MB of log: a checkpoint now and then, not one every few commits
_LAST_COMMIT = "SELECT number FROM meta WHERE area = '' AND name = 'commit'"
_render = cache(statements.for_sqlite)
_json = msgspec.json.Encoder()


class SqliteSession:
    """One connection; used by one thread at a time."""

    def __init__(self, path: str, *, read_only: bool) -> None:
        mode = "ro" if read_only else "rw"
        self.statements = 0
        self.failure: Exception | None = None
        self._read_only = read_only
        self._block: int | None = None
        try:
            self._connection = sqlite3.connect(
                f"file:{_quoted(path)}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False,
                cached_statements=256, timeout=_BUSY_TIMEOUT_MS // 1000,
            )  # fmt: skip
            for pragma in _pragmas(read_only=read_only):
                self._connection.execute(pragma).fetchall()
        except sqlite3.Error as error:
            raise Lost(str(error)) from error

    def rows(self, template: str, *parameters: Any) -> list[Row]:
        self.statements += 1
        try:
            return self._connection.execute(_render(template), [_plain(value) for value in parameters]).fetchall()
        except sqlite3.Error as error:
            raise self._failed(error) from error

    def stream(self, template: str, *parameters: Any) -> Iterator[Row]:
        self.statements += 1
        try:
            yield from self._connection.execute(_render(template), [_plain(value) for value in parameters])
        except sqlite3.Error as error:
            raise self._failed(error) from error

    def last_commit(self) -> int:
        found = self.rows(_LAST_COMMIT)
        return int(found[0][0]) if found else 0

    def horizon(self) -> int | None:
        """Commits come one after the other: the last one."""
        return self.last_commit()

    def snapshot(self) -> None:
        self._run("BEGIN")

    def release(self) -> None:
        self._run("ROLLBACK")

    def begin(self) -> None:
        self.failure = None
        self._run("BEGIN IMMEDIATE")

    def lock(self, keys: Sequence[int], *, shared: Collection[int] = ()) -> None:
        """Nothing to do: BEGIN IMMEDIATE holds the one write lock."""

    def open_block(self) -> int:
        if self._block is None:
            self._block = self.last_commit()
        self._block += 1
        return self._block

    def flush(self, batch: Batch) -> None:
        self._many(statements.SQLITE_DROP_TOKEN, batch.tokens_gone)
        self._many(statements.SQLITE_DROP_DATE, batch.dates_gone)
        versions = [(row[1], row[2], row[3], row[0]) for row in batch.head_updates]
        self._exactly(statements.SQLITE_KEEP_HEAD, versions)
        self._exactly(
            statements.SQLITE_REPLACE_HEAD,
            [(*row[4:], *version) for row, version in zip(batch.head_updates, versions, strict=True)],
        )
        self._exactly(statements.SQLITE_CANCEL, batch.cancelled)
        for name, statement in statements.SQLITE_INSERTS.items():
            write = self._exactly if name == statements.COUNTED else self._many
            write(statement, batch.inserts.get(name, ()))
        self._many(statements.SQLITE_BLOCK, [(self._block,)])

    def commit(self) -> None:
        self._run("COMMIT")

    def rollback(self) -> None:
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        except sqlite3.Error:
            self._block = None

    def settings(self) -> dict[str, str]:
        levels = {0: "off", 1: "normal", 2: "full", 3: "extra"}
        return {
            "journal_mode": str(self.rows("PRAGMA journal_mode")[0][0]),
            "synchronous": "" if self._read_only else levels[int(self.rows("PRAGMA synchronous")[0][0])],
        }

    def check_pages(self) -> list[str]:
        found = [str(row[0]) for row in self.rows("PRAGMA integrity_check")]
        return [] if found == ["ok"] else found

    def close(self) -> None:
        self._connection.close()

    def _run(self, statement: str) -> None:
        self.statements += 1
        try:
            self._connection.execute(statement)
        except sqlite3.Error as error:
            raise self._failed(error) from error

    def _many(self, statement: str, rows: Sequence[Row]) -> int:
        if not rows:
            return 0
        self.statements += 1
        try:
            return self._connection.executemany(statement, rows).rowcount
        except sqlite3.Error as error:
            raise self._failed(error) from error

    def _failed(self, error: sqlite3.Error) -> Exception:
        self.failure = _translated(error)
        return self.failure

    def _exactly(self, statement: str, rows: Sequence[Row]) -> None:
        if rows and self._many(statement, rows) != len(rows):
            raise Rerun("a version was replaced meanwhile")


def _quoted(path: str) -> str:
    return path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _pragmas(*, read_only: bool) -> tuple[str, ...]:
    if read_only:
        return (f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}", "PRAGMA query_only = ON")
    return (
        f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}",
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = FULL",
        "PRAGMA foreign_keys = ON",
        f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}",
        "PRAGMA cache_size = -65536",
        "PRAGMA temp_store = MEMORY",
    )


def _plain(value: Any) -> Any:
    if isinstance(value, (Texts, Wholes)):
        return _json.encode(value.values).decode()
    return value


def _translated(error: sqlite3.Error) -> Exception:
    """Rerun for a conflict, Lost for a disk that fails; anything else is a bug and stays what it is."""
    name = str(getattr(error, "sqlite_errorname", ""))
    if name.startswith(("SQLITE_BUSY", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY")):
        return Rerun(str(error))
    if name.startswith(("SQLITE_FULL", "SQLITE_CANTOPEN", "SQLITE_READONLY")):
        return Lost(str(error))
    if name.startswith(("SQLITE_IOERR", "SQLITE_CORRUPT", "SQLITE_NOTADB")):
        # After a failed sync the system may have dropped the dirty pages: only a fresh start reads the truth.
        return Lost(str(error), broken=True)
    return error
