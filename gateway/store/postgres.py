"""PostgreSQL: read committed, advisory locks on what a group wants, all rows of a commit in one statement.

Locks are advisory rather than on rows: they also guard what does not exist yet (a first message, a new person), and
cost no write. A commit whose answer got lost is looked up by its transaction id, never repeated blindly.
"""

import struct
import time
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from typing import Any

import psycopg
from psycopg import errors
from psycopg.adapt import Dumper
from psycopg.pq import Format

from gateway.store import statements
from gateway.store.session import Batch, Blobs, Lost, Rerun, Row, Texts, Wholes
from gateway.store.statements import ARRAY_TYPES, COUNTED, POSTGRES_CANCEL, POSTGRES_INSERT_ALL, POSTGRES_REPLACE

_OPTIONS = (
    # The writer looks up by key only: a plan made while a table was empty must not read it whole later.
    "-c enable_seqscan=off -c plan_cache_mode=force_generic_plan -c jit=off "
    "-c synchronous_commit=on -c default_transaction_isolation=read\\ committed -c client_encoding=UTF8"
)
_READER_OPTIONS = "-c default_transaction_read_only=on -c jit=off -c client_encoding=UTF8"
_ALWAYS_PREPARE = 0
_FETCHED = 2_000  # rows that a stream brings at once
_HORIZON_TRIES, _HORIZON_PAUSE_S = 200, 0.01
_LOOKUPS, _LOOKUP_PAUSE_S = 50, 0.1
_render = cache(statements.for_postgres)

_LOCK = (
    "SELECT count(CASE u.shared WHEN 1 THEN pg_advisory_xact_lock_shared(u.key) ELSE pg_advisory_xact_lock(u.key) END) "
    "FROM unnest(%b::bigint[], %b::bigint[]) AS u(key, shared)"
)
_CANCEL_TYPES = ("text[]", "text[]", "text[]")
_CONFLICTS = (errors.SerializationFailure, errors.DeadlockDetected, errors.UniqueViolation, errors.LockNotAvailable)
_SETTINGS = ("fsync", "full_page_writes", "synchronous_commit", "data_sync_retry")


_LISTS: dict[str, type[Texts] | type[Wholes] | type[Blobs]] = {"text[]": Texts, "bigint[]": Wholes, "bytea[]": Blobs}
_REPLACE_TYPES = ("bigint[]", *ARRAY_TYPES["resource"])


def _array(element: int, parts: list[bytes | None]) -> bytes:
    """PostgreSQL's binary array: one dimension, lower bound 1; an absent element is NULL."""
    if not parts:
        return struct.pack("!iiI", 0, 0, element)
    head = struct.pack("!iiIii", 1, int(None in parts), element, len(parts), 1)
    return head + b"".join(
        b"\xff\xff\xff\xff" if part is None else len(part).to_bytes(4, "big") + part for part in parts
    )


class _TextsDumper(Dumper):
    """text[], always binary and always of one type: one prepared statement serves every group."""

    format = Format.BINARY
    oid = 1009

    def dump(self, obj: Texts) -> bytes:
        return _array(25, [None if text is None else text.encode() for text in obj.values])


class _WholesDumper(Dumper):
    """bigint[]"""

    format = Format.BINARY
    oid = 1016

    def dump(self, obj: Wholes) -> bytes:
        return _array(20, [number.to_bytes(8, "big", signed=True) for number in obj.values])


class _BlobsDumper(Dumper):
    """bytea[]"""

    format = Format.BINARY
    oid = 1001

    def dump(self, obj: Blobs) -> bytes:
        return _array(17, list(obj.values))


