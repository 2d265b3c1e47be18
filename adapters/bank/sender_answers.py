"""The bank's side of payments: reads our pain.001 and answers with pain.002, debits, a return and the day's statement.

Used by the demo and by partners' own tests. Everything is passed in; the same arguments make the same bytes.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from xml.sax.saxutils import escape

from defusedxml import ElementTree

from adapters.bank.notification import text_at
from adapters.bank.payment import NAMESPACE
from gateway.kernel import money
from gateway.kernel.calendar import BUSINESS_ZONE
from gateway.kernel.money import Fen


class Payment(NamedTuple):
    """One transaction of an instruction: `amount` in yuan, `id` its EndToEndId."""

    id: str
    amount: str
    name: str
    account: str


class Instruction(NamedTuple):
    """A pain.001 as the bank reads it."""

    file: str
    account: str
    payments: tuple[Payment, ...]


class Booking(NamedTuple):
    """One entry of an account: `amount` in yuan, signed (debits negative). `returned`: why it came back, or ''.

    `payer`, `remittance`: of a credit, as its notification told them.
    """

    reference: str
    amount: str
    end_to_end_id: str = ""
    account: str = ""
    returned: str = ""
    file: str = ""
    payer: str = ""
    remittance: str = ""


def read_instruction(body: bytes) -> Instruction:
    """The payments of a pain.001.001.09."""
    root = ElementTree.fromstring(body, forbid_dtd=True)
    for element in root.iter():
        element.tag = element.tag.removeprefix("{" + NAMESPACE + "}")
    part = root.find("CstmrCdtTrfInitn/PmtInf")
    payments = tuple(
        Payment(
            text_at(each, "PmtId/EndToEndId"),
            text_at(each, "Amt/InstdAmt"),
            text_at(each, "Cdtr/Nm"),
            text_at(each, "CdtrAcct/Id/Othr/Id"),
        )
        for each in root.findall("CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf")
    )
    file = text_at(root, "CstmrCdtTrfInitn/GrpHdr/MsgId")
    return Instruction(file, text_at(part, "DbtrAcct/Id/Othr/Id"), payments)


def status_file(
    instruction: Instruction,
    *,
    rejected: Mapping[str, tuple[str, str]],
    message_id: str,
    created_at: datetime,
    status: str = "ACCP",
) -> bytes:
    """A pain.002.001.10 of an instruction. `rejected`: reason code and text by EndToEndId; the others have `status`."""
    whole = "RJCT" if len(rejected) == len(instruction.payments) else "PART" if rejected else status
    rows = "".join(_status(payment, instruction.account, rejected, status) for payment in instruction.payments)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>\n'
        f"<GrpHdr><MsgId>{escape(message_id)}</MsgId><CreDtTm>{_stamp(created_at)}</CreDtTm></GrpHdr>\n"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{escape(instruction.file)}</OrgnlMsgId>"
        f"<OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId><GrpSts>{whole}</GrpSts></OrgnlGrpInfAndSts>\n"
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{escape(instruction.file)}</OrgnlPmtInfId>\n{rows}</OrgnlPmtInfAndSts>\n"
        "</CstmrPmtStsRpt></Document>\n"
    ).encode()


def _status(payment: Payment, account: str, rejected: Mapping[str, tuple[str, str]], status: str) -> str:
    said = f"<TxSts>{status}</TxSts>"
    if payment.id in rejected:
        code, text = rejected[payment.id]
        reason = f"<Rsn><Cd>{escape(code)}</Cd></Rsn><AddtlInf>{escape(text)}</AddtlInf>"
        said = f"<TxSts>RJCT</TxSts><StsRsnInf>{reason}</StsRsnInf>"
    about = (
        f'<OrgnlTxRef><Amt><InstdAmt Ccy="CNY">{payment.amount}</InstdAmt></Amt>'
        f"<DbtrAcct><Id><Othr><Id>{escape(account)}</Id></Othr></Id></DbtrAcct></OrgnlTxRef>"
    )
    return f"<TxInfAndSts><OrgnlEndToEndId>{escape(payment.id)}</OrgnlEndToEndId>{said}{about}</TxInfAndSts>\n"


def bookings_of(instruction: Instruction, *, prefix: str, rejected: Sequence[str] = ()) -> list[Booking]:
    """The debits of an instruction's payments but the rejected ones; references are `prefix` and a number."""
    carried = [payment for payment in instruction.payments if payment.id not in rejected]
    return [
        Booking(f"{prefix}{number}", f"-{payment.amount}", payment.id, payment.account, file=instruction.file)
        for number, payment in enumerate(carried, start=1)
    ]


