"""ClaimResponse: a decision as FHIR says it, line by line and in total, with notes in Chinese and English.

Two identities hold in every one: submitted = own-expense + over-limit + first-payment + in-scope, for each line and
for the claim; submitted = fund-total + account + cash + institution-share.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from gateway.fhir.claim import ClaimReading
from gateway.fhir.parts import amount, concept, reference
from gateway.fhir.systems import CLAIM_TYPE, CURRENCY, PAYMENT_TYPE, agency, cs, ext, sid
from gateway.kernel import money
from gateway.kernel.calendar import business_day, instant_text
from gateway.kernel.quantity import price_decimal
from gateway.settlement.claim import Line
from gateway.settlement.decision import Decision, Note, Split
from gateway.settlement.explain import explain_note

OFF_CATALOGUE: Final = "none"
"""Value of ext:item-class for a code that is not in the catalogue."""

_ADJUDICATION: Final = cs("adjudication")
_LANGUAGE: Final = "urn:ietf:bcp:47"
_SPLIT: Final = ("own-expense", "over-limit", "first-payment", "in-scope")
_REASONS: Final = {
    "off-catalogue": "own-expense",
    "own-expense": "own-expense",
    "restricted": "own-expense",
    "over-limit": "over-limit",
    "first-payment": "first-payment",
}
"""Figure that explains a line → the category it explains."""


def write_response(
    decision: Decision, reading: ClaimReading, *, created: datetime, response_id: str = "", claim_id: str = ""
) -> dict[str, Any]:
    """The ClaimResponse of a decision on a claim; a trial has neither id. `created`: the instant of deciding."""
    claim = decision.claim
    resource: dict[str, Any] = {"resourceType": "ClaimResponse"}
    if response_id:
        resource["id"] = response_id
    resource["extension"] = [{"url": ext("policy"), "valueString": f"{decision.policy}@{decision.version}"}]
    if response_id:
        resource["identifier"] = [{"system": sid("settlement"), "value": response_id}]
    resource |= {
        "status": "active",
        "type": concept(CLAIM_TYPE, reading.type),
        "subType": concept(cs("claim-kind"), claim.kind.value),
        "use": reading.use,
        "patient": reference("Patient", claim.person.id),
        "created": instant_text(created),
        "insurer": {"reference": agency(claim.area)},
        "requestor": reference("Organization", claim.institution),
    }
    if claim_id:
        resource["request"] = reference("Claim", claim_id)
    resource |= {
        "outcome": "complete",
        "disposition": _disposition(decision),
        "item": _items(decision, reading),
        "total": _totals(decision),
        "payment": {
            "type": concept(PAYMENT_TYPE, "complete"),
            "date": business_day(created).isoformat(),
            "amount": amount(decision.fund_total),
        },
    }
    notes = _process_notes(decision)
    if notes:
        resource["processNote"] = notes
    return resource


def negated_response(response: Mapping[str, Any], *, response_id: str, created: datetime) -> dict[str, Any]:
    """The ClaimResponse that cancels another: every amount with its sign turned, an id of its own, ext:cancels."""
    cancels = {"url": ext("cancels"), "valueReference": reference("ClaimResponse", response["id"])}
    zh, en = f"已撤销结算 {response['id']}", f"settlement {response['id']} is cancelled"
    return {
        **response,
        "id": response_id,
        "extension": [*response.get("extension", ()), cancels],
        "identifier": [{"system": sid("settlement"), "value": response_id}],
        "status": "active",
        "created": instant_text(created),
        "disposition": f"{zh} / {en}",
        "item": [
            {**item, "adjudication": [_negated(each) for each in item["adjudication"]]} for item in response["item"]
        ],
        "total": [_negated(each) for each in response["total"]],
        "payment": {**_negated(response["payment"]), "date": business_day(created).isoformat()},
        "processNote": [_note(1, zh, "zh-CN"), _note(2, en, "en")],
    }


def _items(decision: Decision, reading: ClaimReading) -> list[dict[str, Any]]:
    reasons: dict[tuple[int, str], Note] = {}
    for note in decision.notes:
        if note.line and note.figure.code in _REASONS:
            reasons.setdefault((note.line, _REASONS[note.figure.code]), note)
    ids = {line.number: line.line_id for line in reading.lines}
    return [
        _item(line, split, ids.get(line.number, ""), reasons)
        for line, split in zip(decision.claim.lines, decision.lines, strict=True)
    ]


def _item(line: Line, split: Split, line_id: str, reasons: Mapping[tuple[int, str], Note]) -> dict[str, Any]:
    adjudication = [_category("submitted", line.amount)]
    for code, fen in zip(_SPLIT, split, strict=True):
        part = _category(code, fen)
        note = reasons.get((line.number, code)) if fen else None
        if note is not None:
            part["reason"] = {"text": f"{note.figure.title.zh} / {note.figure.title.en}"}
        adjudication.append(part)
    return {"extension": _line_extensions(line, line_id), "itemSequence": line.number, "adjudication": adjudication}


def _line_extensions(line: Line, line_id: str) -> list[dict[str, Any]]:
    """The sender's line id, and the terms of the catalogue that the line was split by."""
    extensions: list[dict[str, Any]] = []
    if line_id:
        extensions.append({"url": ext("line-number"), "valueString": line_id})
    terms = line.terms
    extensions.append({"url": ext("item-class"), "valueCode": terms.item_class.value if terms else OFF_CATALOGUE})
    if terms is not None:
        rate = Decimal(terms.first_payment).scaleb(-4)
        extensions.append({"url": ext("first-payment-rate"), "valueDecimal": rate})
        if terms.ceiling_price is not None:
            extensions.append({"url": ext("price-ceiling"), "valueDecimal": price_decimal(terms.ceiling_price)})
        extensions.append({"url": ext("charge"), "valueCode": terms.charge})
    return extensions


