"""Rows from and to values: order of columns as in `gateway.store.tables`, blobs sealed with the place they stand in."""

import struct
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import msgspec

from gateway.kernel.calendar import BUSINESS_ZONE
from gateway.kernel.problem import Problem
from gateway.store.sealing import Keyring
from gateway.store.session import Row
from gateway.store.values import (
    DateRange,
    Dossier,
    MessageRecord,
    MessageState,
    Prior,
    Settlement,
    SettlementState,
    Stored,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SECOND = timedelta(seconds=1)
_FIRST, _LAST = -(2**62), 2**62  # open ends of a date range
_problems_decoder = msgspec.json.Decoder(tuple[Problem, ...])
_problems_encoder = msgspec.json.Encoder()


def micros(instant: datetime) -> int:
    """Whole microseconds since 1970."""
    return (instant - _EPOCH) // _MICROSECOND


def instant(count: int) -> datetime:
    """The instant of `micros`, in UTC."""
    return _EPOCH + count * _MICROSECOND


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=BUSINESS_ZONE)


def seconds(moment: datetime | date, *, end: bool) -> int:
    """Seconds since 1970 of an instant, or of the first or last second of a day in the business zone."""
    if isinstance(moment, datetime):
        return (moment - _EPOCH) // _SECOND
    if moment == date.min:
        return _FIRST
    if moment == date.max:
        return _LAST
    return (_midnight(moment) - _EPOCH) // _SECOND + (86_399 if end else 0)


def context(table: str, area: str, type: str, id: str, version: int = 0) -> str:
    """Where a sealed text stands."""
    return f"{table}|{area}|{type}|{id}|{version}"


@dataclass(frozen=True, slots=True)
class Head:
    """A resource row as stored: the body is still sealed."""

    type: str
    id: str
    version: int
    updated_at: int
    owner: str
    person: str
    body: bytes
    deleted: int
    indexed: bytes = b""


def opened(head: Head, *, area: str, keyring: Keyring) -> Stored:
    """The resource with its body in the clear."""
    body = keyring.open(head.body, context("resource", area, head.type, head.id, head.version))
    return Stored(head.type, head.id, head.version, instant(head.updated_at), body, head.owner, head.person)


def date_span(found: DateRange) -> tuple[int, int]:
    return seconds(found.low, end=False), seconds(found.high, end=True)


Spans = tuple[tuple[int, int, int], ...]


def pack_indexed(tokens: tuple[int, ...], dates: Spans) -> bytes:
    """The index rows of a resource: number of token hashes, the hashes, then (hash, low, high) of each range."""
    whole = [len(tokens), *tokens, *(number for span in dates for number in span)]
    return struct.pack(f">{len(whole)}q", *whole)


def unpack_indexed(packed: bytes) -> tuple[tuple[int, ...], Spans]:
    count, *whole = struct.unpack(f">{len(packed) // 8}q", packed)
    rest = whole[count:]
    return tuple(whole[:count]), tuple(zip(rest[0::3], rest[1::3], rest[2::3], strict=True))


def message_row(record: MessageRecord, keyring: Keyring) -> Row:
    def seal(plain: bytes, part: str) -> bytes:
        return keyring.seal(plain, context("message", record.area, part, record.id))

    return (
        record.area, record.id, record.channel, record.sender, record.key, record.content_hash, record.state,
        record.kind, seal(record.request, "request"), seal(record.answer, "answer"),
        seal(_problems_encoder.encode(record.problems), "problems"), micros(record.received_at), record.principal,
        record.subject,
    )  # fmt: skip


def read_message(row: Row, keyring: Keyring) -> MessageRecord:
    (
        area,
        id,
        channel,
        sender,
        key,
        content_hash,
        state,
        kind,
        request,
        answer,
        problems,
        received,
        principal,
        subject,
    ) = row

    def unseal(sealed: bytes, part: str) -> bytes:
        return keyring.open(sealed, context("message", area, part, id))

    return MessageRecord(
        id, area, channel, sender, key, content_hash, MessageState(state), kind, unseal(request, "request"),
        unseal(answer, "answer"), _problems_decoder.decode(unseal(problems, "problems")), instant(received),
        principal, subject,
    )  # fmt: skip


def read_prior(
    *, area: str, id: str, content_hash: bytes, state: str, answer: bytes, subject: str, keyring: Keyring
) -> Prior:
    plain = keyring.open(answer, context("message", area, "answer", id))
    return Prior(MessageState(state), content_hash, plain, subject)


def settlement_row(found: Settlement, keyring: Keyring, seq: int) -> Row:
    return (
        found.area, found.id, found.claim, found.person, found.scheme, found.institution, found.treatment, found.state,
        found.number, found.decided_on.isoformat(), found.period, found.policy_hash, found.fund, found.total,
        found.cancelled_by, found.kind, found.days, found.case_group, found.account, found.booked_on.isoformat(),
        day_text(found.cancelled_on), keyring.seal(found.trace, context("settlement", found.area, "trace", found.id)),
        seq,
    )  # fmt: skip


def read_settlement(row: Row, keyring: Keyring) -> Settlement:
    """`row`: all columns but the last, seq."""
    (area, id, claim, person, scheme, institution, treatment, state, number, decided_on, period, policy_hash, fund,
     total, cancelled_by, kind, days, case_group, account, booked_on, cancelled_on, trace) = row  # fmt: skip
    return Settlement(
        id, area, claim, person, scheme, institution, treatment, SettlementState(state), number,
        date.fromisoformat(decided_on), period, policy_hash, fund, total, cancelled_by,
        keyring.open(trace, context("settlement", area, "trace", id)), kind, days, case_group, account,
        date.fromisoformat(booked_on), date.fromisoformat(cancelled_on) if cancelled_on else None,
    )  # fmt: skip


def day_text(day: date | None) -> str:
    """A day as stored; '' for none."""
    return day.isoformat() if day is not None else ""


DOSSIER_COLUMNS = "kind, id, key, state, period, party, fen, body, version"


def dossier_row(found: Dossier, *, area: str, keyring: Keyring, updated_at: int) -> Row:
    """`found.version`: the version this row is."""
    body = keyring.seal(found.body, context("dossier", area, found.kind, found.id, found.version))
    return (
        area, found.kind, found.id, found.key, found.state, found.period, found.party, found.fen, body, found.version,
        updated_at,
    )  # fmt: skip


def read_dossier(row: Row, *, area: str, keyring: Keyring) -> Dossier:
    """`row`: DOSSIER_COLUMNS."""
    kind, id, key, state, period, party, fen, sealed, version = row
    body = keyring.open(sealed, context("dossier", area, kind, id, version))
    return Dossier(kind, id, key, state, period, party, fen, body, version)
