"""A PaymentNotice as a feed makes it of one bank credit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from gateway.fhir import problems as wrong
from gateway.fhir.parts import day_of, extension_value, identifier_of
from gateway.fhir.systems import CURRENCY, ext, sid
from gateway.kernel import money
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


def _unreadable(reason: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "bad-payment-notice",
        "PaymentNotice",
        f"the credit needs an amount above zero, a day and a four-digit year ({reason})",
        f"到账通知须含大于零的金额、有效日期和四位年度({reason})",
    )