def _totals(decision: Decision) -> list[dict[str, Any]]:
    parts = [("submitted", decision.total), *zip(_SPLIT, decision.split, strict=True)]
    parts += [("deductible", decision.deductible), ("counted", decision.counted)]
    parts += [(f"fund-{key}", fen) for key, fen in decision.funds.items()]
    parts += [
        ("fund-total", decision.fund_total),
        ("account", decision.account),
        ("cash", decision.cash),
        ("institution-share", decision.institution_share),
    ]
    return [_category(code, fen) for code, fen in parts]


def _category(code: str, fen: money.Fen) -> dict[str, Any]:
    return {"category": {"coding": [{"system": _ADJUDICATION, "code": code}]}, "amount": amount(fen)}


def _negated(part: Mapping[str, Any]) -> dict[str, Any]:
    return {**part, "amount": {"value": money.decimal(-money.of(part["amount"]["value"])), "currency": CURRENCY}}


def _disposition(decision: Decision) -> str:
    total, fund = money.text(decision.total), money.text(decision.fund_total)
    own = money.text(decision.account + decision.cash)
    return (
        f"总费用 {total} 元,基金支付 {fund} 元,个人负担 {own} 元"
        f" / of {total} CNY the fund pays {fund} and the person {own}"
    )


def _process_notes(decision: Decision) -> list[dict[str, Any]]:
    """The figures of the whole claim, each in both languages; those of single lines are told by the explanation."""
    notes: list[dict[str, Any]] = []
    for note in decision.notes:
        if note.line:
            continue
        told = explain_note(note)
        source = f"(依据:{told.source})" if told.source else ""
        notes.append(_note(len(notes) + 1, f"{told.zh}:{told.arithmetic}{source}", "zh-CN"))
        rule = f"({told.rule}, in force from {told.in_force_from})"
        notes.append(_note(len(notes) + 1, f"{told.en}: {told.arithmetic} {rule}", "en"))
    return notes


def _note(number: int, text: str, language: str) -> dict[str, Any]:
    return {"number": number, "type": "display", "text": text, "language": concept(_LANGUAGE, language)}
