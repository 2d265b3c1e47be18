"""A visit as NHSA's conversation has it, by the real messages: opened, described, given lines, discharged, settled."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from adapters.nhsa import requests
from adapters.nhsa.requests import Bill, Diagnosis, FeeLine
from gateway.fhir.systems import ext
from gateway.kernel.calendar import BUSINESS_ZONE
from tests.unit.exchange.town import COUNTER, DRUG, INDICATION, TOWNSHIP, TOWNSHIP_CODE, Answer, Town, citizen, claim

ADMITTED = datetime(2015, 3, 2, 9, tzinfo=BUSINESS_ZONE)
DISCHARGED = datetime(2015, 3, 9, 10, tzinfo=BUSINESS_ZONE)
LEUKAEMIA = Diagnosis(INDICATION, "慢性髓性白血病")


def line(number: str, yuan: str, count: str = "1", refunds: str = "") -> FeeLine:
    return FeeLine(number, DRUG, Decimal(yuan), Decimal(count), ADMITTED, "伊马替尼", refunds)


@dataclass
class Talk:
    """One visit at the city hospital, as its counter leads it."""

    town: Town
    citizen_id: str
    person: str
    visit_id: str = ""

    def admit(self, number: str = "IP0001") -> Answer:
        answer = self.town.nhsa(
            requests.admit(
                COUNTER,
                self.town.moment(),
                person=self.person,
                card=self.citizen_id,
                visit=number,
                diagnoses=[LEUKAEMIA],
                at=ADMITTED,
            )
        )
        if not answer.codes:
            self.visit_id = answer.body["output"]["result"]["mdtrt_id"]
        return answer

    def register(self, number: str = "OP0001") -> Answer:
        town, at = self.town, ADMITTED
        answer = town.nhsa(
            requests.register(COUNTER, town.moment(), person=self.person, card=self.citizen_id, visit=number, at=at)
        )
        self.visit_id = answer.body["output"]["data"]["mdtrt_id"]
        return self.town.nhsa(
            requests.describe(
                COUNTER,
                town.moment(),
                visit_id=self.visit_id,
                person=self.person,
                med_type="14",
                diagnoses=[LEUKAEMIA],
                at=at,
                disease=Diagnosis("M03900", "高血压"),
            )
        )

    def lines(self, *lines: FeeLine, batch: str = "") -> Answer:
        common: dict[str, Any] = {"visit_id": self.visit_id, "person": self.person, "lines": lines}
        moment = self.town.moment()
        if batch:
            return self.town.nhsa(requests.outpatient_lines(COUNTER, moment, batch=batch, **common))
        return self.town.nhsa(requests.inpatient_lines(COUNTER, moment, med_type="21", **common))

    def discharge(self, at: datetime = DISCHARGED) -> Answer:
        return self.town.nhsa(
            requests.discharge(
                COUNTER,
                self.town.moment(),
                visit_id=self.visit_id,
                person=self.person,
                diagnoses=[LEUKAEMIA],
                at=at,
            )
        )

    def settle(self, total: str, *, trial: bool = False, batch: str = "", **split: str) -> Answer:
        stated = {name: Decimal(yuan) for name, yuan in split.items()}
        bill = Bill(self.visit_id, self.person, self.citizen_id, Decimal(total), "14", batch, stated)
        build = requests.settle_outpatient if batch else requests.settle_inpatient
        return self.town.nhsa(build(COUNTER, self.town.moment(), bill, trial=trial))


@pytest.fixture
def talk(town: Town) -> Talk:
    citizen_id = town.resident()
    return Talk(town, citizen_id, town.patient(citizen_id)["id"])


def paid(answer: Answer) -> Decimal:
    found: Decimal = answer.body["output"]["setlinfo"]["fund_pay_sumamt"]
    return found


def test_a_stay_from_admission_to_settlement(talk: Talk) -> None:
    talk.admit()
    talk.lines(line("1", "20000.00"), line("2", "12680.45"))
    assert talk.discharge().codes == []
    trial, final = talk.settle("32680.45", trial=True), talk.settle("32680.45")

    # 32680.45 - 500.00 = 32180.45; 6000.00 + 22180.45 * 65% = 20417.29
    assert paid(trial) == paid(final) == Decimal("20417.29")
    assert len(talk.town.settlements()) == 1
    talk.town.sound()


def test_an_outpatient_visit_has_bills_of_its_own(talk: Talk) -> None:
    talk.register()
    talk.lines(line("1", "600.00"), batch="B1")
    talk.lines(line("2", "100.00"), batch="B2")

    # 600.00 - 500.00 = 100.00 * 60%; the year's deductible is borne: 100.00 * 60%
    assert [paid(talk.settle(yuan, batch=batch)) for yuan, batch in (("600.00", "B1"), ("100.00", "B2"))] == [60, 60]
    talk.town.sound()


def test_lines_may_come_in_several_messages(talk: Talk) -> None:
    talk.admit()
    talk.lines(line("1", "400.00"))
    talk.lines(line("2", "300.00"))
    talk.discharge()

    assert paid(talk.settle("700.00")) == Decimal("120.00")  # 200.00 * 60%


def test_a_repeated_line_id_is_refused_and_none_of_its_message_is_taken(talk: Talk) -> None:
    talk.admit()
    talk.lines(line("1", "400.00"))
    refused = talk.lines(line("2", "1.00"), line("1", "400.00"))
    talk.discharge()

    assert refused.codes == ["line-repeated"]
    assert talk.settle("401.00").codes == ["unbalanced-total"]
    assert talk.settle("400.00").codes == []


def test_a_line_id_repeated_in_one_message_or_in_another_bill_is_refused(talk: Talk) -> None:
    talk.register()

    assert talk.lines(line("1", "1.00"), line("1", "1.00"), batch="B1").codes != []
    talk.lines(line("1", "1.00"), batch="B1")
    assert talk.lines(line("1", "1.00"), batch="B2").codes == ["line-repeated"]


def test_a_refund_line_takes_back_what_it_names(talk: Talk) -> None:
    talk.admit()
    talk.lines(line("1", "100.00", "10"), line("2", "50.00", "2"))
    part = talk.lines(line("3", "100.00", "-4", refunds="1"))
    whole = talk.lines(line("4", "50.00", "-2", refunds="2"))
    talk.discharge()

    assert [part.codes, whole.codes] == [[], []]
    assert part.body["output"]["result"][0]["cnt"] == 6
    assert paid(talk.settle("600.00")) == Decimal("60.00")  # 600.00 - 500.00 = 100.00 * 60%


@pytest.mark.parametrize(
    "refund",
    [
        line("3", "100.00", "-11", refunds="1"),
        line("3", "100.00", "-1", refunds="9"),
        line("3", "99.00", "-10", refunds="1"),  # the quantity would go, money would stay
        line("3", "101.00", "-10", refunds="1"),
    ],
    ids=["more than there is", "of an unknown line", "at a lower price", "at a higher price"],
)
def test_a_refund_beyond_its_line_is_refused(talk: Talk, refund: FeeLine) -> None:
    talk.admit()
    talk.lines(line("1", "100.00", "10"))

    assert talk.lines(refund).codes == ["nothing-to-refund"]


def test_every_line_that_is_wrong_is_reported(talk: Talk) -> None:
    talk.admit()
    talk.lines(line("1", "100.00"))
    refused = talk.lines(line("1", "5.00"), line("3", "1.00", "-1", refunds="9"))

    assert refused.codes == ["line-repeated", "nothing-to-refund"]


def test_a_stay_is_settled_after_discharge_and_may_be_tried_before(talk: Talk) -> None:
    talk.admit()
    talk.lines(line("1", "600.00"))

    assert talk.settle("600.00", trial=True).codes == []
    assert talk.settle("600.00").codes == ["not-discharged"]
    talk.discharge()
    assert talk.settle("600.00").codes == []


def test_the_discharge_decides_the_year(talk: Talk) -> None:
    talk.town.pay(talk.citizen_id, year="2014")
    talk.admit()
    talk.lines(line("1", "600.00"))
    talk.discharge()
    talk.settle("600.00")

    assert [settlement.period for settlement in talk.town.settlements()] == ["2015"]


def test_without_lines_nothing_is_settled(talk: Talk) -> None:
    talk.admit()
    talk.discharge()

    assert talk.settle("1.00").codes == ["no-lines"]


def test_a_stated_total_must_be_that_of_the_lines(talk: Talk) -> None:
    talk.admit()
    talk.lines(line("1", "600.00"))
    talk.discharge()

    assert talk.settle("600.01").codes == ["unbalanced-total"]


def test_a_stated_split_must_be_the_decided_one(talk: Talk) -> None:
    talk.admit()
    talk.lines(line("1", "600.00"))
    talk.discharge()

    assert talk.settle("600.00", preselfpay_amt="60.00", inscp_scp_amt="540.00").codes == ["stated-split-differs"] * 2
    assert talk.settle("600.00", preselfpay_amt="0.00", inscp_scp_amt="600.00").codes == []


def test_a_visit_number_is_given_once(talk: Talk) -> None:
    talk.admit("IP0001")
    again = talk.admit("IP0001")

    assert again.codes == ["visit-exists"]
    assert talk.visit_id in again.reply.problems[0].text()


def test_nobody_is_admitted_without_cover(talk: Talk) -> None:
    unpaid = citizen(7)
    talk.town.event("登记", unpaid)
    other = Talk(talk.town, unpaid, talk.town.patient(unpaid)["id"])

    assert other.admit().codes == ["not-covered"]


def test_a_visit_of_another_institution_is_not_there(talk: Talk) -> None:
    talk.admit()
    encounter = {"resourceType": "Encounter", "id": talk.visit_id, "period": {"end": "2015-03-09"}}
    draft = {"resourceType": "Claim", "extension": [_visit(talk)], "item": []}

    for operation, resource in (
        ("describe-visit", encounter),
        ("discharge-visit", encounter),
        ("add-lines", draft),
        ("settle", {key: value for key, value in draft.items() if key != "item"}),
    ):
        assert talk.town.operate(operation, resource, by=TOWNSHIP).codes == ["visit-not-found"]


def test_another_persons_visit_is_refused(talk: Talk) -> None:
    talk.admit()
    other = talk.town.resident(2)
    mistaken = replace(talk, person=talk.town.patient(other)["id"])

    assert mistaken.lines(line("1", "1.00")).codes == ["other-person"]
    assert mistaken.discharge().codes == ["other-person"]


def test_a_description_never_changes_whose_visit_it_is_or_its_number(talk: Talk) -> None:
    talk.admit()
    stated = {
        "resourceType": "Encounter",
        "id": talk.visit_id,
        "identifier": [{"system": "https://gateway.example/fhir/sid/visit", "value": "IP9999"}],
        "period": {"start": "2015-03-03T09:00:00+08:00"},
    }
    described = talk.town.operate("describe-visit", stated).body["Encounter"]

    assert described["identifier"][0]["value"] == "IP0001"
    assert described["period"]["start"] == "2015-03-03T09:00:00+08:00"
    elsewhere = stated | {"serviceProvider": {"reference": f"Organization/{TOWNSHIP_CODE}"}}
    assert talk.town.operate("describe-visit", elsewhere).codes == ["other-institution"]


def test_a_stay_settled_by_its_conversation_is_not_settled_again_over_fhir(talk: Talk) -> None:
    talk.admit("V1")
    talk.lines(line("1", "1000.00"))
    talk.discharge()
    first = talk.settle("1000.00")
    second = talk.town.submit(claim(talk.citizen_id, "1000.00", visit="V1"))

    assert second.codes == ["already-settled"]
    assert first.body["output"]["setlinfo"]["setl_id"] in second.reply.problems[0].text()


def test_the_same_treatment_is_the_same_fen_through_any_channel(talk: Talk) -> None:
    talk.admit()
    talk.lines(line("1", "20000.00"), line("2", "12680.45"))
    talk.discharge()
    other = talk.town.resident(2)

    over_fhir = talk.town.submit(claim(other, "20000.00", "12680.45"))
    assert str(paid(talk.settle("32680.45"))) == over_fhir.total("fund-total")


def test_a_cancelled_stay_is_settled_again_to_the_same_fen(talk: Talk) -> None:
    talk.admit()
    talk.lines(line("1", "900.00"))
    talk.discharge()
    first = talk.settle("900.00")
    setl_id = first.body["output"]["setlinfo"]["setl_id"]
    undone = talk.town.nhsa(
        requests.cancel(
            COUNTER,
            talk.town.moment(),
            settlement=setl_id,
            visit_id=talk.visit_id,
            person=talk.person,
            inpatient=True,
        )
    )

    assert paid(undone) == -paid(first)
    assert paid(talk.settle("900.00")) == paid(first)
    talk.town.sound()


def test_a_draft_of_a_visit_keeps_its_claim_level_extension(talk: Talk) -> None:
    talk.register()
    answer = talk.town.operate("add-lines", {"resourceType": "Claim", "extension": [_visit(talk)], "item": []})

    assert answer.body["Claim"]["status"] == "draft"
    assert answer.body["Claim"]["extension"][0]["url"] == ext("visit")


def _visit(talk: Talk) -> dict[str, Any]:
    return {"url": ext("visit"), "valueReference": {"reference": f"Encounter/{talk.visit_id}"}}
