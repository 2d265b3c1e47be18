"""Claims tried, settled and cancelled on both databases."""

from dataclasses import replace
from decimal import Decimal

import pytest

from gateway.exchange.rest import prepare_write
from gateway.fhir.json import encode
from gateway.fhir.parts import concept
from gateway.fhir.systems import cs, ext, sid
from gateway.kernel.problem import Kind
from gateway.settlement.explain import explain_trace
from gateway.settlement.steps import FIGURES
from gateway.store.values import SettlementState
from tests.unit.exchange.town import AGENCY, CITY, TOWNSHIP, TOWNSHIP_CODE, Answer, Town, cancellation, claim, read

HYPERTENSION = {"sequence": 1, "diagnosisCodeableConcept": concept(cs("diagnosis"), "I10.x00")}


def cancelled(town: Town, *, key: str = "", **numbers: str) -> Answer:
    return town.operate("cancel", cancellation(**numbers))


# settling


def test_a_claim_is_settled_to_the_fen(town: Town) -> None:
    answer = town.submit(claim(town.resident(), "20000.00", "12680.45"))

    # 32680.45 - 500.00 = 32180.45; 6000.00 + 22180.45 * 65% = 20417.29
    assert answer.reply.refused is None
    assert answer.body["resourceType"] == "ClaimResponse"
    assert [answer.total(code) for code in ("submitted", "deductible", "fund-total", "cash")] == [
        "32680.45",
        "500.00",
        "20417.29",
        "12263.16",
    ]
    town.sound()


def test_claim_response_postings_movements_and_settlement_are_recorded_together(town: Town) -> None:
    person = town.resident()
    answer = town.submit(claim(person, "20000.00", "12680.45"))
    [settlement] = town.settlements()

    assert (settlement.id, settlement.fund, settlement.total) == (answer.id, 2041729, 3268045)
    assert (settlement.state, settlement.number, settlement.period) == (SettlementState.EFFECTIVE, 1, "2015")
    assert settlement.treatment == "H32118200001|V1"
    stored = town.store.read("Claim", settlement.claim)
    assert stored is not None
    assert (stored.owner, stored.person) == ("H32118200001", town.patient(person)["id"])
    assert town.counters(person)["basic", "2015"].fund == 2041729
    assert town.store.party_balances("provider-payable") == {"H32118200001": -2041729}


def test_the_stored_claim_names_person_and_coverage_by_our_ids(town: Town) -> None:
    person = town.resident()
    town.submit(claim(person))
    [settlement] = town.settlements()
    stored = town.store.read("Claim", settlement.claim)
    assert stored is not None
    body = read(stored.body)

    assert body["patient"] == {"reference": f"Patient/{town.patient(person)['id']}"}
    assert body["insurance"][0]["coverage"]["reference"].startswith("Coverage/321182")


def test_the_stored_trace_explains_the_settlement(town: Town) -> None:
    town.submit(claim(town.resident(), "20000.00", "12680.45"))
    [settlement] = town.settlements()
    told = explain_trace(read(settlement.trace), FIGURES)

    assert told[-1].arithmetic == "(32180.45 − 10000.00) × 65 % = 14417.29"
    assert town.store.policy_body(settlement.policy_hash) is None  # kept when reference data is published


def test_a_trial_is_the_same_decision_and_leaves_nothing(town: Town) -> None:
    person = town.resident()
    before = town.store.verify().counts
    trial = town.submit(claim(person, "20000.00", "12680.45", use="predetermination"))
    left = {name: number - before[name] for name, number in town.store.verify().counts.items() if number - before[name]}
    final = town.submit(claim(person, "20000.00", "12680.45"))

    assert left == {"message": 1, "audit": 1}
    assert "id" not in trial.body
    assert trial.body["total"] == final.body["total"]


