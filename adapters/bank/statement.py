"""camt.053 to one record an account: the day's balances and everything booked on it, as the proof of the day.

The entries of a statement are also messages of their own (see `notification`), so money that no notification told is
posted from the statement. This record is what the day is compared with.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from xml.etree.ElementTree import Element

import msgspec

from adapters.bank.amounts import read_amount, read_booking_day
from adapters.bank.notification import account_of, text_at
from adapters.bank.record import Record, read_kept
from gateway.kernel import money
from gateway.kernel.money import Fen
from gateway.kernel.problem import Kind, Problem

OPENING, CLOSING = ("OPBD", "PRCD"), ("CLBD",)
_ACCOUNT = re.compile(r"[A-Za-z0-9-]{1,34}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as it was stated. `booked`: its day as sent."""

    reference: str
    end_to_end_id: str
    direction: str
    amount: str
    booked: str
    status: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One Stmt. Balances are signed yuan as text, '' where the bank states none."""

    statement_place: str
    message_id: str
    account: str
    id: str
    day: str
    opening: str
    closing: str
    lines: tuple[Line, ...]

    @property
    def reference(self) -> str:
        """The bank's own name for the statement."""
        return self.id


_DECODER = msgspec.json.Decoder(Statement, strict=True)


def read_statement(body: bytes) -> Statement:
    """The record of kept bytes. Refusal `not-a-bank-record`."""
    return read_kept(body, _DECODER)


def read_statements(document: Element, records: Sequence[Record]) -> list[Statement]:
    """One record for each Stmt of a camt.053 document. `records`: those of all its entries."""
    root = document[0]
    found = []
    for number, element in enumerate(root.findall("Stmt"), start=1):
        place = f"Stmt[{number}]"
        lines = tuple(_line(record) for record in records if record.place.startswith(place + "/"))
        found.append(
            Statement(
                statement_place=place,
                message_id=text_at(root, "GrpHdr/MsgId")[:35],
                account=account_of(element),
                id=text_at(element, "Id"),
                day=_day(element),
                opening=_balance(element, OPENING),
                closing=_balance(element, CLOSING),
                lines=lines,
            )
        )
    return found


def _line(record: Record) -> Line:
    status = record.entry.status
    booked = record.booked or record.valued
    return Line(record.reference, record.end_to_end_id, record.direction, record.amount, booked, status)


def _day(element: Element) -> str:
    """The day a statement is of: of its closing balance, else the end of its span, else of its making."""
    closing = [each for each in element.findall("Bal") if text_at(each, "Tp/CdOrPrtry/Cd") in CLOSING]
    texts = [text_at(each, f"Dt/{kind}") for each in closing for kind in ("Dt", "DtTm")]
    texts += [text_at(element, place) for place in ("FrToDt/ToDtTm", "FrToDt/ToDt", "CreDtTm")]
    return next((text for text in texts if text), "")


def _balance(element: Element, codes: Sequence[str]) -> str:
    for each in element.findall("Bal"):
        if text_at(each, "Tp/CdOrPrtry/Cd") in codes:
            sign = "-" if text_at(each, "CdtDbtInd") == "DBIT" else ""
            return sign + text_at(each, "Amt")
    return ""


def statement_day(statement: Statement) -> date | None:
    """The business day of a statement."""
    return read_booking_day(statement.day)


def booked_lines(statement: Statement) -> list[Line]:
    """The entries that count: pending and informational ones have not moved anything."""
    return [line for line in statement.lines if line.status == "BOOK"]


def signed(line: Line) -> Fen:
    """Fen of an entry, debits negative; 0 where the amount cannot be read."""
    fen = read_amount(line.amount) or 0
    return -fen if line.direction == "DBIT" else fen


def check_statement_key(statement: Statement) -> list[Problem]:
    """Problems with what names the statement: its account and its Id."""
    problems = []
    if not _ACCOUNT.fullmatch(statement.account):
        problems.append(_no_account(statement.statement_place))
    if not 0 < len(statement.id) <= 35 or not statement.id.isprintable():
        problems.append(_no_id(statement.statement_place))
    return problems


def check_statement(statement: Statement) -> list[Problem]:
    """Every reason why the statement proves nothing: no day, amounts that cannot be read, sums that do not add up."""
    place, day = statement.statement_place, statement_day(statement)
    problems = []
    if day is None:
        problems.append(_no_day(place))
    if any(read_booking_day(line.booked) != day for line in booked_lines(statement)):
        problems.append(_other_day(place))
    amounts = [_balance_fen(text) for text in (statement.opening, statement.closing)]
    if any(fen is None for text, fen in zip((statement.opening, statement.closing), amounts, strict=True) if text):
        problems.append(_bad_balance(place))
    opening, closing = amounts
    moved = sum(signed(line) for line in booked_lines(statement))
    if opening is not None and closing is not None and opening + moved != closing:
        problems.append(_sums(place, counted=money.text(opening + moved)))
    return problems


def _balance_fen(text: str) -> Fen | None:
    """Fen of a balance, which may be zero or negative; None where there is none."""
    if not re.fullmatch(r"-?[0-9]{1,16}(?:\.[0-9]{0,2})?", text, re.ASCII):
        return None
    try:
        return money.of(text)
    except ValueError:
        return None


def _no_account(place: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "missing-account",
        f"{place}/Acct/Id",
        "the account is not named: send IBAN or Othr/Id, at most 34 letters, digits or hyphens",
        "缺少账号:请填写IBAN或Othr/Id,最多34位字母、数字或连字符",
    )


def _no_id(place: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "missing-reference",
        f"{place}/Id",
        "the statement has no number of its own: send Id, at most 35 characters",
        "对账单没有编号:请填写Id,不超过35个字符",
    )


def _no_day(place: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "bad-day",
        f"{place}/Bal/Dt",
        "the day of the statement is missing or does not exist: send the closing balance with Dt as YYYY-MM-DD",
        "缺少对账单日期或日期不存在:请在期末余额填写Dt(YYYY-MM-DD)",
    )


def _other_day(place: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "statement-several-days",
        f"{place}/Ntry/BookgDt",
        "entries are booked on another day than the statement's: send one statement for each day",
        "条目入账日与对账单日期不一致:请每日一份对账单",
    )


def _bad_balance(place: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "bad-amount",
        f"{place}/Bal/Amt",
        "a balance is not an amount with at most two decimals: send it like 120.00, with CdtDbtInd",
        "余额不合规:格式如120.00,并填写CdtDbtInd",
    )


def _sums(place: str, *, counted: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "statement-sum",
        f"{place}/Bal",
        f"opening balance and entries make {counted}, not the closing balance: send the statement with all its entries",
        f"期初余额与当日发生额合计为{counted},与期末余额不符:请补全条目后重新发送",
    )
