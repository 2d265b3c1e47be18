"""Claims as a back-test takes them: one compact JSON record each, in the order of persons and their settlements."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

import msgspec

from gateway.kernel.calendar import Period
from gateway.kernel.money import Fen
from gateway.kernel.problem import Kind, Problem, Refusal
from gateway.settlement.claim import Claim, Counters, Layer
from gateway.store.store import Store


class Row(NamedTuple):
    """One settlement in force. `number`: running within the person; `record`: JSON of a `Record`."""

    person: str
    number: int
    record: bytes


class Record(msgspec.Struct, frozen=True):
    """What `settlement.record` wrote, as far as a back-test needs it. Lines come without the catalogue's terms.

    `drawn`: from the person's and the family's accounts between the stated balances and the decision.
    """

    claim: Claim
    total: Fen
    funds: dict[str, Fen]
    account: Fen
    institution_share: Fen
    cash: Fen
    moved: list[tuple[Layer, Period, Counters]]
    drawn: tuple[Fen, Fen] = (0, 0)


class _Trace(msgspec.Struct, frozen=True):
    record: msgspec.Raw = msgspec.Raw(b"")


_trace_decoder = msgspec.json.Decoder(_Trace)
_record_decoder = msgspec.json.Decoder(Record)


def read_record(record: bytes) -> Record:
    """The record of a row."""
    return _record_decoder.decode(record)


def stored_rows(store: Store, scheme: str, *, from_on: date, to_on: date) -> Iterator[Row]:
    """The rows of every settlement in force whose benefit year the span touches.

    Claims of those years outside the span are what a person had used before. Refusal: `no-record`.
    """
    first, last = date(from_on.year, 1, 1), date(to_on.year, 12, 31)
    for settlement in store.settlements_in_force(scheme, from_on=first, to_on=last):
        record = bytes(_trace_decoder.decode(settlement.trace).record)
        if not record:
            raise Refusal(_no_record(settlement.id))
        yield Row(settlement.person, settlement.number, record)


def chunks(rows: Iterable[Row], *, size: int) -> Iterator[list[bytes]]:
    """Records in lists of about a size, each person's all in one list."""
    chunk: list[bytes] = []
    last = ""
    for row in rows:
        if len(chunk) >= size and row.person != last:
            yield chunk
            chunk = []
        chunk.append(row.record)
        last = row.person
    if chunk:
        yield chunk


def _no_record(id: str) -> Problem:
    return Problem(
        Kind.UNSUPPORTED,
        "no-record",
        f"ClaimResponse/{id}",
        "this settlement was decided before its facts were kept: begin the span after the last of its kind",
        "该结算作出时尚未留存结算依据,无法重算:请把起始日定在此类结算之后",
    )
