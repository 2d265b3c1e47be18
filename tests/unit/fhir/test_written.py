"""What is written: decisions, plans, the catalogue, outcomes, Bundles and capabilities; FHIR's own types agree."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest

from gateway.fhir.bundle import first_claim, write_searchset
from gateway.fhir.capability import INTERACTIONS, write_capability
from gateway.fhir.claim import read_claim
from gateway.fhir.claim_response import negated_response, write_response
from gateway.fhir.code_system import write_code_system
from gateway.fhir.coverage import write_coverage
from gateway.fhir.encounter import write_encounter
from gateway.fhir.insurance_plan import write_insurance_plan
from gateway.fhir.json import canonical, decode, encode
from gateway.fhir.outcome import ISSUE_TYPES, write_outcome
from gateway.fhir.patient import write_patient
from gateway.fhir.search_parameters import PARAMETERS
from gateway.fhir.systems import CURRENCY, ext, sid
from gateway.kernel.problem import Kind, Problem, Refusal
from tests.unit.fhir.decided import AT, CATALOGUE, POLICY, decided
from tests.unit.fhir.samples import CITIZEN, PERSON, TODAY, claim, coverage, patient
from tests.unit.fhir.test_people import BY_NAME, SPELL, VISIT

RESPONSE_ID = "321182000000000000000000000r01"
CANCEL_ID = "321182000000000000000000000r02"
CLAIM_ID = "321182000000000000000000000c01"


@dataclass(frozen=True)
class Row:
    """A stored version, as the store has it."""

    type: str
    id: str
    body: bytes
    version: int = 1
    updated_at: datetime = AT


def response() -> dict[str, Any]:
    decision, reading = decided()
    return write_response(decision, reading, created=AT, response_id=RESPONSE_ID, claim_id=CLAIM_ID)


def cancellation() -> dict[str, Any]:
    return negated_response(response(), response_id=CANCEL_ID, created=AT)


def amounts(parts: list[dict[str, Any]]) -> dict[str, str]:
    return {part["category"]["coding"][0]["code"]: str(part["amount"]["value"]) for part in parts}


def test_each_line_says_what_became_of_it() -> None:
    items = response()["item"]

    assert [list(amounts(item["adjudication"])) for item in items] == 4 * [
        ["submitted", "own-expense", "over-limit", "first-payment", "in-scope"]
    ]
    assert [list(amounts(item["adjudication"]).values()) for item in items] == [
        ["24.69", "0.00", "0.00", "0.00", "24.69"],
        ["24.69", "0.00", "0.69", "2.40", "21.60"],  # 12.00 × 2 = 24.00; 24.00 × 10% = 2.40; 24.00 − 2.40 = 21.60
        ["24.69", "24.69", "0.00", "0.00", "0.00"],
        ["24.69", "24.69", "0.00", "0.00", "0.00"],
    ]
    assert items[3]["adjudication"][1]["reason"] == {"text": "目录外,全自费 / off the catalogue: own expense"}


def test_each_line_names_its_terms_and_the_senders_number() -> None:
    def values(number: int) -> dict[str, Any]:
        extensions = response()["item"][number]["extension"]
        return {each["url"].rpartition("/")[2]: next(v for k, v in each.items() if k != "url") for each in extensions}

    assert values(1) == {
        "line-number": "L2",
        "item-class": "B",
        "first-payment-rate": Decimal("0.1000"),
        "price-ceiling": Decimal("12.00"),
        "charge": "drug",
    }
    assert values(3) == {"line-number": "L4", "item-class": "none"}


def test_the_totals_come_in_their_order_and_add_up() -> None:
    total = amounts(response()["total"])

    assert total == {
        "submitted": "98.76",  # 4 × 24.69
        "own-expense": "49.38",  # 2 × 24.69
        "over-limit": "0.69",
        "first-payment": "2.40",
        "in-scope": "46.29",  # 24.69 + 21.60
        "deductible": "5.00",
        "counted": "41.29",  # 46.29 − 5.00
        "fund-basic": "24.77",  # 41.29 × 60% = 24.774
        "fund-total": "24.77",
        "account": "0.00",
        "cash": "73.99",  # 98.76 − 24.77
        "institution-share": "0.00",
    }
    assert list(total)[:7] == [
        "submitted",
        "own-expense",
        "over-limit",
        "first-payment",
        "in-scope",
        "deductible",
        "counted",
    ]


def test_the_notes_give_the_arithmetic_in_both_languages() -> None:
    notes = response()["processNote"]

    assert [note["number"] for note in notes] == list(range(1, len(notes) + 1))
    assert "起付线:min(46.29, 5.00) = 5.00(依据:起付线示范)" in [note["text"] for note in notes]
    assert {note["language"]["coding"][0]["code"] for note in notes} == {"zh-CN", "en"}


def test_a_response_names_claim_policy_and_payment() -> None:
    written = response()

    assert written["request"] == {"reference": f"Claim/{CLAIM_ID}"}
    assert written["extension"] == [{"url": ext("policy"), "valueString": "321182-resident@0123456789abcdef"}]
    assert written["payment"]["amount"] == {"value": Decimal("24.77"), "currency": CURRENCY}
    assert written["payment"]["date"] == "2015-03-09"
    assert written["created"] == "2015-03-09T00:30:00.000Z"
    assert written["disposition"].startswith("总费用 98.76 元,基金支付 24.77 元,个人负担 73.99 元 / ")


def test_a_trial_has_no_ids() -> None:
    decision, reading = decided()

    trial = write_response(decision, reading, created=AT)

    assert not {"id", "identifier", "request"} & set(trial)


def test_a_cancellation_negates_every_amount_and_names_what_it_cancels() -> None:
    original, negated = response(), cancellation()

    assert amounts(negated["total"])["cash"] == "-73.99"
    assert amounts(negated["total"])["account"] == "0.00"
    for before, after in zip(original["item"], negated["item"], strict=True):
        for one, other in zip(before["adjudication"], after["adjudication"], strict=True):
            assert one["amount"]["value"] == -other["amount"]["value"]
    assert negated["id"] == CANCEL_ID
    assert negated["extension"][-1] == {
        "url": ext("cancels"),
        "valueReference": {"reference": f"ClaimResponse/{RESPONSE_ID}"},
    }
    assert original == response(), "the original is left as it was"


def test_a_cancellation_can_be_made_of_the_stored_response() -> None:
    stored = decode(encode(response()))

    assert encode(negated_response(stored, response_id=CANCEL_ID, created=AT)) == encode(cancellation())


def test_a_policy_is_published_with_its_figures_and_their_source() -> None:
    plan = write_insurance_plan(POLICY)
    steps, figures = (each["specificCost"] for each in plan["plan"])
    (deductible,) = figures[0]["benefit"]
    (tiers,) = figures[1]["benefit"]

    assert plan["id"] == "321182-resident"
    assert plan["period"] == {"start": "2013-01-01", "end": "2015-12-31"}
    assert [each["type"]["coding"][0]["code"] for each in steps[0]["benefit"]] == ["catalogue", "deductible", "tiers"]
    assert [each["value"]["value"] for each in deductible["cost"]] == [Decimal("3.00"), Decimal("5.00")]
    assert [each["value"]["value"] for each in tiers["cost"]] == [60, 70]
    assert {"url": ext("source"), "valueString": "起付线示范"} in deductible["extension"]


def test_the_catalogue_is_published_as_of_a_day() -> None:
    system = write_code_system(CATALOGUE, day=TODAY)

    assert system["count"] == 3
    assert {"code": "class", "valueCode": "B"} in system["concept"][1]["property"]
    assert {"code": "first-payment", "valueDecimal": Decimal("0.1000")} in system["concept"][1]["property"]
    assert {"code": "price-ceiling", "valueDecimal": Decimal("12.00")} in system["concept"][1]["property"]
    assert {"code": "price-ceiling-township", "valueDecimal": Decimal("9.99")} in system["concept"][2]["property"]
    assert write_code_system(CATALOGUE, day=TODAY.replace(year=2016)).get("concept", []) == []


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_problem_has_an_issue_type(kind: Kind) -> None:
    (issue,) = write_outcome([Problem(kind, "a-code", "Claim.total", "english", "中文")])["issue"]

    assert issue["code"] == ISSUE_TYPES[kind]
    assert issue["severity"] == ("fatal" if kind is Kind.FAULT else "error")
    assert issue["details"]["coding"][0]["code"] == "a-code"
    assert issue["details"]["text"] == "中文 / english"
    assert issue["expression"] == ["Claim.total"]


def test_an_outcome_names_every_problem() -> None:
    problems = [Problem(Kind.RULE, f"code-{n}", "", "e", "z") for n in range(3)]

    assert [each["details"]["coding"][0]["code"] for each in write_outcome(problems)["issue"]] == [
        "code-0",
        "code-1",
        "code-2",
    ]


def test_a_searchset_is_joined_of_stored_bytes() -> None:
    rows = [Row("Patient", "a", canonical(patient())), Row("Coverage", "b", canonical(coverage()), version=4)]

    bundle = decode(write_searchset(rows, total=7, self_link="Patient?_count=2", next_link="Patient?_count=2&_after=x"))

    assert bundle["total"] == 7
    assert [each["relation"] for each in bundle["link"]] == ["self", "next"]
    assert [entry["fullUrl"] for entry in bundle["entry"]] == [
        "https://gateway.example/fhir/Patient/a",
        "https://gateway.example/fhir/Coverage/b",
    ]
    assert bundle["entry"][1]["resource"]["meta"] == {"versionId": "4", "lastUpdated": "2015-03-09T00:30:00.000Z"}


def test_an_empty_searchset_has_no_entry() -> None:
    assert decode(write_searchset([], total=0, self_link="Patient")) == {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": 0,
        "link": [{"relation": "self", "url": "https://gateway.example/fhir/Patient"}],
    }


PATIENT_URL = "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"
COVERAGE_URL = "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e1"


def submitted() -> dict[str, Any]:
    sent = claim(1)
    sent["patient"] = {"reference": PATIENT_URL}
    sent["insurance"][0]["coverage"] = {"reference": COVERAGE_URL}
    covered = {**coverage(), "identifier": [{"system": sid("card"), "value": "C1"}]}
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e2", "resource": sent},
            {"fullUrl": PATIENT_URL, "resource": patient()},
            {"fullUrl": COVERAGE_URL, "resource": covered},
        ],
    }


def test_the_claim_of_a_bundle_names_its_people_by_identifier() -> None:
    found = first_claim(submitted())

    assert found["patient"] == {"identifier": {"system": sid("citizen-id"), "value": CITIZEN}}
    assert found["insurance"][0]["coverage"] == {"identifier": {"system": sid("card"), "value": "C1"}}
    assert read_claim(found, today=TODAY).citizen_id == CITIZEN


def test_a_reference_to_what_is_stored_here_stays() -> None:
    bundle = submitted()
    bundle["entry"][0]["resource"] = claim(1)
    del bundle["entry"][1:]

    assert first_claim(bundle)["patient"] == {"reference": f"Patient/{PERSON}"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"entry": []}, "bundle-without-claim"),
        ({"entry": {}}, "bundle-without-claim"),
        ({"entry": [{"resource": patient()}]}, "bundle-without-claim"),
        ({"resourceType": "Claim"}, "bundle-without-claim"),
        ({"entry": [1]}, "wrong-type"),
        ({"entry": [{"resource": 1}]}, "missing-element"),
        ({"entry": [{"resource": claim(1), "fullUrl": 1}]}, "wrong-type"),
        ({"entry": [submitted()["entry"][0]]}, "bad-reference"),
        ({"entry": [{"resource": claim(1)}] * 101}, "too-many-entries"),
        (
            {"entry": [*submitted()["entry"][:1], {"fullUrl": PATIENT_URL, "resource": {"resourceType": "Patient"}}]},
            "missing-identifier",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_bundle_that_submits_no_claim_is_refused(change: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        first_claim({**submitted(), **change})

    assert code in {problem.code for problem in refusal.value.problems}


def test_the_capabilities_are_those_of_the_tables() -> None:
    statement = write_capability(version="0.1.0", published_on="2015-03-09")
    resources = {each["type"]: each for each in statement["rest"][0]["resource"]}

    assert set(resources) == set(INTERACTIONS)
    for name, resource in resources.items():
        assert [each["code"] for each in resource["interaction"]] == list(INTERACTIONS[name])
        offered = {each["name"] for each in resource["searchParam"]}
        assert offered == {"_id", "_lastUpdated", *(parameter.name for parameter in PARAMETERS[name])}
    assert resources["Claim"]["operation"][0]["name"] == "submit"


TYPED = {
    "ClaimResponse": response(),
    "ClaimResponse of a cancellation": cancellation(),
    "Patient": write_patient(BY_NAME),
    "Coverage": write_coverage(SPELL),
    "Encounter": write_encounter(VISIT),
    "InsurancePlan": write_insurance_plan(POLICY),
    "CodeSystem": write_code_system(CATALOGUE, day=TODAY),
    "OperationOutcome": write_outcome([Problem(Kind.RULE, "a-code", "Claim", "e", "z")]),
    "CapabilityStatement": write_capability(version="0.1.0", published_on="2015-03-09"),
    "Claim": claim(),
    "Bundle": decode(write_searchset([Row("Patient", "a", canonical(patient()))], total=1, self_link="Patient")),
}


@pytest.mark.parametrize("name", TYPED)
def test_typed_fhir_reads_what_we_write(name: str) -> None:
    """fhir.resources knows R4B, which is R4 for these types."""
    type_name = TYPED[name]["resourceType"]
    model = getattr(import_module(f"fhir.resources.R4B.{type_name.lower()}"), type_name)

    typed = model.model_validate_json(encode(TYPED[name]))

    assert typed.get_resource_type() == type_name
