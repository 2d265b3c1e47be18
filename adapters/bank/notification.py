"""Elements of camt.053 and camt.054 to records: one per TxDtls, or one per Ntry that has none.

Versions differ in three places, all read here: the amount of a transaction (AmtDtls/TxAmt/Amt before .04), the status
(Sts, or Sts/Cd in .08) and parties (Dbtr, or Dbtr/Pty in .08).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from adapters.bank.amounts import read_amount
from adapters.bank.document import NOTIFICATION, STATEMENT
from adapters.bank.record import BatchFacts, EntryFacts, Party, Record
from adapters.bank.uses import provided
from gateway.kernel.money import Fen
from gateway.kernel.problem import Kind, Problem, Refusal

MAX_RECORDS = 20_000
MAX_REMITTANCE = 500

ACCOUNTS = {NOTIFICATION: "Ntfctn", STATEMENT: "Stmt"}
"""The element of one account, by message."""


@dataclass(frozen=True, slots=True)
class _Detail:
    """One TxDtls, or None for an entry without any; where it stands, and the batch it belongs to."""

    element: Element | None
    place: str
    batch: BatchFacts


def read_records(document: Element, *, most: int = MAX_RECORDS) -> list[Record]:
    """Every record of a document, in its order. Refusal `no-entries`, or `too-many-records` above `most`.

    A notification without entries says nothing; a statement without entries is that of a day on which nothing moved.
    """
    root = document[0]
    message_id = text_at(root, "GrpHdr/MsgId")
    records: list[Record] = []
    name = ACCOUNTS[root.tag]
    for number, notice in enumerate(root.findall(name), start=1):
        account = account_of(notice)
        for position, entry in enumerate(notice.findall("Ntry"), start=1):
            place = f"{name}[{number}]/Ntry[{position}]"
            records.extend(_records_of(entry, place=place, account=account, message_id=message_id))
            if len(records) > most:
                raise Refusal(_too_many(most))
    if not records and root.tag == NOTIFICATION:
        raise Refusal(_no_entries())
    return records


def read_message_id(document: Element) -> str:
    """GrpHdr/MsgId, at most 35 characters of it, or ''."""
    return text_at(document[0], "GrpHdr/MsgId")[:35]


def account_of(notice: Element) -> str:
    """The account that a Ntfctn or Stmt is of, or ''."""
    return text_at(notice, "Acct/Id/IBAN") or text_at(notice, "Acct/Id/Othr/Id")


def _records_of(entry: Element, *, place: str, account: str, message_id: str) -> Iterator[Record]:
    found = list(_details_of(entry, place))
    details = found or [_Detail(None, place, BatchFacts())]
    facts = _entry_facts(entry, details, stated_details=len(found))
    references = _references(entry, details)
    for detail, reference in zip(details, references, strict=True):
        yield _record(entry, detail, facts, reference=reference, account=account, message_id=message_id)


def _details_of(entry: Element, place: str) -> Iterator[_Detail]:
    for number, group in enumerate(entry.findall("NtryDtls"), start=1):
        transactions = group.findall("TxDtls")
        single = len(transactions) == 1
        fens = [read_amount(_amount(entry, element, single=single)[0]) for element in transactions]
        batch = BatchFacts(
            stated_count=text_at(group, "Btch/NbOfTxs"),
            stated_total=text_at(group, "Btch/TtlAmt"),
            counted=len(transactions),
            counted_fen=_total(fens),
        )
        for position, element in enumerate(transactions, start=1):
            yield _Detail(element, f"{place}/NtryDtls[{number}]/TxDtls[{position}]", batch)


def _entry_facts(entry: Element, details: Sequence[_Detail], *, stated_details: int) -> EntryFacts:
    single = len(details) == 1
    amount = entry.find("Amt")
    return EntryFacts(
        amount=text_at(entry, "Amt"),
        currency=amount.get("Ccy", "") if amount is not None else "",
        direction=text_at(entry, "CdtDbtInd"),
        status=text_at(entry, "Sts/Cd") or text_at(entry, "Sts"),
        reversal=text_at(entry, "RvslInd"),
        details=stated_details,
        details_fen=_total([read_amount(_amount(entry, detail.element, single=single)[0]) for detail in details]),
    )


def _record(
    entry: Element, detail: _Detail, facts: EntryFacts, *, reference: str, account: str, message_id: str
) -> Record:
    element = detail.element
    amount, currency, where = _amount(entry, element, single=facts.details <= 1)
    return Record(
        place=detail.place,
        message_id=message_id,
        account=account,
        reference=reference,
        end_to_end_id=text_at(element, "Refs/EndToEndId"),
        amount=amount,
        amount_place=f"{detail.place}/{where}",
        currency=currency,
        direction=text_at(element, "CdtDbtInd") or facts.direction,
        returned=element is not None and element.find("RtrInf") is not None,
        booked=text_at(entry, "BookgDt/Dt") or text_at(entry, "BookgDt/DtTm"),
        valued=text_at(entry, "ValDt/Dt") or text_at(entry, "ValDt/DtTm"),
        entry=facts,
        batch=detail.batch,
        debtor=_party(element, "RltdPties/Dbtr"),
        ultimate_debtor=_party(element, "RltdPties/UltmtDbtr"),
        remittance=_remittance(entry, element),
        creditor_account=text_at(element, "RltdPties/CdtrAcct/Id/IBAN")
        or text_at(element, "RltdPties/CdtrAcct/Id/Othr/Id"),
        payment_file=_payment_file(entry, element),
        reason=(text_at(element, "RtrInf/Rsn/Cd") or text_at(element, "RtrInf/Rsn/Prtry"))[:35],
        reason_text=text_at(element, "RtrInf/AddtlInf")[:MAX_REMITTANCE],
    )


def _payment_file(entry: Element, detail: Element | None) -> str:
    """What a debit says of the instruction it carries out; the first that is there."""
    places = ((detail, "Refs/PmtInfId"), (entry, "NtryDtls/Btch/PmtInfId"))
    more = ((detail, "Refs/MsgId"), (entry, "NtryDtls/Btch/MsgId"))
    return next((found for node, place in (*places, *more) if (found := text_at(node, place))), "")[:35]


def _amount(entry: Element, detail: Element | None, *, single: bool) -> tuple[str, str, str]:
    """Amount, currency and XPath below the record. A sole transaction without an amount has its entry's."""
    places = ["Amt"] if detail is None else ["Amt", "AmtDtls/TxAmt/Amt"]
    for place in places:
        element = (entry if detail is None else detail).find(place)
        if element is not None:
            return (element.text or "").strip(), element.get("Ccy", ""), place
    if detail is not None and single:
        return _amount(entry, None, single=True)
    return "", "", "Amt"


