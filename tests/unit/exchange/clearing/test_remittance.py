"""What an institution is told of its money: lines that sum to the fen, as FHIR, as a day's page, as a CSV file."""

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from fhir.resources.R4B.paymentnotice import PaymentNotice
from fhir.resources.R4B.paymentreconciliation import PaymentReconciliation

from gateway.exchange import remittances, rest
from gateway.exchange.clearing.bodies import Clearing, Deduction, Reason, Share
from gateway.exchange.clearing.folders import Held
from gateway.exchange.clearing.lines import remittance_lines
from gateway.exchange.clearing.opening import Due
from gateway.fhir.json import encode, read_stored
from gateway.fhir.payment_reconciliation import SETTLEMENT, Line, read_lines
from gateway.fhir.search import parse_search
from gateway.kernel.problem import Refusal
from tests.unit.exchange.clearing.office import APRIL, CHIEF, Office, deduction
from tests.unit.exchange.town import CITY, CITY_CODE, TOWNSHIP, cancellation


def month(office: Office) -> Held[Clearing]:
    """An approved month: two settlements, one cancelled in it, a method's adjustment, a deposit, a deduction."""
    office.settle("9000.00")  # 5100.00
    undone = office.settle("5500.00", serial=2, visit="V2").id  # 3000.00
    office.settle("10500.00", serial=3, visit="V3")  # 6000.00
    assert not office.town.operate("cancel", cancellation(settlement=undone)).codes
    office.town.now = APRIL
    office.fill("50000.00")
    due = Due(adjustment=-50000, deposit=50000)
    return office.approved(office.calculate(due=due), deduction("100.00"))


def sums(resource: dict[str, Any]) -> Decimal:
    return sum((each["amount"]["value"] for each in resource["detail"]), Decimal(0))


def test_the_lines_sum_to_what_is_paid(office: Office) -> None:
    held = month(office)

    resource = remittances.fhir_remittance(office.town.exchange, held)

    # 5100.00 + 6000.00 - 500.00 - 500.00 - 100.00 = 10000.00
    assert [(each["type"]["coding"][0]["code"], str(each["amount"]["value"])) for each in resource["detail"]] == [
        ("settlement", "5100.00"),
        ("settlement", "6000.00"),
        ("method-adjustment", "-500.00"),
        ("deposit", "-500.00"),
        ("deduction", "-100.00"),
    ]
    assert sums(resource) == resource["paymentAmount"]["value"] == Decimal("10000.00")
    assert held.dossier.fen == 1000000
    assert (resource["outcome"], resource["period"]) == ("queued", {"start": "2015-03-01", "end": "2015-03-31"})
    PaymentReconciliation.model_validate_json(encode(resource))


def test_the_remittance_and_the_notice_follow_the_payment(office: Office) -> None:
    held = month(office)
    payment = office.instructed(held)
    queued = remittances.fhir_remittance(office.town.exchange, held)
    office.booked(payment)
    complete = remittances.fhir_remittance(office.town.exchange, held)
    office.returned(payment)
    back = remittances.fhir_remittance(office.town.exchange, held)
    stored = office.town.store.read("PaymentNotice", payment.id)

    assert [each["outcome"] for each in (queued, complete, back)] == ["queued", "complete", "error"]
    assert {each["paymentIdentifier"]["value"] for each in (queued, complete, back)} == {payment.id}
    assert stored is not None
    notice = read_stored(stored.body, id=stored.id)
    assert notice["paymentStatus"]["coding"][0]["code"] == "returned"
    assert notice["payment"] == {"reference": f"PaymentReconciliation/{held.id}"}
    PaymentNotice.model_validate_json(encode(notice))
    PaymentReconciliation.model_validate_json(encode(back))


