"""EHC^E15: what an institution is paid, valid by the reference, adding up to the fen."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from adapters.hl7v2.adapter import ADAPTER
from adapters.hl7v2.er7 import read
from adapters.hl7v2.structure import check_structure
from gateway.contract import Context, Incoming
from gateway.exchange.feeds import Feed
from gateway.exchange.mappings import load_mappings
from gateway.exchange.render import render
from gateway.fhir.payment_reconciliation import Line, Remittance, write_reconciliation
from gateway.kernel import money
from gateway.kernel.problem import Refusal
from tests.unit.adapters.test_hl7v2_answering import hl7apy_accepts

MAPPINGS = load_mappings(Path(__file__).parents[3] / "mappings")
FEEDS = {"hl7v2": Feed(ADAPTER, {type: each for (feed, type), each in MAPPINGS.items() if feed == "hl7v2"}, "")}
CONTEXT = Context(datetime(2015, 7, 3, 2, tzinfo=UTC), "321182" + "r" * 24, "321182")
HOSPITAL = "H32118200001"
LINES = (
    Line("settlement", 100000, "S1", date(2015, 6, 3)),
    Line("settlement", -2000, "S2", date(2015, 6, 4)),
    Line("method-adjustment", -500, fund="basic", text="按人头 | 差额"),
    Line("deduction", -1000, "S1", fund="basic", text="超量"),
    Line("deposit", -4900, fund="basic"),
)


def remittance(*lines: Line, outcome: str = "complete", payment: str = "321182" + "2" * 24) -> bytes:
    listed = lines or LINES
    resource = write_reconciliation(
        Remittance(
            id="321182" + "1" * 24,
            key="resident|2015-06|" + HOSPITAL,
            area="321182",
            scheme="resident",
            month="2015-06",
            institution=HOSPITAL,
            payee=HOSPITAL,
            created=datetime(2015, 7, 2, 2, tzinfo=UTC),
            paid_on=date(2015, 7, 3),
            amount=sum(line.amount for line in listed),
            lines=listed,
            outcome=outcome,
            payment=payment,
        )
    )
    organization = {"resourceType": "Organization", "id": HOSPITAL, "name": "示范市人民医院"}
    tree = {"PaymentReconciliation": resource, "Organization": organization}
    return render(FEEDS, "hl7v2", "EHC_E15", tree, CONTEXT)


def test_it_is_valid_by_both_references() -> None:
    body = remittance()

    assert hl7apy_accepts(body)
    assert check_structure(read(body), "EHC_E15", "2.7") == []


def fields(body: bytes, name: str, number: int) -> list[str]:
    message = read(body)
    return [message.component(segment, number) for segment in message.segments if segment[0] == name]


def test_its_groups_and_adjustments_add_up_to_what_is_paid() -> None:
    body = remittance()

    yuan = [text.partition("&")[0] for name, number in (("IPR", 6), ("ADJ", 5)) for text in fields(body, name, number)]
    assert sum(money.of(text) for text in yuan) == sum(line.amount for line in LINES)
    assert fields(body, "PMT", 6) == ["916.00&CNY"]


def test_every_group_says_one_amount() -> None:
    body = remittance()
    said = {
        tuple(fields(body, name, number))
        for name, number in (("IPR", 6), ("IVC", 8), ("PSS", 4), ("PSG", 5), ("PSL", 16))
    }
    assert said == {("1000.00&CNY", "-20.00&CNY")}


def test_the_payment_is_named_once_there_is_one() -> None:
    assert fields(remittance(), "PMT", 7) == ["321182" + "2" * 24]
    assert fields(remittance(payment=""), "PMT", 7) == [""]


@pytest.mark.parametrize(("outcome", "status"), [("complete", "PAID"), ("queued", "ADJ"), ("error", "PEND")])
def test_the_status_of_a_group_is_that_of_the_payment(outcome: str, status: str) -> None:
    assert set(fields(remittance(outcome=outcome), "IPR", 4)) == {status}


def test_a_day_stands_for_its_settlements_where_there_are_too_many() -> None:
    body = remittance(Line("day", 5000, on=date(2015, 6, 3)))

    assert fields(body, "IPR", 1) == ["2015-06-03"]
    assert hl7apy_accepts(body)


def test_a_remittance_of_adjustments_alone_has_no_groups() -> None:
    body = remittance(Line("advance", -100, fund="basic"), Line("carried", 100, fund="basic"))

    assert fields(body, "IPR", 1) == []
    assert len(fields(body, "ADJ", 1)) == 2
    # hl7apy's parser puts an ADJ into the first group that may hold one, though no such group was opened
    assert check_structure(read(body), "EHC_E15", "2.7") == []


def test_words_are_escaped() -> None:
    assert "按人头 \\F\\ 差额".encode() in remittance()


def test_it_is_no_message_that_is_taken() -> None:
    with pytest.raises(Refusal, match="unsupported-message"):
        ADAPTER.decode(Incoming(remittance()))