class PostgresSession:
    """One connection; used by one thread at a time. A lost one is opened again by the next `begin`."""

    def __init__(self, url: str, *, read_only: bool) -> None:
        self.statements = 0
        self.failure: Exception | None = None
        self._url = url
        self._read_only = read_only
        self._transaction = ""
        self._connection = self._connect()

    def rows(self, template: str, *parameters: Any) -> list[Row]:
        return self._rows(_render(template), parameters)

    def stream(self, template: str, *parameters: Any) -> Iterator[Row]:
        self.statements += 1
        try:
            with self._connection.cursor(name="stream", binary=True) as cursor:
                cursor.itersize = _FETCHED
                yield from cursor.execute(_render(template), parameters or None)
        except psycopg.Error as error:
            self.failure = self._translated(error)
            raise self.failure from error

    def last_commit(self) -> int:
        number, given = self._rows("SELECT last_value, is_called FROM commit_seq", ())[0]
        return int(number) if given else 0

    def horizon(self) -> int | None:
        """A number is given to a transaction that has its id: those up to it have ended once all ids of then have.

        The id that bounds them is one taken for it. A snapshot's xmax would not do: it follows the last transaction
        that ended, so there may be some above it that are still open.
        """
        number = self.last_commit()
        newest = int(self._rows("SELECT pg_current_xact_id()::text", ())[0][0])
        for _ in range(_HORIZON_TRIES):
            oldest = int(self._rows("SELECT pg_snapshot_xmin(pg_current_snapshot())::text", ())[0][0])
            if oldest >= newest:
                return number
            time.sleep(_HORIZON_PAUSE_S)
        return None

    def snapshot(self) -> None:
        self._rows("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", ())

    def release(self) -> None:
        self._rows("ROLLBACK", ())

    def begin(self) -> None:
        self.failure = None
        if self._connection.closed:
            self._connection = self._connect()
        self._rows("BEGIN", ())

    def lock(self, keys: Sequence[int], *, shared: Collection[int] = ()) -> None:
        self._rows(_LOCK, (Wholes(keys), Wholes([int(key in shared) for key in keys])))

    def open_block(self) -> int:
        # The transaction gets its id before its number: the sealer's horizon (`gateway.store.seals`) rests on it.
        transaction, number = self._rows("SELECT pg_current_xact_id()::text, nextval('commit_seq')", ())[0]
        self._transaction = transaction
        return int(number)

    def flush(self, batch: Batch) -> None:
        if batch.cancelled:
            self._exactly(POSTGRES_CANCEL, _columns(batch.cancelled, _CANCEL_TYPES), len(batch.cancelled))
        if batch.head_updates:
            versions = _columns([row[:4] for row in batch.head_updates], _REPLACE_TYPES[:4])
            rows = _columns(batch.head_updates, _REPLACE_TYPES)
            gone = _columns(batch.tokens_gone, ("bigint[]", "text[]"))
            dates = _columns(batch.dates_gone, ("bigint[]", "bigint[]", "bigint[]", "text[]"))
            self._exactly(POSTGRES_REPLACE, [*versions, *rows, *gone, *dates], len(batch.head_updates))
        inserts: list[Any] = []
        for name, types in ARRAY_TYPES.items():
            inserts += _columns(batch.inserts.get(name, ()), types)
        self._exactly(POSTGRES_INSERT_ALL, inserts, len(batch.inserts.get(COUNTED, ())))

    def commit(self) -> None:
        transaction, self._transaction = self._transaction, ""
        try:
            self._rows("COMMIT", ())
        except (Lost, Rerun):
            if not transaction or not self._was_committed(transaction):
                raise

    def rollback(self) -> None:
        try:
            if not self._connection.closed:
                self._connection.execute("ROLLBACK")
        except psycopg.Error:
            self._connection.close()

    def settings(self) -> dict[str, str]:
        return {name: str(self.rows(f"SHOW {name}")[0][0]) for name in _SETTINGS}

    def check_pages(self) -> list[str]:
        """PostgreSQL checks pages when it reads them (data checksums); reading everything is the check."""
        return []

    def close(self) -> None:
        self._connection.close()

    def _connect(self) -> psycopg.Connection[Row]:
        options = _READER_OPTIONS if self._read_only else _OPTIONS
        try:
            connection = psycopg.connect(
                self._url, autocommit=True, options=options, prepare_threshold=_ALWAYS_PREPARE, connect_timeout=5
            )
        except psycopg.OperationalError as error:
            raise Lost(str(error)) from error
        connection.adapters.register_dumper(Texts, _TextsDumper)
        connection.adapters.register_dumper(Wholes, _WholesDumper)
        connection.adapters.register_dumper(Blobs, _BlobsDumper)
        return connection

    def _rows(self, statement: str, parameters: Sequence[Any]) -> list[Row]:
        self.statements += 1
        try:
            with self._connection.cursor(binary=True) as cursor:
                cursor.execute(statement, parameters or None)
                return cursor.fetchall() if cursor.description else []
        except psycopg.Error as error:
            self.failure = self._translated(error)
            raise self.failure from error

    def _exactly(self, statement: str, parameters: Sequence[Any], expected: int) -> None:
        if self._rows(statement, parameters)[0][0] != expected:
            raise Rerun("a version was replaced meanwhile")

    def _translated(self, error: psycopg.Error) -> Exception:
        """Rerun for a conflict or a connection lost before the commit, Lost for a server that cannot write."""
        if isinstance(error, _CONFLICTS):
            return Rerun(str(error))
        if self._connection.closed or isinstance(error, errors.OperatorIntervention):
            self._connection.close()
            return Rerun(str(error))
        if isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError, errors.ReadOnlySqlTransaction)):
            return Lost(str(error))
        return error

    def _was_committed(self, transaction: str) -> bool:
        """Ask the server what became of a transaction whose COMMIT got no answer. Lost when it cannot be asked."""
        for _ in range(_LOOKUPS):
            try:
                if self._connection.closed:
                    self._connection = self._connect()
                state = self._rows("SELECT pg_xact_status(%s::xid8)", (transaction,))[0][0]
            except (Lost, Rerun):
                state = "in progress"
            if state != "in progress":
                if state is None:
                    raise Lost("the outcome of a commit is no longer known")
                return bool(state == "committed")
            time.sleep(_LOOKUP_PAUSE_S)
        raise Lost("the outcome of a commit could not be asked for")


def _columns(rows: Sequence[Row], types: Sequence[str]) -> list[Any]:
    """The rows turned into one list for each column."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(types)
    return [_LISTS[kind](column) for kind, column in zip(types, columns, strict=True)]
