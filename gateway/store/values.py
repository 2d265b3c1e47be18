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

    `fund`, `total`: fen; `trace`: the explanation, opaque to the store; `cancelled_by`: id of the cancellation, or ''.
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


@dataclass(frozen=True, slots=True)
class Contribution:
    """What a person owes for a period, and what arrived, in fen."""

    person: PersonId
    scheme: str
    period: Period
    levied: Fen
    received: Fen


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
    locked until commit; what is not named here is fetched (and locked) when the job asks for it.
    """

    messages: tuple[MessageKey, ...] = ()
    resources: tuple[tuple[str, str], ...] = ()
    tokens: tuple[tuple[str, Token], ...] = ()
    persons: tuple[PersonId, ...] = ()
    treatments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verification:
    """The result of a recount: every difference, and how much was looked at."""

    problems: tuple[Problem, ...]
    counts: dict[str, int] = field(default_factory=dict)
