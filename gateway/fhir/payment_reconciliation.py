"""PaymentReconciliation: what an institution is paid for a month, line by line; written by the core only.

The amounts of `detail` add up to `paymentAmount` to the fen. A month of at most 1,000 settlements lists each, net of
cancellations; a larger one lists one line a day, whose settlements are pages of their own (a day a page), since days
are how institutions reconcile. Then come what the payment method changes, what is set off, deducted, and carried.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from gateway.fhir.index import last_of_month
from gateway.fhir.parts import amount, extension_of, reference
from gateway.fhir.systems import agency, cs, ext, sid
from gateway.kernel import money
from gateway.kernel.calendar import instant_text
from gateway.kernel.money import Fen

PAYMENT_TYPE: Final = "http://terminology.hl7.org/CodeSystem/payment-type"
MOST_LINES: Final = 1000
SETTLEMENT, DAY = "settlement", "day"
_STANDARD: Final = {SETTLEMENT: "payment", DAY: "payment", "advance": "advance"}
"""Kind of line → code of R4's example value set; every other line is an adjustment."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `kind`: settlement, day, carried, method-adjustment, deduction …; `reference`: a settlement's id or ''.

    `amount` in fen, negative where it lessens the payment; `fund`: whose, or '' for all of a settlement's.
    """

    kind: str
    amount: Fen
    reference: str = ""
    on: date | None = None
    fund: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Remittance:
    """What is paid and why. `month`: '2015-06'; `outcome`: queued, complete, error; `payment`: EndToEndId, or ''."""

    id: str
    key: str
    area: str
    scheme: str
    month: str
    institution: str
    payee: str
    created: datetime
    paid_on: date
    amount: Fen
    lines: Sequence[Line]
    outcome: str = "queued"
    payment: str = ""
    notes: Sequence[str] = ()


def write_reconciliation(remittance: Remittance) -> dict[str, Any]:
    """The PaymentReconciliation. AssertionError when its lines are not the amount paid."""
    assert sum(line.amount for line in remittance.lines) == remittance.amount, "the lines are what is paid"
    first = date.fromisoformat(f"{remittance.month}-01")
    resource: dict[str, Any] = {
        "resourceType": "PaymentReconciliation",
        "id": remittance.id,
        "extension": [{"url": ext("scheme"), "valueCode": remittance.scheme}],
        "identifier": [{"system": sid("clearing"), "value": remittance.key}],
        "status": "active",
        "period": {"start": first.isoformat(), "end": last_of_month(first).isoformat()},
        "created": instant_text(remittance.created),
        "paymentIssuer": {"reference": agency(remittance.area)},
        "requestor": reference("Organization", remittance.institution),
        "outcome": remittance.outcome,
        "disposition": _disposition(remittance),
        "paymentDate": remittance.paid_on.isoformat(),
        "paymentAmount": amount(remittance.amount),
    }
    if remittance.payment:
        resource["paymentIdentifier"] = {"system": sid("payment"), "value": remittance.payment}
    if remittance.lines:
        resource["detail"] = [_detail(line, remittance.payee) for line in remittance.lines]
    if remittance.notes:
        resource["processNote"] = [{"type": "display", "text": text} for text in remittance.notes]
    return resource


def with_payment(
    resource: Mapping[str, Any], *, outcome: str, payment: str, payee: str, paid_on: date, notes: Sequence[str]
) -> dict[str, Any]:
    """The same remittance once it was instructed, booked or returned: who is paid, when, under which EndToEndId."""
    changed = {
        **resource,
        "outcome": outcome,
        "paymentDate": paid_on.isoformat(),
        "paymentIdentifier": {"system": sid("payment"), "value": payment},
    }
    if "detail" in resource:
        changed["detail"] = [{**each, "payee": reference("Organization", payee)} for each in resource["detail"]]
    if notes:
        changed["processNote"] = [{"type": "display", "text": text} for text in notes]
    return changed


def read_lines(resource: Mapping[str, Any]) -> list[Line]:
    """The lines of a remittance that we wrote."""
    return [_read_line(each) for each in resource.get("detail", ())]


def by_settlement_or_day(lines: Iterable[Line], *, most: int = MOST_LINES) -> list[Line]:
    """Settlements' lines as they are, or one line a day where there are more than `most`; days in their order."""
    found = list(lines)
    if len(found) <= most:
        return found
    sums: dict[date, Fen] = {}
    for line in found:
        assert line.on is not None, "a settlement is booked on a day"
        sums[line.on] = sums.get(line.on, 0) + line.amount
    return [Line(DAY, fen, on=on) for on, fen in sorted(sums.items())]


def _detail(line: Line, payee: str) -> dict[str, Any]:
    detail: dict[str, Any] = {}
    if line.fund:
        detail["extension"] = [{"url": ext("fund"), "valueCode": line.fund}]
    if line.reference:
        detail["identifier"] = {"system": sid("settlement"), "value": line.reference}
    standard = _STANDARD.get(line.kind, "adjustment")
    detail["type"] = {
        "coding": [{"system": cs("payment-line"), "code": line.kind}, {"system": PAYMENT_TYPE, "code": standard}]
    }
    if line.text:
        detail["type"]["text"] = line.text
    if line.kind == SETTLEMENT:
        detail["response"] = reference("ClaimResponse", line.reference)
    if line.on is not None:
        detail["date"] = line.on.isoformat()
    detail["payee"] = reference("Organization", payee)
    detail["amount"] = amount(line.amount)
    return detail


def _read_line(detail: Mapping[str, Any]) -> Line:
    fund = extension_of(detail, ext("fund")) or {}
    return Line(
        kind=detail["type"]["coding"][0]["code"],
        amount=money.of(detail["amount"]["value"]),
        reference=detail["identifier"]["value"] if "identifier" in detail else "",
        on=date.fromisoformat(detail["date"]) if "date" in detail else None,
        fund=fund.get("valueCode", ""),
        text=detail["type"].get("text", ""),
    )


def _disposition(remittance: Remittance) -> str:
    paid = money.text(remittance.amount)
    return f"{remittance.month} 清算应付 {paid} 元 / {paid} CNY payable for {remittance.month}"
