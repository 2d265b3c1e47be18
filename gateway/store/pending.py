"""What a group is going to write: buffered, seen by its own jobs, and undone back to a mark when a job fails."""

from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from gateway.kernel.calendar import Period
from gateway.kernel.money import Fen
from gateway.ledger.entry import Entry
from gateway.settlement.claim import Counters, Layer, Movement
from gateway.store.rows import Spans
from gateway.store.values import ClosedPeriod, Contribution, Dossier, MessageKey, MessageRecord, Prior, Seal, Settlement

K = TypeVar("K")
V = TypeVar("V")
_ABSENT: Any = object()


class Put(NamedTuple):
    """A new version of a resource. `tokens`, `dates`: its index rows, hashed."""

    type: str
    id: str
    version: int
    updated_at: int
    owner: str
    person: str
    body: bytes
    tokens: tuple[int, ...]
    dates: Spans


class Move(NamedTuple):
    id: str
    person: str
    scheme: str
    claim: str
    movement: Movement
    reverses: str


class Policy(NamedTuple):
    hash: str
    policy_id: str
    body: bytes


class Audit(NamedTuple):
    principal: str
    action: str
    object: str
    outcome: str
    message: str


class Letter(NamedTuple):
    """A message to be delivered."""

    id: str
    receiver: str
    kind: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Mark:
    """A point to go back to."""

    changes: int
    lengths: tuple[int, ...]


class Overlay(Generic[K, V]):
    """A dict whose changes are noted down, so that they can be undone."""

    def __init__(self, journal: list[tuple[dict[Any, Any], Any, Any]]) -> None:
        self._journal = journal
        self._values: dict[K, V] = {}

    def __setitem__(self, key: K, value: V) -> None:
        self._journal.append((self._values, key, self._values.get(key, _ABSENT)))
        self._values[key] = value

    def __contains__(self, key: K) -> bool:
        return key in self._values

    def __getitem__(self, key: K) -> V:
        return self._values[key]

    def get(self, key: K, default: V | None = None) -> V | None:
        return self._values.get(key, default)

    def items(self) -> list[tuple[K, V]]:
        return list(self._values.items())


class Pending:
    """Lists are what is written, in the order of the jobs (each with its place in it); overlays are what jobs see."""

    def __init__(self) -> None:
        self._journal: list[tuple[dict[Any, Any], Any, Any]] = []
        self._places = 0

        self.puts: list[tuple[int, Put]] = []
        self.messages: list[tuple[int, MessageRecord]] = []
        self.entries: list[tuple[int, Entry]] = []
        self.moves: list[tuple[int, Move]] = []
        self.audits: list[tuple[int, Audit]] = []
        self.letters: list[tuple[int, Letter]] = []
        self.policies: list[tuple[int, Policy]] = []
        self._lists: tuple[list[Any], ...] = (
            self.puts, self.messages, self.entries, self.moves, self.audits, self.letters, self.policies,
        )  # fmt: skip

        self.heads: Overlay[tuple[str, str], Put] = Overlay(self._journal)
        self.tokens: Overlay[int, tuple[str, ...]] = Overlay(self._journal)
        self.owned: Overlay[tuple[str, str], tuple[str, ...]] = Overlay(self._journal)
        self.priors: Overlay[MessageKey, Prior] = Overlay(self._journal)
        self.counters: Overlay[tuple[str, str], dict[tuple[Layer, Period], Counters]] = Overlay(self._journal)
        self.settlements: Overlay[str, tuple[int, Settlement]] = Overlay(self._journal)
        self.added_settlements: Overlay[str, bool] = Overlay(self._journal)
        self.effective: Overlay[str, str] = Overlay(self._journal)
        self.claims: Overlay[str, str] = Overlay(self._journal)
        self.numbers: Overlay[tuple[str, str], int] = Overlay(self._journal)
        self.contributions: Overlay[tuple[str, str, Period], Contribution] = Overlay(self._journal)
        self.dossiers: Overlay[tuple[str, str], Dossier] = Overlay(self._journal)
        self.dossier_ids: Overlay[tuple[str, str], str] = Overlay(self._journal)
        self.balances: Overlay[tuple[str, str], Fen] = Overlay(self._journal)
        self.periods: Overlay[tuple[str, str], tuple[int, ClosedPeriod]] = Overlay(self._journal)
        self.seals: Overlay[int, Seal] = Overlay(self._journal)

    def place(self) -> int:
        """The next number in the order of the group."""
        self._places += 1
        return self._places

    def is_empty(self) -> bool:
        """Whether there is nothing to write."""
        return not self._journal and not any(self._lists)

    def mark(self) -> Mark:
        return Mark(len(self._journal), tuple(map(len, self._lists)))

    def rollback(self, mark: Mark) -> None:
        """Drop everything since the mark."""
        while len(self._journal) > mark.changes:
            values, key, before = self._journal.pop()
            if before is _ABSENT:
                del values[key]
            else:
                values[key] = before
        for found, length in zip(self._lists, mark.lengths, strict=True):
            del found[length:]
