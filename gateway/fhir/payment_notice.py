"""PaymentNotice: as a feed makes it of one bank credit, and as the core tells an institution how its payment stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from gateway.fhir import problems as wrong
from gateway.fhir.parts import amount, day_of, extension_value, identifier_of, reference
from gateway.fhir.systems import CURRENCY, agency, cs, ext, sid
from gateway.kernel import money
from gateway.kernel.calendar import instant_text
from gateway.kernel.money import Fen
from gateway.kernel.problem import Kind, Problem, Refusal


@dataclass(frozen=True, slots=True)
class NoticeReading:
    """A credit on the contribution account. `citizen_id` '': nobody is named. `year`: of the benefit it is paid for."""

    reference: str
    amount: Fen
    paid_on: date
    year: int
    citizen_id: str = ""
    account: str = ""


def read_notice(resource: Mapping[str, Any]) -> NoticeReading:
    """The credit; without a benefit year it is the year of payment. Refusal: amount not positive or not CNY, no day."""
    stated = resource.get("amount") or {}
    found: list[Problem] = []
    try:
        fen = money.of(stated.get("value", 0))
        paid_on = day_of(resource.get("paymentDate", ""))
    except ValueError as error:
        raise Refusal(_unreadable(str(error))) from None
    if fen <= 0 or stated.get("currency") != CURRENCY:
        found.append(wrong.bad_amount("PaymentNotice.amount", stated.get("value")))
    year = extension_value(resource, ext("benefit-year"), "valueString")
    if year and not (year.isdigit() and len(year) == 4):
        found.append(_unreadable(f"benefit year {year[:10]}"))
    if found:
        raise Refusal(found)
    return NoticeReading(
        reference=identifier_of(resource, sid("message")),
        amount=fen,
        paid_on=paid_on,
        year=int(year) if year else paid_on.year,
        citizen_id=extension_value(resource, ext("payer-citizen-id"), "valueString"),
        account=extension_value(resource, ext("account"), "valueString"),
    )


@dataclass(frozen=True, slots=True)
class PaymentStanding:
    """How a payment to an institution stands. `state`: instructed, accepted, booked, rejected, returned; fen paid.

    `id`: EndToEndId; `clearing`: id of its PaymentReconciliation; `reason`: why it was rejected or returned, or ''.
    """

    id: str
    area: str
    clearing: str
    institution: str
    payee: str
    state: str
    amount: Fen
    created: datetime
    paid_on: date
    reason: str = ""


def write_notice(standing: PaymentStanding) -> dict[str, Any]:
    """The PaymentNotice of a payment of ours: `paid` of R4's value set once the bank booked it."""
    status = [{"system": cs("payment-status"), "code": str(standing.state)}]
    if standing.state == "booked":
        status.append({"system": "http://terminology.hl7.org/CodeSystem/paymentstatus", "code": "paid"})
    notice: dict[str, Any] = {
        "resourceType": "PaymentNotice",
        "id": standing.id,
        "identifier": [{"system": sid("payment"), "value": standing.id}],
        "status": "active",
        "created": instant_text(standing.created),
        "provider": reference("Organization", standing.institution),
        "payment": reference("PaymentReconciliation", standing.clearing),
        "paymentDate": standing.paid_on.isoformat(),
        "payee": reference("Organization", standing.payee),
        "recipient": {"reference": agency(standing.area)},
        "amount": amount(standing.amount),
        "paymentStatus": {"coding": status},
    }
    if standing.reason:
        notice["extension"] = [{"url": ext("payment-reason"), "valueString": standing.reason}]
    return notice


def _unreadable(reason: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "bad-payment-notice",
        "PaymentNotice",
        f"the credit needs an amount above zero, a day and a four-digit year ({reason})",
        f"到账通知须含大于零的金额、有效日期和四位年度({reason})",
    )