def notification_file(
    bookings: Sequence[Booking], *, account: str, message_id: str, created_at: datetime, booked_on: date
) -> bytes:
    """A camt.054.001.08 of entries of one account: debits, and payments that came back."""
    entries = "".join(_entry(booking, booked_on) for booking in bookings)
    return _document("camt.054", "BkToCstmrDbtCdtNtfctn", "Ntfctn", account, message_id, created_at, entries)


def statement_file(
    bookings: Sequence[Booking], *, account: str, message_id: str, created_at: datetime, day: date, opening: Fen
) -> bytes:
    """A camt.053.001.08: the balances of a day and all its entries."""
    closing = opening + sum(money.of(booking.amount) for booking in bookings)
    balances = _balance("OPBD", opening, day) + _balance("CLBD", closing, day)
    entries = "".join(_entry(booking, day) for booking in bookings)
    return _document("camt.053", "BkToCstmrStmt", "Stmt", account, message_id, created_at, balances + entries)


def _document(
    message: str, body: str, part: str, account: str, message_id: str, created_at: datetime, inside: str
) -> bytes:
    stamp = _stamp(created_at)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{message}.001.08"><{body}>\n'
        f"<GrpHdr><MsgId>{escape(message_id)}</MsgId><CreDtTm>{stamp}</CreDtTm></GrpHdr>\n"
        f"<{part}><Id>{escape(message_id)}-1</Id><CreDtTm>{stamp}</CreDtTm>"
        f"<Acct><Id><Othr><Id>{escape(account)}</Id></Othr></Id></Acct>\n"
        f"{inside}</{part}></{body}></Document>\n"
    ).encode()


def _entry(booking: Booking, day: date) -> str:
    fen = money.of(booking.amount)
    amount = f'<Amt Ccy="CNY">{money.text(abs(fen))}</Amt>'
    side = f"<CdtDbtInd>{'DBIT' if fen < 0 else 'CRDT'}</CdtDbtInd>"
    file = f"<PmtInfId>{escape(booking.file)}</PmtInfId>" if booking.file else ""
    end = f"<EndToEndId>{escape(booking.end_to_end_id or 'NOTPROVIDED')}</EndToEndId>"
    creditor = f"<CdtrAcct><Id><Othr><Id>{escape(booking.account)}</Id></Othr></Id></CdtrAcct>"
    debtor = f"<Dbtr><Pty><Nm>{escape(booking.payer)}</Nm></Pty></Dbtr>" if booking.payer else ""
    related = f"{debtor}{creditor if booking.account else ''}"
    parties = f"<RltdPties>{related}</RltdPties>" if related else ""
    words = f"<RmtInf><Ustrd>{escape(booking.remittance)}</Ustrd></RmtInf>" if booking.remittance else ""
    back = f"<RtrInf><Rsn><Cd>{escape(booking.returned)}</Cd></Rsn></RtrInf>" if booking.returned else ""
    reference = f"<AcctSvcrRef>{escape(booking.reference)}</AcctSvcrRef>"
    return (
        f"<Ntry>{amount}{side}<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt>"
        f"{reference}<BkTxCd><Prtry><Cd>YB</Cd></Prtry></BkTxCd>"
        f"<NtryDtls><TxDtls><Refs>{reference}{file}{end}</Refs>{amount}{side}{parties}{words}{back}</TxDtls></NtryDtls></Ntry>\n"
    )


def _balance(code: str, fen: Fen, day: date) -> str:
    side = "DBIT" if fen < 0 else "CRDT"
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="CNY">{money.text(abs(fen))}</Amt><CdtDbtInd>{side}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>\n'
    )


def _stamp(at: datetime) -> str:
    return at.astimezone(BUSINESS_ZONE).isoformat(timespec="seconds")