def test_a_later_claim_of_the_year_goes_on_where_the_first_ended(town: Town) -> None:
    person = town.resident()
    town.submit(claim(person, "10500.00"))
    second = town.submit(claim(person, "1500.00", visit="V2"))

    assert second.total("fund-total") == "650.00"
    assert [settlement.number for settlement in town.settlements()] == [1, 2]
    town.sound()


def test_only_the_years_worth_of_the_ceiling_is_paid(town: Town) -> None:
    person = town.resident()
    town.submit(claim(person, *["26000.00"] * 4))
    last = town.submit(claim(person, "26000.00", visit="V2"))
    beyond = town.submit(claim(person, "26000.00", visit="V3"))

    # 104000.00 - 500.00 = 103500.00; 120000.00 - 103500.00 = 16500.00 * 70%
    assert last.total("counted") == "16500.00"
    assert last.total("fund-total") == "11550.00"
    assert beyond.total("fund-total") == "0.00"
    town.sound()


def test_a_claim_that_the_fund_pays_nothing_of_is_settled_without_postings(town: Town) -> None:
    answer = town.submit(claim(town.resident(), "300.00"))

    assert answer.total("cash") == "300.00"
    assert town.store.party_balances("provider-payable") == {}
    assert len(town.settlements()) == 1
    town.sound()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"provider": {"reference": "Organization/H32118200101"}}, "other-institution"),
        (
            {
                "subType": {"coding": [{"system": cs("claim-kind"), "code": "special_drug"}]},
                "diagnosis": [HYPERTENSION],
            },
            "not-indicated",
        ),
        (
            {"patient": {"identifier": {"system": sid("citizen-id"), "value": "321182195001010999"}}},
            "citizen-id-checksum",
        ),
        ({"patient": {"reference": "Patient/3211820000000000000000000p0009"}}, "person-not-found"),
        ({"total": {"value": Decimal("1.00"), "currency": "CNY"}}, "unbalanced-total"),
        ({"status": "cancelled"}, "withdrawn-claim"),
        ({"status": "entered-in-error"}, "withdrawn-claim"),
    ],
)
def test_what_cannot_be_settled_says_why_and_changes_nothing(town: Town, change: dict[str, object], code: str) -> None:
    answer = town.submit({**claim(town.resident()), **change})

    assert answer.codes == [code]
    assert town.settlements() == []
    town.sound()


def test_an_institution_that_is_not_designated_is_refused(town: Town) -> None:
    closed = replace(TOWNSHIP, institution="H32118200104")
    answer = town.submit(claim(town.resident(), provider="H32118200104"), by=closed)

    assert answer.codes == ["not-designated"]


def test_a_person_without_birth_date_is_taken_by_the_citizen_id(town: Town) -> None:
    person = town.resident()
    patient = {name: value for name, value in town.patient(person).items() if name != "birthDate"}
    _store_patient(town, patient)

    assert town.submit(claim(person)).reply.refused is None


def test_a_person_with_neither_is_refused_by_rule(town: Town) -> None:
    person = town.resident()
    patient = {name: v for name, v in town.patient(person).items() if name not in ("birthDate", "identifier")}
    _store_patient(town, patient)

    answer = town.submit(claim(person, patient={"reference": f"Patient/{patient['id']}"}))
    assert answer.codes == ["birth-date-unknown"]


def _store_patient(town: Town, patient: dict[str, object]) -> None:
    prepared = prepare_write(town.exchange, AGENCY, "Patient", encode(patient), id=str(patient["id"]))
    assert town.exchange.conclude(prepared).result().refused is None


def test_a_stated_split_that_differs_names_each_part(town: Town) -> None:
    split = {
        "url": ext("stated-split"),
        "extension": [
            {"url": "own-expense", "valueDecimal": Decimal("0.00")},
            {"url": "over-limit", "valueDecimal": Decimal("0.01")},
            {"url": "in-scope", "valueDecimal": Decimal("999.99")},
        ],
    }
    person = town.resident()
    answer = town.submit(claim(person, extension=[split]))

    assert [(problem.code, problem.path) for problem in answer.reply.problems] == [
        ("stated-split-differs", "Claim.extension[stated-split].over_limit"),
        ("stated-split-differs", "Claim.extension[stated-split].in_scope"),
    ]
    assert answer.reply.refused is Kind.RULE
    assert town.settlements() == []


