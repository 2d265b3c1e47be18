"""Answers to the bank: ISO 20022 admi.007.001.01, receipt acknowledgement.

One Rpt for each transaction and each of its problems: RltdRef/Ref is the bank's own reference, RltdRef/MsgNm the
message it came in, StsCd ACCP or RJCT, Desc the code and the Chinese text (140 characters at most). The full text in
both languages stands in SplmtryData, named by the place in the bank's file. A file's answer opens with one Rpt for the
whole: ACCP, PART or RJCT, and the counts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, fromstring, register_namespace, tostring

from gateway.contract import Context
from gateway.kernel.calendar import BUSINESS_ZONE
from gateway.kernel.problem import Problem

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:admi.007.001.01"
TEXT_NAMESPACE = "https://gateway.example/fhir/bank-problem"
ACCEPTED, PARTLY, REJECTED = "ACCP", "PART", "RJCT"
UNKNOWN_REFERENCE = "NOTPROVIDED"

register_namespace("", NAMESPACE)
register_namespace("problem", TEXT_NAMESPACE)


@dataclass(frozen=True, slots=True)
class Line:
    """One Rpt: whose reference, which status, and what to say. `problem`: repeated in full in SplmtryData."""

    reference: str
    status: str
    text: str
    problem: Problem | None = None
    message: str = "camt.054"


def accepted(reference: str, words: Iterable[str], *, message: str = "camt.054") -> Line:
    """The line of what was taken. `words`: what it did, then doubts; empty ones are left out."""
    return Line(reference, ACCEPTED, "; ".join(word for word in words if word), message=message)


def refused(reference: str, problems: Iterable[Problem], *, message: str = "camt.054") -> list[Line]:
    """One line for each problem."""
    return [Line(reference, REJECTED, f"{p.code}: {p.zh}", p, message) for p in problems]


def write_receipt(lines: Sequence[Line], context: Context) -> bytes:
    """The admi.007 document with these lines."""
    document, receipt = _open(context)
    for line in lines:
        receipt.append(_report(line, context))
    receipt.extend(_supplement(line.problem) for line in lines if line.problem)
    return _bytes(document)


def merge_receipts(receipts: Sequence[bytes], *, reference: str, message: str, context: Context) -> bytes:
    """One receipt for a file out of the receipts of its records, in their order, opened by the counts."""
    parts = [fromstring(receipt) for receipt in receipts]
    bodies = [parts_of(part, "Rpt") for part in parts]
    good = sum(status_of(reports[0]) == ACCEPTED for reports in bodies)
    bad = len(bodies) - good
    status = REJECTED if not good else PARTLY if bad else ACCEPTED
    text = f"共{len(bodies)}笔,接受{good}笔,拒绝{bad}笔 / {len(bodies)} records, {good} accepted, {bad} refused"

    document, receipt = _open(context)
    receipt.append(_report(Line(reference, status, text, message=message), context))
    for reports in bodies:
        receipt.extend(reports)
    for one in parts:
        receipt.extend(parts_of(one, "SplmtryData"))
    return _bytes(document)


def parts_of(document: Element, name: str) -> list[Element]:
    """The elements of one name of a receipt's body."""
    return document.findall(f"{{{NAMESPACE}}}RctAck/{{{NAMESPACE}}}{name}")


def status_of(report: Element) -> str:
    """ACCP, PART or RJCT of a Rpt."""
    return report.findtext(f"{{{NAMESPACE}}}ReqHdlg/{{{NAMESPACE}}}StsCd", "")


def _open(context: Context) -> tuple[Element, Element]:
    document = Element(f"{{{NAMESPACE}}}Document")
    receipt = _child(document, "RctAck")
    header = _child(receipt, "MsgId")
    _child(header, "MsgId", context.reference[:35])
    _child(header, "CreDtTm", _instant(context))
    return document, receipt


def _report(line: Line, context: Context) -> Element:
    report = Element(f"{{{NAMESPACE}}}Rpt")
    related = _child(report, "RltdRef")
    _child(related, "Ref", line.reference[:35] or UNKNOWN_REFERENCE)
    _child(related, "MsgNm", line.message)
    handling = _child(report, "ReqHdlg")
    _child(handling, "StsCd", line.status)
    _child(handling, "StsDtTm", _instant(context))
    _child(handling, "Desc", line.text[:140])
    return report


def _supplement(problem: Problem) -> Element:
    data = Element(f"{{{NAMESPACE}}}SplmtryData")
    if problem.path:
        _child(data, "PlcAndNm", problem.path[:350])
    said = SubElement(_child(data, "Envlp"), f"{{{TEXT_NAMESPACE}}}Problem", {"code": problem.code})
    for name, text in (("zh", problem.zh), ("en", problem.en)):
        SubElement(said, f"{{{TEXT_NAMESPACE}}}{name}").text = text
    return data


def _child(parent: Element, name: str, text: str | None = None) -> Element:
    element = SubElement(parent, f"{{{NAMESPACE}}}{name}")
    element.text = text
    return element


def _instant(context: Context) -> str:
    return context.now.astimezone(BUSINESS_ZONE).isoformat(timespec="seconds")


def _bytes(document: Element) -> bytes:
    return bytes(tostring(document, encoding="utf-8", xml_declaration=True))
