"""EHC^E10, the adjudication result: what was decided, in the sender's own invoice, sections, groups and lines.

    IPR        1 and 3 our settlement id (the gateway's reference for a trial), 2 the sender's invoice number,
               4 status (HL7 table 0571), 6 what the fund pays, 8 checksum (see `checksum`)
    NTE        the whole invoice: one a total, amount in NTE-3 and its name in NTE-4 (`deductible^起付线^99TOTAL`),
               then the notes of the decision in Chinese and English
    PSL, ADJ   the line as it was sent; one ADJ for each cut, category EA, reason in ADJ-7, amount in ADJ-5:
               billed − own-expense − over-limit − first-payment = what the policy counts

Totals stand in NTE and not in ADJ because an ADJ of an E10 belongs to a line: a receiver that adds up the adjustments
of a line must not find the deductible of the stay in it. A cancellation is answered with every amount negated.
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from adapters.hl7v2.charset import UTF8, Charset, named
from adapters.hl7v2.er7 import encode
from adapters.hl7v2.refusal import write_header
from adapters.hl7v2.sums import at
from adapters.hl7v2.write import amount, coded, stamp, write_segment
from gateway.contract import Context, Message, Tree
from gateway.kernel import money

CUTS = {
    "own-expense": "目录外自费 / outside the catalogue",
    "over-limit": "超限价 / above the price ceiling",
    "first-payment": "先行自付 / first payment",
}
TOTALS = {
    "submitted": "费用总额 / submitted",
    "own-expense": "全自费 / own expense",
    "over-limit": "超限价自费 / over limit",
    "first-payment": "先行自付 / first payment",
    "in-scope": "符合政策范围 / in scope",
    "deductible": "起付线 / deductible",
    "counted": "计入累计 / counted",
    "fund-total": "基金支付 / paid by the fund",
    "account": "个人账户支付 / paid from the personal account",
    "cash": "个人现金支付 / paid in cash",
    "institution-share": "医院负担 / borne by the institution",
}
TOTAL_SYSTEM = "99TOTAL"
REASON_SYSTEM = "99ADJ"
ZERO = "0.00"
PAYER_ID_TYPE = "NIIP"
"""CX.5 of IN1-3, HL7 table 0203: national insurance payor identifier."""


def write_answer(message: Message, answer: Tree, context: Context) -> bytes:
    """The E10 for a message and what its mapping's answer rows made (see mappings/hl7v2)."""
    request = message.tree
    charset = _charset(request)
    totals = {total["code"]: total["amount"] for total in answer.get("total", [])}
    number = answer.get("settlement", {}).get("id") or context.reference
    status = _status(message.type, totals)

    segments: list[tuple[str, Mapping[Any, Any]]] = [("MSA", {1: "AA", 2: at(request, "MSH", "10")})]
    segments.append(("IPR", _ipr(request, answer, totals, number, status, context)))
    segments += [("NTE", note) for note in _notes(answer, totals, charset)]
    segments.append(("PYE", request.get("PYE") or {1: "1", 2: coded("ORG")}))
    segments.append(("IN1", _in1(request, answer, context)))
    segments.append(("IVC", {**request["IVC"], "2": {1: number}, "8": amount(totals.get("submitted", ZERO))}))
    segments += _sections(request, answer, number, stamp(context.now), charset)

    msh = write_header(
        {number: request["MSH"].get(str(number)) for number in (3, 4, 5, 6)},
        context,
        charset,
        version=at(request, "MSH", "12", "1"),
        message_type={1: "EHC", 2: "E10", 3: "EHC_E10"},
    )
    return encode([msh, *(write_segment(name, fields, charset) for name, fields in segments)], charset)


def _charset(request: Tree) -> Charset:
    names = request["MSH"].get("18", [""])
    return (named(names[0]) if names[0] else None) or UTF8


def _status(type_: str, totals: Mapping[str, str]) -> str:
    """HL7 table 0571: PRED for a trial, else whether the fund pays all, nothing, or a part."""
    if type_ == "EHC_E01_PREDETERMINATION":
        return "PRED"
    paid = money.of(totals.get("fund-total", ZERO))
    if paid == 0:
        return "ADJZER"
    return "ADJSUB" if paid == money.of(totals.get("submitted", ZERO)) else "ADJ"


def checksum(number: str, invoice: str, status: str, paid: str, lines: list[tuple[str, str]]) -> str:
    """IPR-8: the first 16 hex digits of SHA-256 over `IPR-1|IPR-2|IPR-4|IPR-6|PSL-1=billed|…` in UTF-8."""
    parts = [number, invoice, status, paid, *(f"{line}={billed}" for line, billed in lines)]
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16].upper()


