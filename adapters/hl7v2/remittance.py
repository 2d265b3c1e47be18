"""EHC^E15, payment and remittance advice: what an institution is paid for a month, line by line.

    PMT        1 the remittance, 2 and 5 when it was made and is paid, 3 a year later, 4 TRAC (transfer to an account),
               6 the amount paid, 7 the EndToEndId of the payment, 11 the agency that pays
    PYE        the institution
    IPR … PSL  one group a settlement, or a day where there are too many: IPR-1, IVC-1 and PSL-1 its number, IPR-4
               status (HL7 table 0571), IPR-6 and the amounts below it what is paid for it, IPR-8 checksum
    ADJ        one at the end for everything else: the method's difference, deductions, deposit, advance, carried; 5 its
               signed amount, 7 its kind, 8 its words

Reading: IPR-6 of the groups and ADJ-5 at the end add up to PMT-6. An advice expires a year after it was made: PMT-3 is
required and nothing here depends on it. A hospital's own invoice number is not in a remittance, so the number of the
settlement, which every answer gave it, stands for both sides.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from adapters.hl7v2.answer import checksum
from adapters.hl7v2.charset import UTF8
from adapters.hl7v2.er7 import encode
from adapters.hl7v2.refusal import write_header
from adapters.hl7v2.write import amount, coded, stamp, write_segment
from gateway.contract import Context, Tree
from gateway.kernel import money
from gateway.kernel.calendar import BUSINESS_ZONE, parse_day, parse_instant

TYPE = "EHC_E15"
VERSION = "2.7"
LINES = frozenset({"settlement", "day"})
EXPIRES = timedelta(days=365)
ADJUSTMENT_SYSTEM, LINE_SYSTEM = "99ADJ", "99LINE"
TITLES = {"settlement": "医疗费结算 / settlement", "day": "当日结算合计 / settlements of a day"}


def write_remittance(answer: Tree, context: Context) -> bytes:
    """The message, in UTF-8. AssertionError when the lines are not the amount paid: a fault of ours."""
    lines: list[Tree] = answer.get("line", [])
    paid = answer["amount"]
    assert sum(money.of(line["amount"]) for line in lines) == money.of(paid), "the lines are what is paid"

    segments = [("PMT", _pmt(answer, context)), ("PYE", _pye(answer))]
    others = [line for line in lines if line["kind"] not in LINES]
    for line in lines:
        if line["kind"] in LINES:
            segments += _group(line, answer, context)
    made = stamp(parse_instant(answer["created"]))
    segments += [("ADJ", _adj(line, number, answer, made)) for number, line in enumerate(others, start=1)]
    to = {3: answer["institution"]["id"], 4: answer["institution"]["id"]}
    msh = write_header(to, context, UTF8, version=VERSION, message_type={1: "EHC", 2: "E15", 3: TYPE})
    return encode([msh, *(write_segment(name, fields, UTF8) for name, fields in segments)], UTF8)


def _pmt(answer: Tree, context: Context) -> Mapping[Any, Any]:
    created = parse_instant(answer["created"])
    return {
        1: {1: answer["id"]},
        2: stamp(created),
        3: stamp(created + EXPIRES),
        4: coded("TRAC", "", "HL70570"),
        5: _day(answer["paid_on"]),
        6: amount(answer["amount"]),
        7: {1: answer["payment"]} if answer.get("payment") else None,
        11: _agency(context),
    }


def _pye(answer: Tree) -> Mapping[Any, Any]:
    return {1: "1", 2: coded("ORG", "", "HL70557"), 4: _institution(answer)}


def _institution(answer: Tree) -> Mapping[int, str]:
    institution = answer["institution"]
    return {1: str(institution.get("name") or institution["id"]), 10: institution["id"]}


def _agency(context: Context) -> Mapping[int, str]:
    return {1: f"agency-{context.area}", 10: context.area}


def _group(line: Tree, answer: Tree, context: Context) -> Iterator[tuple[str, Mapping[Any, Any]]]:
    """IPR, IVC, PSS, PSG and PSL of one settlement or day, all of the same amount."""
    number = str(line.get("reference") or line["on"])
    on = _day(line.get("on") or answer["paid_on"])
    fen = str(line["amount"])
    status = answer["status"]
    ids = {1: number}
    check = checksum(number, number, status, fen, [(number, fen)])
    yield "IPR", {1: ids, 2: ids, 3: ids, 4: coded(status, "", "HL70571"), 5: on, 6: amount(fen), 8: check}
    yield (
        "IVC",
        {
            1: ids,
            2: ids,
            4: coded("OR", "", "HL70553"),
            5: coded("NORM", "", "HL70554"),
            6: coded("FS", "", "HL70555"),
            7: on,
            8: amount(fen),
            10: _institution(answer),
            11: _agency(context),
            25: coded(answer.get("scheme") or "basic"),
        },
    )
    title = TITLES[line["kind"]]
    yield "PSS", {1: {1: "1"}, 3: "1", 4: amount(fen), 5: "ALL"}
    yield "PSG", {1: {1: "1"}, 3: "1", 4: "Y", 5: amount(fen), 6: "ALL"}
    code = coded(line["kind"], title, LINE_SYSTEM)
    yield "PSL", {1: ids, 2: ids, 3: "1", 6: coded("P", "", "HL70559"), 7: code, 16: amount(fen), 21: "N"}


def _adj(line: Tree, number: int, answer: Tree, made: str) -> Mapping[Any, Any]:
    id = f"{answer['id']}-{number}"
    fund = f"[{line['fund']}] " if line.get("fund") else ""
    return {
        1: {1: id},
        2: {1: id},
        3: str(number),
        4: coded("EA", "", "HL70564"),
        5: amount(str(line["amount"])),
        7: coded(line["kind"], "", ADJUSTMENT_SYSTEM),
        8: fund + str(line.get("text") or line["kind"]),
        12: {1: str(line["reference"])} if line.get("reference") else None,
        14: _day(line["on"]) if line.get("on") else made,
    }


def _day(text: str) -> str:
    return stamp(datetime.combine(parse_day(text), time(), BUSINESS_ZONE))
