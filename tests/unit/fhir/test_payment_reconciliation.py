"""PaymentReconciliation and PaymentNotice: written to tie, read back, taken by FHIR's own types."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from fhir.resources.R4B.paymentnotice import PaymentNotice
from fhir.resources.R4B.paymentreconciliation import PaymentReconciliation

from gateway.fhir.json import encode
from gateway.fhir.payment_notice import PaymentStanding, write_notice
from gateway.fhir.payment_reconciliation import (
    MOST_LINES,
    SETTLEMENT,
    Line,
    Remittance,
    by_settlement_or_day,
    read_lines,
    with_payment,
    write_reconciliation,
)

AT = datetime(2015, 7, 2, 4, tzinfo=UTC)
LINES = (
    Line(SETTLEMENT, 510000, "321182000000000000000000000r01", date(2015, 6, 3)),
    Line("method-adjustment", -10000, fund="basic", text="付费方式清算差额"),
    Line("deduction", -50, "321182000000000000000000000r01", fund="basic", text="over-price"),
)
REMITTANCE = Remittance(
    id="321182000000000000000000000c01",
    key="resident|2015-06|H32118200001",
    area="321182",
    scheme="resident",
    month="2015-06",
    institution="H32118200001",
    payee="H32118200001",
    created=AT,
    paid_on=date(2015, 7, 2),
    amount=499950,
    lines=LINES,
    notes=("测试",),
)
STANDING = PaymentStanding(
    id="321182000000000000000000000p01",
    area="321182",
    clearing=REMITTANCE.id,
    institution="H32118200001",
    payee="H32118200001",
    state="booked",
    amount=499950,
    created=AT,
    paid_on=date(2015, 7, 3),
)


def test_what_is_written_is_fhir_and_reads_back() -> None:
    resource = write_reconciliation(REMITTANCE)

    PaymentReconciliation.model_validate_json(encode(resource))
    assert read_lines(resource) == list(LINES)
    assert str(resource["paymentAmount"]["value"]) == "4999.50"


def test_lines_that_do_not_sum_are_never_written() -> None:
    with pytest.raises(AssertionError):
        write_reconciliation(replace(REMITTANCE, amount=499951))


def test_a_payment_changes_who_and_when_but_no_amount() -> None:
    before = write_reconciliation(REMITTANCE)

    after = with_payment(
        before, outcome="complete", payment=STANDING.id, payee="H32118200002", paid_on=STANDING.paid_on, notes=()
    )

    PaymentReconciliation.model_validate_json(encode(after))
    assert (after["outcome"], after["paymentDate"]) == ("complete", "2015-07-03")
    assert {each["payee"]["reference"] for each in after["detail"]} == {"Organization/H32118200002"}
    assert read_lines(after) == read_lines(before)
    assert after["processNote"] == before["processNote"]


@pytest.mark.parametrize(("state", "standard"), [("booked", ["paid"]), ("returned", [])])
def test_a_notice_says_how_the_payment_stands(state: str, standard: list[str]) -> None:
    notice = write_notice(replace(STANDING, state=state, reason="AC04"))

    PaymentNotice.model_validate_json(encode(notice))
    assert [each["code"] for each in notice["paymentStatus"]["coding"]] == [state, *standard]


def test_a_large_month_lists_one_line_a_day() -> None:
    lines = [Line(SETTLEMENT, number, f"S{number}", date(2015, 3, 1 + number % 3)) for number in range(MOST_LINES + 1)]

    assert by_settlement_or_day(lines[:-1]) == lines[:-1]
    days = by_settlement_or_day(lines)
    assert [(line.kind, line.on) for line in days] == [("day", date(2015, 3, day)) for day in (1, 2, 3)]
    assert sum(line.amount for line in days) == sum(line.amount for line in lines)
