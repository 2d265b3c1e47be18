"""One record of a camt.053 or camt.054 file: a transaction (TxDtls), or an entry that came without transactions.

A record carries everything its own acceptance needs (the facts of its entry, batch and account), so that it can be
stored, repeated and refused alone. Values are the sender's text, unchecked.
"""

from dataclasses import dataclass
from typing import TypeVar

import msgspec

from adapters.bank.amounts import read_amount, read_booking_day
from adapters.bank.uses import Use, use_of
from gateway.kernel.problem import Kind, Problem, Refusal

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Party:
    """A debtor: name and the national identity number (scheme NIDN) the bank knows it by, or ''."""

    name: str = ""
    citizen_id: str = ""


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """What the record's entry (Ntry) says. `details_fen`: sum of its transactions; None when one is unreadable."""

    amount: str
    currency: str
    direction: str
    status: str
    reversal: str
    details: int
    details_fen: int | None


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """The Btch that covers the record, as stated and as counted. Stated values are '' when absent."""

    stated_count: str = ""
    stated_total: str = ""
    counted: int = 0
    counted_fen: int | None = 0


@dataclass(frozen=True, slots=True)
class Record:
    """`place` and `amount_place` are XPaths from the message's element; days are ISO dates or date-times as sent.

    `payment_file`: PmtInfId or MsgId of the instruction that a debit names; `reason`: why a payment came back.
    """

    place: str
    message_id: str
    account: str
    reference: str
    end_to_end_id: str
    amount: str
    amount_place: str
    currency: str
    direction: str
    returned: bool
    booked: str
    valued: str
    entry: EntryFacts
    batch: BatchFacts
    debtor: Party
    ultimate_debtor: Party
    remittance: tuple[str, ...]
    creditor_account: str = ""
    payment_file: str = ""
    reason: str = ""
    reason_text: str = ""

    @property
    def use(self) -> Use:
        """What the entry is for us."""
        return use_of(
            direction=self.entry.direction,
            reversal=self.entry.reversal,
            returned=self.returned,
            end_to_end_id=self.end_to_end_id,
        )


_DECODER = msgspec.json.Decoder(Record, strict=True)


def write_record(record: Record) -> bytes:
    """The canonical bytes of a record: what is kept of it and handed on."""
    return msgspec.json.encode(record)


def read_record(body: bytes) -> Record:
    """The record of such bytes. Refusal `not-a-bank-record` for anything else, such as a whole file."""
    return read_kept(body, _DECODER)


def read_kept(body: bytes, decoder: msgspec.json.Decoder[T]) -> T:
    """What was kept of one part of a file. Refusal `not-a-bank-record` for anything else."""
    try:
        return decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refusal(
            Problem(
                Kind.MALFORMED,
                "not-a-bank-record",
                "",
                "this is not one record of a bank's file: send the file itself, it is split here",
                "这不是银行文件中的一条记录:请发送完整文件,由系统拆分",
            )
        ) from None


def business_content(record: Record) -> bytes:
    """What makes a repeat a repeat: amount, day, payer and words; not the file or the place it came in."""
    fen = read_amount(record.amount)
    booked_on = read_booking_day(record.booked)
    amount = (record.amount if fen is None else fen, record.currency, record.direction)
    day = booked_on.isoformat() if booked_on else record.booked
    parties = (record.debtor, record.ultimate_debtor)
    paid = (record.end_to_end_id,) if record.use is not Use.CONTRIBUTION else ()
    return msgspec.json.encode((amount, day, parties, record.remittance, *paid), order="deterministic")