# one treatment, one settlement


def test_a_stay_is_settled_once_whatever_its_bill_is_called(town: Town) -> None:
    person = town.resident()
    first = town.submit(claim(person))
    second = town.submit(claim(person, bill="B2"))

    assert second.codes == ["already-settled"]
    assert first.id in second.reply.problems[0].text()


def test_the_bills_of_an_outpatient_visit_are_settled_each(town: Town) -> None:
    person = town.resident()
    for bill in ("B1", "B2"):
        assert town.submit(claim(person, bill=bill, kind="chronic")).reply.refused is None

    assert town.submit(claim(person, bill="B2", kind="chronic"), key="again").codes == ["already-settled"]


def test_a_trial_of_a_settled_treatment_is_refused_too(town: Town) -> None:
    person = town.resident()
    town.submit(claim(person))

    assert town.submit(claim(person, use="predetermination")).codes == ["already-settled"]


def test_two_institutions_may_use_the_same_numbers(town: Town) -> None:
    person = town.resident()
    town.submit(claim(person))

    assert town.submit(claim(person, provider=TOWNSHIP_CODE), by=TOWNSHIP).reply.refused is None


def test_a_claim_with_lines_that_also_names_a_visit_is_settled_by_its_lines(town: Town) -> None:
    visit = {"url": ext("visit"), "valueReference": {"reference": "Encounter/3211820000000000000000000v0001"}}
    answer = town.submit(claim(town.resident(), "700.00", extension=[visit]))

    assert answer.total("submitted") == "700.00"


# cancelling


def test_a_cancellation_restores_counters_and_books_exactly(town: Town) -> None:
    person = town.resident()
    before = town.store.trial_balance()
    answer = town.submit(claim(person, "20000.00", "12680.45"))
    undone = cancelled(town, settlement=answer.id)

    assert undone.reply.refused is None
    assert town.counters(person) == {}
    assert {k: v for k, v in town.store.trial_balance().items() if v} == {k: v for k, v in before.items() if v}
    [settlement] = town.settlements()
    assert (settlement.state, settlement.cancelled_by) == (SettlementState.CANCELLED, undone.reply.subject)
    town.sound()


def test_a_cancellation_is_a_response_of_its_own_with_every_amount_negated(town: Town) -> None:
    answer = town.submit(claim(town.resident(), "20000.00", "12680.45"))
    undone = Answer(cancelled(town, settlement=answer.id).reply, {})
    stored = town.store.read("ClaimResponse", undone.reply.subject)
    first = town.store.read("ClaimResponse", answer.id)
    assert stored is not None
    assert first is not None
    negated = Answer(undone.reply, read(stored.body))

    assert [negated.total(code) for code in ("submitted", "fund-total", "cash")] == [
        "-32680.45",
        "-20417.29",
        "-12263.16",
    ]
    links = [each for each in negated.body["extension"] if each["url"] == ext("cancels")]
    assert links == [{"url": ext("cancels"), "valueReference": {"reference": f"ClaimResponse/{answer.id}"}}]
    assert read(first.body)["status"] == "cancelled"


def test_a_settlement_cancelled_before_says_by_what(town: Town) -> None:
    answer = town.submit(claim(town.resident()))
    undone = cancelled(town, settlement=answer.id)
    again = cancelled(town, settlement=answer.id)

    assert again.codes == ["already-cancelled"]
    assert undone.reply.subject in again.reply.problems[0].text()


def test_the_last_settlement_is_cancelled_first(town: Town) -> None:
    person = town.resident()
    first, second = town.submit(claim(person)), town.submit(claim(person, visit="V2"))

    refused = cancelled(town, settlement=first.id)
    assert refused.codes == ["later-settlement-exists"]
    assert second.id in refused.reply.problems[0].text()
    assert [cancelled(town, settlement=each.id).reply.refused for each in (second, first)] == [None, None]
    assert town.counters(person) == {}
    town.sound()


