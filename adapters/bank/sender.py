"""The bank's side: camt.054 files for given credits, in any version and character set the feed reads, and the answers
to payment instructions (`sender_answers`).

Used by the demo and by partners' own tests. Everything is passed in, also the instant: the same arguments make the
same bytes.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from xml.sax.saxutils import escape

from adapters.bank import sender_answers as answers
from gateway.kernel import money
from gateway.kernel.calendar import BUSINESS_ZONE


class Credit(NamedTuple):
    """One contribution received: `amount` in yuan ('120.00'), `reference` the bank's own. '' leaves an element out."""

    citizen_id: str
    name: str
    amount: str
    reference: str
    year: str = "2015"
    end_to_end_id: str = ""
    remittance: str | None = None  # other words than the agreed YB/<year>/<citizen ID>/<name>


class BankSender:
    """Builders under one name, found as `SENDER`."""

    feed = "bank"
    credit = Credit
    booking = answers.Booking
    instruction = answers.Instruction
    payment = answers.Payment
    read_instruction = staticmethod(answers.read_instruction)
    status_file = staticmethod(answers.status_file)
    bookings_of = staticmethod(answers.bookings_of)
    notification_file = staticmethod(answers.notification_file)
    statement_file = staticmethod(answers.statement_file)

    @staticmethod
    def credit_file(
        credits: Sequence[Credit | tuple[str, str, str, str]],
        *,
        account: str,
        message_id: str,
        created_at: datetime,
        booked_on: date,
        version: str = "08",
        charset: str = "UTF-8",
        batch: bool = False,
    ) -> bytes:
        """A notification of these credits: one Ntry each, or one Ntry with one TxDtls each when `batch`.

        `charset`: UTF-8 or GB18030. Standard: ISO 20022 camt.054.001.<version>.
        """
        rows = [Credit(*credit) for credit in credits]
        groups = [rows] if batch else [[row] for row in rows]
        booked = booked_on.isoformat()
        entries = "".join(_entry(group, booked=booked, version=version, message_id=message_id) for group in groups)
        stamp = created_at.astimezone(BUSINESS_ZONE).isoformat(timespec="seconds")
        text = (
            f'<?xml version="1.0" encoding="{charset}"?>\n'
            f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.{version}"><BkToCstmrDbtCdtNtfctn>\n'
            f"<GrpHdr><MsgId>{escape(message_id)}</MsgId><CreDtTm>{stamp}</CreDtTm></GrpHdr>\n"
            f"<Ntfctn><Id>{escape(message_id)}-1</Id><CreDtTm>{stamp}</CreDtTm>"
            f"<Acct><Id><Othr><Id>{escape(account)}</Id></Othr></Id></Acct>\n"
            f"{entries}</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>\n"
        )
        return text.encode("gb18030" if charset.upper() == "GB18030" else "utf-8")


def _entry(rows: Sequence[Credit], *, booked: str, version: str, message_id: str) -> str:
    total = rows[0].amount if len(rows) == 1 else money.text(sum(money.of(row.amount) for row in rows))
    reference = rows[0].reference if len(rows) == 1 else f"{message_id}-B"
    status = "<Sts><Cd>BOOK</Cd></Sts>" if version == "08" else "<Sts>BOOK</Sts>"
    summary = f'<Btch><NbOfTxs>{len(rows)}</NbOfTxs><TtlAmt Ccy="CNY">{total}</TtlAmt></Btch>' if len(rows) > 1 else ""
    details = "".join(_detail(row, version) for row in rows)
    return (
        f'<Ntry><Amt Ccy="CNY">{total}</Amt><CdtDbtInd>CRDT</CdtDbtInd>{status}'
        f"<BookgDt><Dt>{booked}</Dt></BookgDt><ValDt><Dt>{booked}</Dt></ValDt>"
        f"{_tag('AcctSvcrRef', reference)}<BkTxCd><Prtry><Cd>YB</Cd></Prtry></BkTxCd>\n"
        f"<NtryDtls>{summary}{details}</NtryDtls></Ntry>\n"
    )


def _detail(row: Credit, version: str) -> str:
    amount = f'<Amt Ccy="CNY">{row.amount}</Amt>'
    amount = f"<AmtDtls><TxAmt>{amount}</TxAmt></AmtDtls>" if version in ("02", "03") else f"{amount}{_CREDIT}"
    party = _tag("Nm", row.name)
    party = f"<Pty>{party}</Pty>" if version == "08" else party
    words = f"YB/{row.year}/{row.citizen_id}/{row.name}" if row.remittance is None else row.remittance
    remittance = f"<RmtInf>{_tag('Ustrd', words)}</RmtInf>" if words else ""
    references = f"{_tag('AcctSvcrRef', row.reference)}{_tag('EndToEndId', row.end_to_end_id or 'NOTPROVIDED')}"
    return (
        f"<TxDtls><Refs>{references}</Refs>{amount}<RltdPties><Dbtr>{party}</Dbtr></RltdPties>{remittance}</TxDtls>\n"
    )


def _tag(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>" if text else ""


_CREDIT = "<CdtDbtInd>CRDT</CdtDbtInd>"

SENDER = BankSender()
