"""What goes into the store and comes out of it: frozen values, no rows and no SQL."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from gateway.kernel.calendar import Period
from gateway.kernel.ids import PersonId
from gateway.kernel.money import Fen
from gateway.kernel.problem import Problem


class MessageKey(NamedTuple):
    """Names a message for ever: a second one with the same key is a repeat."""

    area: str
    channel: str
    sender: str
    id: str


class MessageState(StrEnum):
    """ANSWERED had an effect, REFUSED broke a rule (both fix their key), REJECTED was unusable and has no key."""

    ANSWERED = "answered"
    REFUSED = "refused"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Prior:
    """What was answered when this key came first. `subject`: id of what it was about, or ''."""

    state: MessageState
    content_hash: bytes
    answer: bytes
    subject: str


@dataclass(frozen=True, slots=True)
class MessageRecord:
    """One message with its answer. `key` None: kept for its reason only, it fixes nothing."""

    id: str
    area: str
    channel: str
    sender: str
    key: str | None
    content_hash: bytes
    state: MessageState
    kind: str
    request: bytes
    answer: bytes
    problems: tuple[Problem, ...]
    received_at: datetime
    principal: str
    subject: str


@dataclass(frozen=True, slots=True)
class Stored:
    """One version of a resource. `body`: canonical JSON without id, meta.versionId and meta.lastUpdated.

    `owner`: code of the institution it belongs to, or ''. `person`: id of the person it is about, or ''.
    """

    type: str
    id: str
    version: int
    updated_at: datetime
    body: bytes
    owner: str
    person: str


class Token(NamedTuple):
    """One index value of a resource; only its keyed hash is stored. References: Token("patient", "", "Patient/…")."""

    param: str
    system: str
    value: str


class DateRange(NamedTuple):
    """Days (of the business zone) or instants a resource covers, both ends included; open: date.min, date.max."""

    param: str
    low: datetime | date
    high: datetime | date


class SettlementState(StrEnum):
    """A treatment has at most one effective settlement."""

    EFFECTIVE = "effective"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Settlement:
    """A decision in force or undone. `id`: of its ClaimResponse; `number`: running per person and scheme, from 1.

    `fund`, `total`, `account` (paid by personal accounts): fen; `trace`: the explanation, opaque to the store;
    `cancelled_by`: id of the cancellation, or ''; `kind`: of the claim, '' where it was settled before kinds were kept;
    `days`: of a stay, else 0; `case_group`: what a method of payment groups it under, or ''; `booked_on`,
    `cancelled_on`: the days of the books it and its undoing belong to.
    """

    id: str
    area: str
    claim: str
    person: str
    scheme: str
    institution: str
    treatment: str
    state: SettlementState
    number: int
    decided_on: date
    period: Period
    policy_hash: str
    fund: Fen
    total: Fen
    cancelled_by: str
    trace: bytes
    kind: str
    days: int
    case_group: str
    account: Fen
    booked_on: date
    cancelled_on: date | None = None


@dataclass(frozen=True, slots=True)
class Contribution:
    """What a person owes for a period, and what arrived, in fen."""

    person: PersonId
    scheme: str
    period: Period
    levied: Fen
    received: Fen


@dataclass(frozen=True, slots=True)
class Dossier:
    """The working state of one case of business, as it stands. A dossier keeps its kind, id and key for ever.

    `key`: its business key, unique within the kind; `period`: what it is about, or ''; `party`: institution, person or
    bank, or ''; `fen`: its amount; `body`: its particulars, opaque to the store and sealed; `version`: the one read,
    0 for one that was not stored yet.
    """

    kind: str
    id: str
    key: str
    state: str
    period: str
    party: str
    fen: Fen
    body: bytes
    version: int = 0


class PeriodState(StrEnum):
    """CLOSING takes the entries of its own closing and no others, CLOSED none."""

    CLOSING = "closing"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class ClosedPeriod:
    """A day '2015-06-30', month '2015-06' or year '2015' of a scheme's books that is being closed, or is closed.

    `digest`: that of its turnover (`Store.digest`), '' while it is closing.
    """

    scheme: str
    period: str
    state: PeriodState
    closed_at: datetime
    closed_by: str
    digest: str


class CareRow(NamedTuple):
    """A settlement booked (`sign` 1) or cancelled (-1) as a method of payment sees it; amounts in fen, not negated."""

    institution: str
    person: str
    kind: str
    case_group: str
    days: int
    total: Fen
    fund: Fen
    account: Fen
    sign: int
    settlement: str
    booked_on: date


class Activity(NamedTuple):
    """What an institution settled and cancelled of one kind; amounts in fen, net of what was cancelled."""

    institution: str
    kind: str
    settled: int
    cancelled: int
    total: Fen
    fund: Fen
    account: Fen


class Turnover(NamedTuple):
    """Debits and credits of an account, each in fen and not negative."""

    debit: Fen
    credit: Fen

    @property
    def balance(self) -> Fen:
        """Debits less credits."""
        return self.debit - self.credit


class PostingLine(NamedTuple):
    """One line of an entry as it was booked. `seq`: its number in the order of booking."""

    seq: int
    entry_id: str
    line: int
    scheme: str
    fund: str
    account: str
    party: str
    fen: Fen
    booked_on: date
    cause: str
    reverses: str

    @property
    def place(self) -> tuple[date, int]:
        """Where it stands among all lines: what the next page begins behind."""
        return self.booked_on, self.seq


class LedgerLine(NamedTuple):
    """One line of the ledger as it is exported: what was booked, without the numbers and instants of this database."""

    area: str
    scheme: str
    booked_on: str
    entry_id: str
    line: int
    fund: str
    account: str
    party: str
    fen: Fen
    cause: str
    reverses: str


@dataclass(frozen=True, slots=True)
class Seal:
    """A link of the hash chain over the two books. `last_seq`: of the last row it covers; `hash`: 32 bytes."""

    number: int
    last_seq: int
    postings: int
    movements: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link of the chain noted down outside the database. `hash`: 64 hexadecimal digits; `day`: when it was noted."""

    number: int
    seq: int
    hash: str
    day: date


@dataclass(frozen=True, slots=True)
class AuditLine:
    """Who did what to which object, with what outcome. `message`: id of the message that asked for it, or ''."""

    seq: int
    at: datetime
    principal: str
    action: str
    object: str
    outcome: str
    message: str


@dataclass(frozen=True, slots=True)
class Wants:
    """What a job is going to read, so that a group is loaded with a fixed number of statements.

    A Patient found by a token counts as a person wanted. Persons, Patient tokens, message keys and treatments are
    locked until commit, as are dossiers, by kind and key; what is not named here is fetched (and locked) when the job
    asks for it. `closes`: the job closes a period of the books, so it waits for every job that posts, and they for it.
    """

    messages: tuple[MessageKey, ...] = ()
    resources: tuple[tuple[str, str], ...] = ()
    tokens: tuple[tuple[str, Token], ...] = ()
    persons: tuple[PersonId, ...] = ()
    treatments: tuple[str, ...] = ()
    dossiers: tuple[tuple[str, str], ...] = ()
    closes: bool = False


@dataclass(frozen=True, slots=True)
class Verification:
    """The result of a recount: every difference, and how much was looked at."""

    problems: tuple[Problem, ...]
    counts: dict[str, int] = field(default_factory=dict)
