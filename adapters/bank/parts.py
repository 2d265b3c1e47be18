"""The parts a file is split into, as they are kept: an entry, a status, or a statement.

The first member of the kept JSON tells them apart, so that records kept before the others existed still read.
"""

import hashlib
from typing import TypeAlias

import msgspec

from adapters.bank.payment_status import StatusRecord, read_status
from adapters.bank.record import Record, business_content, read_record
from adapters.bank.statement import Statement, read_statement

Part: TypeAlias = Record | StatusRecord | Statement


def write_part(part: Part) -> bytes:
    """The canonical bytes of a part: what is kept of it and handed on."""
    return msgspec.json.encode(part)


def read_part(body: bytes) -> Part:
    """The part of such bytes. Refusal `not-a-bank-record` for anything else, such as a whole file."""
    if body.startswith(b'{"status_place"'):
        return read_status(body)
    if body.startswith(b'{"statement_place"'):
        return read_statement(body)
    return read_record(body)


def key_of(part: Part) -> str:
    """The id of the message, unique for its account. A status is one for each state that a payment comes to."""
    match part:
        case StatusRecord():
            about = part.end_to_end_id or _excepting(part)
            return "|".join(["pain.002", part.file, about, part.status])
        case Statement():
            return f"camt.053|{part.id}"
        case Record():
            return part.reference


def _excepting(part: StatusRecord) -> str:
    """'*' for a whole file; with transactions told apart, their hash too: another set is another message."""
    if not part.excepted:
        return "*"
    return "*-" + hashlib.sha256("|".join(part.excepted).encode()).hexdigest()[:12]


def content_of(part: Part) -> bytes:
    """What makes a repeat a repeat: not the file it came in, nor its place there, nor the words for a status."""
    match part:
        case StatusRecord():
            said = (part.file, part.end_to_end_id, part.status, part.amount, part.excepted)
            return msgspec.json.encode(said)
        case Statement():
            return msgspec.json.encode((part.id, part.day, part.opening, part.closing, part.lines))
        case Record():
            return business_content(part)
