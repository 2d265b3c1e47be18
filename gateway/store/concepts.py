"""Loaded code systems in chunks, and the closures that partners keep: two things of terminology that outlive a process.

Neither holds personal data, so neither is sealed. A version of a system is written chunk by chunk while nobody sees it,
and applies from one commit on; a version that was interrupted goes on where it stopped. Rows are written by the
statements of a job itself, in its transaction: each job leaves an audit row beside.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import BigInteger, Column, LargeBinary
from sqlmodel import Field, SQLModel

from gateway.store.queries import Place
from gateway.store.readers import Readers
from gateway.store.rows import micros
from gateway.store.tables import TEXT
from gateway.store.unit import Unit

T = TypeVar("T")


def _text(*, key: bool = False) -> Any:
    return Field(sa_column=Column(TEXT, primary_key=key, nullable=False))


def _whole(*, key: bool = False) -> Any:
    return Field(sa_column=Column(BigInteger, primary_key=key, nullable=False, autoincrement=False))


class CodeSystemRow(SQLModel, table=True):
    """One loaded version of a code system. `header`: what it says of itself, JSON."""

    __tablename__ = "code_system"
    area: str = _text(key=True)
    url: str = _text(key=True)
    version: str = _text(key=True)
    state: str = _text()
    digest: str = _text()
    concepts: int = _whole()
    chunks: int = _whole()
    loaded_at: int = _whole()
    header: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class ChunkRow(SQLModel, table=True):
    """Some thousand concepts of a version, compressed, in the order of the file."""

    __tablename__ = "code_system_chunk"
    area: str = _text(key=True)
    url: str = _text(key=True)
    version: str = _text(key=True)
    number: int = _whole(key=True)
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class ClosureRow(SQLModel, table=True):
    """A closure table by its owner and name; `version` grows with every change."""

    __tablename__ = "closure"
    area: str = _text(key=True)
    owner: str = _text(key=True)
    name: str = _text(key=True)
    version: int = _whole()
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class LoadState(StrEnum):
    """LOADING: not whole yet, seen by nobody; KEPT: found by its version; CURRENT: also found without one."""

    LOADING = "loading"
    KEPT = "kept"
    CURRENT = "current"


class LoadedVersion(NamedTuple):
    """A version that is or is being loaded. `digest`: of the file and how it was read; `chunks`: 0 while loading."""

    url: str
    version: str
    state: LoadState
    digest: str
    concepts: int
    chunks: int
    header: bytes


_VERSIONS = "SELECT url, version, state, digest, concepts, chunks, header FROM code_system WHERE area = ?"
_BEGIN = (
    "INSERT INTO code_system (area, url, version, state, digest, concepts, chunks, loaded_at, header) "
    "VALUES (?, ?, ?, 'loading', ?, 0, 0, ?, ?) ON CONFLICT (area, url, version) DO UPDATE SET "
    "digest = excluded.digest, header = excluded.header, loaded_at = excluded.loaded_at RETURNING 1"
)
_DROP_CHUNKS = "DELETE FROM code_system_chunk WHERE area = ? AND url = ? AND version = ? RETURNING number"
_DROP = "DELETE FROM code_system WHERE area = ? AND url = ? AND version = ? RETURNING 1"
_NUMBERS = "SELECT number FROM code_system_chunk WHERE area = ? AND url = ? AND version = ?"
_KEEP = (
    "INSERT INTO code_system_chunk (area, url, version, number, content) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT (area, url, version, number) DO UPDATE SET content = excluded.content RETURNING 1"
)
_STEP_DOWN = (
    "UPDATE code_system SET state = 'kept' WHERE area = ? AND url = ? AND state = 'current' AND version <> ? "
    "RETURNING 1"
)
_SWITCH = (
    "UPDATE code_system SET state = 'current', concepts = ?, chunks = ?, loaded_at = ? "
    "WHERE area = ? AND url = ? AND version = ? RETURNING 1"
)
_CHUNK = "SELECT content FROM code_system_chunk WHERE area = ? AND url = ? AND version = ? AND number = ?"
_CLOSURE = "SELECT version, content FROM closure WHERE area = ? AND owner = ? AND name = ?"
_CLOSURES = "SELECT count(*) FROM closure WHERE area = ? AND owner = ?"
_PUT_CLOSURE = (
    "INSERT INTO closure (area, owner, name, version, content) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT (area, owner, name) DO UPDATE SET version = excluded.version, content = excluded.content "
    "WHERE closure.version < excluded.version RETURNING version"
)


class Concepts:
    """Over one store: readers for questions, its writer for jobs."""

    def __init__(self, readers: Readers, submit: Callable[[Callable[[Unit], Any]], "Future[Any]"]) -> None:
        self._readers = readers
        self._submit = submit

    def versions(self) -> list[LoadedVersion]:
        """Every version of every loaded system, by url and version."""
        with self._readers.borrow() as place:
            return _versions(place)

    def chunks(self, url: str, version: str) -> Iterator[bytes]:
        """The chunks of a version in order, one read at a time; fewer than it says where it was dropped meanwhile."""
        number = 0
        while True:
            with self._readers.borrow() as place:
                found = place.rows(_CHUNK, url, version, number)
            if not found:
                return
            yield bytes(found[0][0])
            number += 1

    def begin(self, url: str, version: str, *, digest: str, header: bytes) -> frozenset[int]:
        """Begin or take up a version that is not whole yet; the numbers of its chunks that are there.

        Chunks of another file (another digest) are dropped first.
        """

        def work(unit: Unit) -> frozenset[int]:
            before = [each for each in _versions(unit.place) if (each.url, each.version) == (url, version)]
            assert not before or before[0].state == LoadState.LOADING, "a whole version is never written again"
            if before and before[0].digest != digest:
                unit.place.rows(_DROP_CHUNKS, url, version)
            unit.place.rows(_BEGIN, url, version, digest, micros(unit.now), header)
            _audit(unit, "load-begin", url, version)
            return frozenset(int(row[0]) for row in unit.place.rows(_NUMBERS, url, version))

        return self._done(work)

    def keep(self, url: str, version: str, number: int, content: bytes) -> None:
        """Keep a chunk; 0 is the first."""

        def work(unit: Unit) -> None:
            unit.place.rows(_KEEP, url, version, number, content)
            _audit(unit, "load-chunk", url, f"{version}#{number}")

        self._done(work)

    def switch(self, url: str, version: str, *, concepts: int, chunks: int) -> None:
        """From this commit on the version is whole and applies; the one before stays, by its version."""

        def work(unit: Unit) -> None:
            unit.place.rows(_STEP_DOWN, url, version)
            area = str(unit.area)
            unit.place.session.rows(_SWITCH, concepts, chunks, micros(unit.now), area, url, version)
            _audit(unit, "load-switch", url, version)

        self._done(work)

    def drop(self, url: str, version: str) -> None:
        """Forget a version."""

        def work(unit: Unit) -> None:
            unit.place.rows(_DROP_CHUNKS, url, version)
            unit.place.rows(_DROP, url, version)
            _audit(unit, "load-drop", url, version)

        self._done(work)

    def closure(self, owner: str, name: str) -> tuple[int, bytes] | None:
        """Version and content of a closure; None where there is none."""
        with self._readers.borrow() as place:
            found = place.rows(_CLOSURE, owner, name)
        return (int(found[0][0]), bytes(found[0][1])) if found else None

    def closures(self, owner: str) -> int:
        """How many closures an owner has."""
        with self._readers.borrow() as place:
            return int(place.rows(_CLOSURES, owner)[0][0])

    def put_closure(self, owner: str, name: str, version: int, content: bytes) -> bool:
        """Keep a closure as a version above that which is there; False when somebody else did so first."""

        def work(unit: Unit) -> bool:
            kept = bool(unit.place.rows(_PUT_CLOSURE, owner, name, version, content))
            unit.audit(principal=owner, action="closure", object=name, outcome="ok" if kept else "changed")
            return kept

        return self._done(work)

    def _done(self, work: Callable[[Unit], T]) -> T:
        result: T = self._submit(work).result()
        return result


def _versions(place: Place) -> list[LoadedVersion]:
    found = place.rows(f"{_VERSIONS} ORDER BY url, version")
    return [
        LoadedVersion(url, version, LoadState(state), digest, int(concepts), int(chunks), bytes(header))
        for url, version, state, digest, concepts, chunks, header in found
    ]


def _audit(unit: Unit, action: str, url: str, detail: str) -> None:
    unit.audit(principal="command-line", action=action, object=url, outcome="ok", message=detail)