def _ipr(
    request: Tree, answer: Tree, totals: Mapping[str, str], number: str, status: str, context: Context
) -> dict[int, Any]:
    invoice = at(request, "IVC", "1", "1")
    paid = totals.get("fund-total", ZERO)
    lines = [(str(line["number"]), str(line["cut"]["submitted"])) for line in _lines(request, answer)]
    check = checksum(number, invoice, status, paid, lines)
    return {
        1: {1: number},
        2: {1: invoice},
        3: {1: number},
        4: coded(status, "", "HL70571"),
        5: stamp(context.now),
        6: amount(paid),
        8: check,
    }


def _notes(answer: Tree, totals: Mapping[str, str], charset: Charset) -> Iterator[dict[int, Any]]:
    """NTE segments: totals with their names, then the decision's notes. ASCII readers get what they can read."""
    count = 0
    for code, yuan in totals.items():
        count += 1
        title = TOTALS.get(code, f"基金 / {code}")
        yield {1: str(count), 2: "P", 3: yuan, 4: coded(code, _legible(title, charset), TOTAL_SYSTEM)}
    for note in answer.get("note", []):
        text = str(note.get("text", ""))
        if text and (charset.codec != "ascii" or text.isascii()):
            count += 1
            yield {1: str(count), 2: "P", 3: text}


def _legible(title: str, charset: Charset) -> str:
    return title.rpartition(" / ")[2] if charset.codec == "ascii" else title


def _in1(request: Tree, answer: Tree, context: Context) -> Mapping[Any, Any]:
    sent = request.get("IN1")
    if sent is not None:
        payers = [{"5": PAYER_ID_TYPE} | payer for payer in sent.get("3", [])]
        return {"1": sent.get("1", "1"), "2": sent.get("2", {}), "3": payers}
    scheme = answer.get("coverage", {}).get("scheme") or "basic"
    return {1: "1", 2: coded(scheme), 3: {1: context.area, 5: PAYER_ID_TYPE}}


def _lines(request: Tree, answer: Tree) -> list[Tree]:
    """The decision's lines in the sender's words: {number, PSL, cut: {category: amount}}."""
    items = {item["sequence"]: item for item in answer.get("item", [])}
    sent = request.get("PSL", []) if request["MSH"].get("9", {}).get("2") == "E01" else []
    lines: list[Tree] = []
    for place, decided in enumerate(answer.get("line", [])):
        item = items.get(decided["sequence"], {})
        psl = sent[place] if place < len(sent) else _written_line(item, decided["sequence"])
        cut = {part["code"]: part["amount"] for part in decided.get("cut", [])}
        lines.append({"number": at(psl, "1", "1"), "PSL": psl, "cut": {"submitted": ZERO, **cut}})
    return lines


def _written_line(item: Tree, sequence: int) -> Tree:
    """A PSL for a message that carried none: a cancellation names the invoice only."""
    psl: Tree = {
        "1": {"1": str(item.get("number", sequence))},
        "3": str(sequence),
        "6": {"1": "P"},
        "7": {"1": str(item.get("code", "")), "2": str(item.get("text", ""))},
        "21": "N",
    }
    if "day" in item:
        psl["10"] = item["day"].replace("-", "")
    return psl


def _sections(
    request: Tree, answer: Tree, number: str, now: str, charset: Charset
) -> Iterator[tuple[str, Mapping[Any, Any]]]:
    """PSS, PSG, PSL and ADJ: the sender's own grouping, or one section and group for all lines."""
    lines = _lines(request, answer)
    sections = request.get("sections", []) if request["MSH"].get("9", {}).get("2") == "E01" else []
    if not sections:
        billed = answer_total(answer, "submitted")
        pss = {1: {1: "1"}, 3: "1", 4: amount(billed), 5: "ALL"}
        psg = {1: {1: "1"}, 3: "1", 4: "Y", 5: amount(billed), 6: "ALL"}
        sections = [{"PSS": pss, "groups": [{"PSG": psg, "lines": list(range(len(lines)))}]}]
    for section in sections:
        yield "PSS", section["PSS"]
        for group in section["groups"]:
            yield "PSG", group["PSG"]
            for index in group["lines"]:
                if index < len(lines):
                    yield from _line(lines[index], f"{number}-{index + 1}", now, charset)


def answer_total(answer: Tree, code: str) -> str:
    """The amount of a total, '0.00' when the decision has none of that name."""
    return next((str(total["amount"]) for total in answer.get("total", []) if total["code"] == code), ZERO)


def _line(line: Tree, id: str, now: str, charset: Charset) -> Iterator[tuple[str, Mapping[Any, Any]]]:
    cut = line["cut"]
    yield "PSL", {**line["PSL"], "2": {1: id}, "6": {1: "P"}, "16": amount(cut["submitted"])}
    count = 0
    for code, title in CUTS.items():
        yuan = cut.get(code, ZERO)
        if money.of(yuan) == 0:
            continue
        count += 1
        yield (
            "ADJ",
            {
                1: {1: f"{line['number']}-{count}"},
                2: {1: f"{id}-{count}"},
                3: str(count),
                4: {1: "EA"},
                5: amount(yuan),
                7: coded(code, "", REASON_SYSTEM),
                8: _legible(title, charset),
                14: now,
            },
        )