def test_a_later_settlement_of_another_person_is_no_hindrance(town: Town) -> None:
    answer = town.submit(claim(town.resident(1)))
    town.submit(claim(town.resident(2), visit="V2"))

    assert cancelled(town, settlement=answer.id).reply.refused is None


def test_settled_again_after_its_cancellation_it_is_the_same_fen(town: Town) -> None:
    person = town.resident()
    town.submit(claim(person, "10500.00", visit="V0"))
    first = town.submit(claim(person, "20000.00", "12680.45"))
    cancelled(town, settlement=first.id)
    again = town.submit(claim(person, "20000.00", "12680.45"), key="second time")

    assert again.id != first.id
    assert again.body["total"] == first.body["total"]
    assert [settlement.number for settlement in town.settlements()] == [1, 2, 3]
    town.sound()


def test_visit_and_bill_name_a_settlement_together(town: Town) -> None:
    """Bill numbers repeat from visit to visit: the one of the other visit stays in force."""
    one, other = town.resident(1), town.resident(2)
    first = town.submit(claim(one, kind="chronic", visit="V1", bill="1"))
    second = town.submit(claim(other, kind="chronic", visit="V2", bill="1"))
    undone = cancelled(town, visit="V1", bill="1")

    assert undone.reply.refused is None
    states = {settlement.id: settlement.state for settlement in town.settlements()}
    assert states == {first.id: SettlementState.CANCELLED, second.id: SettlementState.EFFECTIVE}


def test_of_several_settlements_of_a_bill_the_one_in_force_is_cancelled(town: Town) -> None:
    person = town.resident()
    first = town.submit(claim(person))
    cancelled(town, visit="V1")
    second = town.submit(claim(person), key="second time")

    assert cancelled(town, bill="B1").reply.refused is None
    assert {settlement.state for settlement in town.settlements()} == {SettlementState.CANCELLED}
    assert cancelled(town, bill="B1").codes == ["already-cancelled"]
    assert first.id != second.id


@pytest.mark.parametrize(
    "numbers", [{"settlement": "3211820000000000000000000s0001"}, {"visit": "V9"}, {"bill": "B9"}, {}]
)
def test_an_unknown_settlement_is_not_found(town: Town, numbers: dict[str, str]) -> None:
    town.submit(claim(town.resident()))
    answer = cancelled(town, **numbers)

    assert (answer.codes, answer.reply.refused) == (["settlement-not-found"], Kind.NOT_FOUND)


@pytest.mark.parametrize("by_number", ["settlement", "visit", "bill"])
def test_another_clinics_settlement_is_not_there(town: Town, by_number: str) -> None:
    answer = town.submit(claim(town.resident()))
    number = {"settlement": answer.id, "visit": "V1", "bill": "B1"}[by_number]
    refused = town.operate("cancel", cancellation(**{by_number: number}), by=TOWNSHIP)

    assert refused.codes == ["settlement-not-found"]
    assert "H32118200001" not in refused.reply.problems[0].text()
    assert [settlement.state for settlement in town.settlements()] == [SettlementState.EFFECTIVE]


def test_the_agency_cancels_for_any_institution(town: Town) -> None:
    answer = town.submit(claim(town.resident()))

    assert town.operate("cancel", cancellation(settlement=answer.id), by=AGENCY).reply.refused is None
    town.sound()


def test_a_cancellation_that_names_another_person_is_refused(town: Town) -> None:
    answer, other = town.submit(claim(town.resident(1))), town.resident(2)
    asked = cancellation(settlement=answer.id) | {"patient": {"reference": f"Patient/{town.patient(other)['id']}"}}

    assert town.operate("cancel", asked, by=CITY).codes == ["settlement-not-found"]
