"""pain.001.001.09: the instruction to pay institutions out of the expenditure account.

Version .09 is the one of SWIFT's customer-to-bank guidelines (CGI-MP) and goes with the CBPR+ messages that Chinese
banks have moved to; its party and bank parts are those of camt.054.001.08 and pain.002.001.10, which come back.

Assumption: the bank routes by CNAPS number (联行号, 12 digits) in ClrSysMmbId; where a payee has none, `NOTPROVIDED`
stands in FinInstnId/Othr as the guidelines say. Transactions are booked one by one (BtchBookg false), so that each
debit comes back with its own EndToEndId.
"""

from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from gateway.contract import Tree
from gateway.kernel import money
from gateway.kernel.calendar import BUSINESS_ZONE, parse_instant

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
LONGEST_ID, LONGEST_NAME, LONGEST_TEXT, LONGEST_ACCOUNT = 35, 140, 140, 34
CURRENCY = "CNY"


def write_payment_file(answer: Tree) -> bytes:
    """The document of a payment file: one payment instruction, one CdtTrfTxInf for each payment. UTF-8.

    AssertionError: ids over 35 characters, no payment, or a total that is not the sum: faults of ours.
    """
    payments = check_payment_file(answer)
    document = Element("Document", {"xmlns": NAMESPACE})
    initiation = SubElement(document, "CstmrCdtTrfInitn")
    header = SubElement(initiation, "GrpHdr")
    _child(header, "MsgId", answer["id"])
    _child(header, "CreDtTm", parse_instant(answer["created"]).astimezone(BUSINESS_ZONE).isoformat(timespec="seconds"))
    _counts(header, answer)
    _child(SubElement(header, "InitgPty"), "Nm", answer["initiator"][:LONGEST_NAME])

    debtor = answer["debtor"]
    part = SubElement(initiation, "PmtInf")
    _child(part, "PmtInfId", answer["id"])
    _child(part, "PmtMtd", "TRF")
    _child(part, "BtchBookg", "false")
    _counts(part, answer)
    _child(SubElement(part, "ReqdExctnDt"), "Dt", answer["day"])
    _child(SubElement(part, "Dbtr"), "Nm", debtor["name"][:LONGEST_NAME])
    _account(part, "DbtrAcct", debtor["account"])
    _bank(part, "DbtrAgt", debtor.get("bank", ""))
    for payment in payments:
        _transaction(part, payment)
    return bytes(tostring(document, encoding="utf-8", xml_declaration=True)) + b"\n"


def check_payment_file(answer: Tree) -> list[Mapping[str, Any]]:
    """The payments of a file of ours, once its sums and the lengths of its ids are what a bank takes."""
    payments: list[Mapping[str, Any]] = answer.get("payment", [])
    assert payments, "a payment file pays somebody"
    ids = [payment["id"] for payment in payments]
    assert len({*ids}) == len(ids), "an EndToEndId is used once"
    assert all(0 < len(id) <= LONGEST_ID for id in (*ids, answer["id"])), "ids have at most 35 characters"
    accounts = [answer["debtor"]["account"], *(payment["account"] for payment in payments)]
    assert all(0 < len(account) <= LONGEST_ACCOUNT for account in accounts), "accounts have at most 34 characters"
    fens = [money.of(payment["amount"]) for payment in payments]
    assert all(fen > 0 for fen in fens), "a payment is above zero"
    assert sum(fens) == money.of(answer["total"]), "the total is the sum of the payments"
    assert len(payments) == int(answer["count"]), "the count is that of the payments"
    return payments


def _transaction(part: Element, payment: Mapping[str, Any]) -> None:
    transaction = SubElement(part, "CdtTrfTxInf")
    ids = SubElement(transaction, "PmtId")
    _child(ids, "InstrId", payment["id"])
    _child(ids, "EndToEndId", payment["id"])
    _child(SubElement(transaction, "Amt"), "InstdAmt", payment["amount"], Ccy=CURRENCY)
    _bank(transaction, "CdtrAgt", payment.get("bank", ""))
    _child(SubElement(transaction, "Cdtr"), "Nm", payment["name"][:LONGEST_NAME])
    _account(transaction, "CdtrAcct", payment["account"])
    if payment.get("text"):
        _child(SubElement(transaction, "RmtInf"), "Ustrd", payment["text"][:LONGEST_TEXT])


def _counts(parent: Element, answer: Tree) -> None:
    _child(parent, "NbOfTxs", str(answer["count"]))
    _child(parent, "CtrlSum", answer["total"])


def _account(parent: Element, name: str, number: str) -> None:
    _child(SubElement(SubElement(SubElement(parent, name), "Id"), "Othr"), "Id", number)


def _bank(parent: Element, name: str, number: str) -> None:
    """FinInstnId of a bank: its CNAPS number, or that there is none."""
    institution = SubElement(SubElement(parent, name), "FinInstnId")
    if number:
        member = SubElement(institution, "ClrSysMmbId")
        _child(SubElement(member, "ClrSysId"), "Cd", "CNAPS")
        _child(member, "MmbId", number)
    else:
        _child(SubElement(institution, "Othr"), "Id", "NOTPROVIDED")


def _child(parent: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(parent, name, attributes).text = text