def test_an_institution_reads_and_finds_its_own_remittances_only(office: Office) -> None:
    held = month(office)
    exchange = office.town.exchange
    query = parse_search("PaymentReconciliation", f"requestor=Organization/{CITY_CODE}&status=active")

    seen = [rest.search(exchange, by, query, after="").result().total for by in (CITY, TOWNSHIP, CHIEF)]
    read = [rest.read(exchange, by, "PaymentReconciliation", held.id).result() for by in (CITY, TOWNSHIP, CHIEF)]

    assert seen == [1, 0, 1]
    assert [each is not None for each in read] == [True, False, True]
    with pytest.raises(Refusal) as refused:
        remittances.find_clearing(exchange, TOWNSHIP, held.id)
    assert refused.value.problems[0].code == "clearing-not-found"
    assert [each.id for each in remittances.find_clearings(exchange, CITY)[0]] == [held.id]
    assert remittances.find_clearings(exchange, TOWNSHIP)[0] == []


def test_the_csv_file_holds_every_settlement_and_sums_to_the_fen(office: Office) -> None:
    held = month(office)

    rows = list(csv.DictReader(io.StringIO(remittances.csv_remittance(office.town.exchange, held).decode("utf-8-sig"))))

    assert sum(Decimal(row["amount"]) for row in rows) == Decimal("10000.00")
    assert [row["line"] for row in rows] == ["settlement"] * 2 + ["method-adjustment", "deposit", "deduction"]
    assert all(row["day"] == "2015-03-20" for row in rows[:2])


def test_a_day_is_a_page_of_its_own(office: Office) -> None:
    held = month(office)

    page = remittances.fhir_remittance(office.town.exchange, held, on=date(2015, 3, 20))
    empty = remittances.fhir_remittance(office.town.exchange, held, on=date(2015, 3, 21))

    assert len(page["detail"]) == 2
    assert sums(page) == page["paymentAmount"]["value"] == Decimal("11100.00")
    assert "detail" not in empty
    PaymentReconciliation.model_validate_json(encode(page))


def test_there_is_no_remittance_before_approval(office: Office) -> None:
    office.settle("9000.00")
    office.town.now = APRIL
    held = office.calculate()

    with pytest.raises(Refusal) as refused:
        remittances.fhir_remittance(office.town.exchange, held)
    assert refused.value.problems[0].code == "no-remittance"


def test_every_sort_of_line_ties() -> None:
    shares = (
        Share("basic", 100_00, -10_00, 5_00, 20_00, 3_00, 2_00, restored=1_00),
        Share("aid", -7_00),
        Share("catastrophic", 40_00, deposit=-1_00),
    )
    over = Deduction("basic", 90_00, Reason.OTHER, "x", "y")
    clearing = Clearing("resident", "2015-03", CITY_CODE, shares=shares, deductions=(over,))

    lines = remittance_lines(clearing, [Line(SETTLEMENT, 130_00, "S1", date(2015, 3, 2))])

    # basic: 100 - 10 + 5 + 1 - 20 - 3 - 2 = 71, of which 90 are deducted: 0 paid, 19 receivable; aid -7; 41 paid
    assert sum(line.amount for line in lines) == 41_00
    assert {line.kind: line.amount for line in lines} == {
        "settlement": 130_00,
        "other-postings": 3_00,
        "carried": -10_00,
        "method-adjustment": 5_00,
        "advance": -20_00,
        "deposit": -3_00,
        "recovered": -2_00,
        "deposit-released": 1_00,
        "deduction": -90_00,
        "receivable": 19_00,
        "deduction-restored": 1_00,
        "carried-forward": 7_00,
    }


def test_lines_are_read_as_they_were_written(office: Office) -> None:
    held = month(office)
    resource = remittances.fhir_remittance(office.town.exchange, held)

    lines = read_lines(resource)

    assert sum(line.amount for line in lines) == held.dossier.fen
    assert (lines[-1].kind, lines[-1].fund, lines[-1].text) == (
        "deduction",
        "basic",
        "over-price: 超标准收费 (审核单1号)",
    )


def test_the_remittance_as_hl7_v2_carries_the_same_sum(office: Office) -> None:
    held = month(office)
    office.instructed(held)

    message = remittances.hl7_remittance(office.town.exchange, held).decode()

    segments = [each.split("|") for each in message.split("\r") if each]
    [payment] = [each for each in segments if each[0] == "PMT"]
    assert segments[0][8].startswith("EHC^E15")
    assert payment[6].startswith("10000.00")
