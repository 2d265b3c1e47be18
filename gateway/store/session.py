"""What the rest of the store asks of a database connection; SQLite and PostgreSQL each answer in their own words.

Statement templates are constant texts: `?` is a value, `{texts}` and `{wholes}` stand for "is one of" a list that is
one parameter, `{joined a, b}` and `{along index}` make the text of all rows (see `gateway.store.statements`). So a
group of one and a group of sixty-four run the same statements.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

Row: TypeAlias = tuple[Any, ...]


class Rerun(Exception):
    """Somebody else was faster: roll back, read again, do the group again."""


class Lost(Exception):
    """The database cannot be used now (connection, disk). `broken`: not again before a restart."""

    def __init__(self, reason: str, *, broken: bool = False) -> None:
        super().__init__(reason)
        self.broken = broken


@dataclass(frozen=True, slots=True)
class Texts:
    """A list of texts as one parameter."""

    values: Sequence[str]


@dataclass(frozen=True, slots=True)
class Blobs:
    """A list of byte strings as one parameter."""

    values: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Wholes:
    """A list of whole numbers as one parameter."""

    values: Sequence[int]


@dataclass(slots=True)
class Batch:
    """Everything a group changes, as rows ready to be written.

    `inserts`: rows by table name. `head_updates`: (version it replaces, then a resource row). `tokens_gone`: (hash,
    id); `dates_gone`: (hash, low, high, id). `cancelled`: (id of the cancellation, its day, settlement id).
    """

    inserts: dict[str, list[Row]] = field(default_factory=dict)
    head_updates: list[Row] = field(default_factory=list)
    tokens_gone: list[Row] = field(default_factory=list)
    dates_gone: list[Row] = field(default_factory=list)
    cancelled: list[Row] = field(default_factory=list)


class Reading(Protocol):
    """A connection that reads."""

    failure: Exception | None
    """The last error since `begin`, whoever caught it: neither connection nor transaction is trusted after one."""

    def rows(self, template: str, *parameters: Any) -> list[Row]:
        """All rows. Lost when the database is gone."""
        ...

    def snapshot(self) -> None:
        """Begin: every read until `release` sees the same commit."""
        ...

    def release(self) -> None: ...

    def stream(self, template: str, *parameters: Any) -> Iterator[Row]:
        """The rows of one statement as they are taken, in constant memory; only between `snapshot` and `release`."""
        ...

    def last_commit(self) -> int:
        """The number of a commit at or after the last one that this connection can see."""
        ...

    def horizon(self) -> int | None:
        """The number of a commit such that those up to it are there for good, and no others will come among them.

        None when nobody can tell now; not to be asked within a snapshot.
        """
        ...

    def settings(self) -> dict[str, str]:
        """The settings durability depends on, as this connection has them."""
        ...

    def check_pages(self) -> list[str]:
        """What the database itself finds damaged, in its words."""
        ...

    def close(self) -> None: ...


class Session(Reading, Protocol):
    """The writer's connection: one transaction at a time. Every method may raise Rerun or Lost."""

    statements: int

    def begin(self) -> None: ...

    def lock(self, keys: Sequence[int], *, shared: Collection[int] = ()) -> None:
        """Wait, in the order given, until no other process holds one of these; held until the end of the transaction.

        A key in `shared` any number of processes may hold together, as long as none holds it alone.
        """
        ...

    def open_block(self) -> int:
        """A number larger than that of every transaction that was flushed before."""
        ...

    def flush(self, batch: Batch) -> None:
        """Write everything with a fixed number of statements."""
        ...

    def commit(self) -> None:
        """Lost only when it is certain that nothing was committed, or when nobody can tell."""
        ...

    def rollback(self) -> None:
        """Give up the transaction; never raises."""
        ...