def _references(entry: Element, details: Sequence[_Detail]) -> list[str]:
    """The bank's own reference of each record, unique within its entry; '' when nothing names it.

    A statement repeats a notification's references, so they, and not the file, make a record the same. Banks that
    give all transactions of an entry the entry's reference are told apart by EndToEndId, then by position.
    """
    whole = text_at(entry, "AcctSvcrRef")
    bases = [text_at(detail.element, "Refs/AcctSvcrRef") or whole for detail in details]
    ends = [_end_to_end(detail.element) for detail in details]
    first = [base or end for base, end in zip(bases, ends, strict=True)]
    repeated = Counter(first)
    second = [
        f"{base}/{end}" if base and end and repeated[base] > 1 else name
        for name, base, end in zip(first, bases, ends, strict=True)
    ]
    repeated = Counter(second)
    return [
        f"{name}#{position}" if name and repeated[name] > 1 else name for position, name in enumerate(second, start=1)
    ]


def _end_to_end(detail: Element | None) -> str:
    return provided(text_at(detail, "Refs/EndToEndId"))


def _party(detail: Element | None, place: str) -> Party:
    found = detail.find(place) if detail is not None else None
    if found is None:
        return Party()
    party = found.find("Pty")
    party = found if party is None else party
    numbers = [
        text_at(other, "Id")
        for other in party.findall("Id/PrvtId/Othr")
        if text_at(other, "SchmeNm/Cd").upper() == "NIDN"
    ]
    return Party(text_at(party, "Nm")[:140], numbers[0][:35] if numbers else "")


def _remittance(entry: Element, detail: Element | None) -> tuple[str, ...]:
    if detail is None:
        lines = [text_at(entry, "AddtlNtryInf")]
    else:
        places = ("RmtInf/Ustrd", "RmtInf/Strd/CdtrRefInf/Ref", "RmtInf/Strd/AddtlRmtInf", "AddtlTxInf")
        lines = [(element.text or "").strip() for place in places for element in detail.findall(place)]
    return tuple(line[:MAX_REMITTANCE] for line in lines if line)[:20]


def _total(fens: Sequence[Fen | None]) -> Fen | None:
    known = [fen for fen in fens if fen is not None]
    return sum(known) if len(known) == len(fens) else None


def text_at(element: Element | None, place: str) -> str:
    """The trimmed text at a place below an element, or ''."""
    found = element.find(place) if element is not None else None
    return (found.text or "").strip() if found is not None else ""


def _too_many(most: int) -> Problem:
    return Problem(
        Kind.TOO_LARGE,
        "too-many-records",
        "Ntfctn",
        f"the file holds over {most} transactions: send them in several files",
        f"文件超过{most}笔交易:请分多个文件报送",
    )


def _no_entries() -> Problem:
    return Problem(
        Kind.INVALID,
        "no-entries",
        "Ntfctn/Ntry",
        "the notification holds no entry: send at least one Ntry, or no file at all",
        "通知中没有入账条目:至少应有一个Ntry,否则无需发送",
    )
