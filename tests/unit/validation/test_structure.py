"""A resource by its base type: names, cardinality, choices, null, what is missing, and where it is said to be."""

from decimal import Decimal
from typing import Any

import pytest

from gateway.validation.issue import MOST_FINDINGS
from tests.unit.validation.samples import bundle, claim, coverage, errors, issues, patient


@pytest.mark.parametrize("resource", [patient(), coverage(), claim(), bundle(patient(), coverage())])
def test_a_valid_resource_has_no_issue_at_all(resource: dict[str, Any]) -> None:
    assert issues(resource) == []


@pytest.mark.parametrize(
    ("change", "code", "location"),
    [
        ({"colour": "red"}, "unknown-element", "Patient.colour"),
        ({"name": {"text": "王小明"}}, "expected-list", "Patient.name"),
        ({"gender": ["male"]}, "expected-single", "Patient.gender"),
        ({"name": []}, "empty-element", "Patient.name"),
        ({"name": [{}]}, "empty-element", "Patient.name[0]"),
        ({"name": [{"id": "n1"}]}, "empty-element", "Patient.name[0]"),
        ({"name": ["王小明"]}, "wrong-type", "Patient.name[0]"),
        ({"name": [None]}, "wrong-type", "Patient.name[0]"),
        ({"active": "true"}, "wrong-type", "Patient.active"),
        ({"active": 1}, "wrong-type", "Patient.active"),
        ({"birthDate": "1965-02-29"}, "bad-day", "Patient.birthDate"),
        ({"gender": "boy"}, "unknown-code", "Patient.gender"),
        ({"deceasedDateTime": "2024-01-01"}, "two-choices", "Patient.deceased"),
        ({"name": [{"given": [None, "明"]}]}, "null-value", "Patient.name[0].given[0]"),
        ({"contact": [{"relationship": [{"text": "妻"}]}]}, "invariant-broken", "Patient.contact[0]"),
        ({"language": "no such language"}, "unknown-code", "Patient.language"),
        ({"resourceType": "Horse"}, "unknown-resource-type", "Horse.resourceType"),
    ],
)
def test_each_mistake_has_its_code_and_place(change: dict[str, Any], code: str, location: str) -> None:
    assert errors(patient(**change)) == [(code, location)]


@pytest.mark.parametrize("name", ["status", "type", "use", "patient", "created", "provider", "priority", "insurance"])
def test_what_a_claim_must_have_is_missed(name: str) -> None:
    resource = claim()
    del resource[name]

    assert errors(resource) == [("missing-element", f"Claim.{name}")]


def test_a_choice_that_must_be_there_is_missed_and_may_be_given_by_any_of_its_types() -> None:
    resource = claim(1)
    del resource["diagnosis"][0]["diagnosisCodeableConcept"]
    assert errors(resource) == [("missing-element", "Claim.diagnosis[0].diagnosis")]

    resource["diagnosis"][0]["diagnosisReference"] = {"reference": "Condition/1"}
    assert errors(resource) == []


def test_an_extension_may_stand_for_the_value_of_a_primitive() -> None:
    absent = {
        "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]
    }

    assert errors(patient(birthDate=None, _birthDate=absent)) == []
    assert errors(patient(name=[{"given": [None, "明"], "_given": [absent, None]}])) == []
    assert errors(claim(1) | {"created": None, "_created": absent} | {"created": "2024-08-16"}) == []


def test_an_id_alone_stands_beside_a_value_only() -> None:
    assert errors(patient(_birthDate={"id": "b"})) == []
    assert errors(patient(birthDate=None, _birthDate={"id": "b"})) == [("empty-element", "Patient.birthDate")]
    assert errors(patient(name=[{"given": ["明"], "_given": [{"id": "g"}]}])) == []
    assert errors(patient(name=[{"given": ["明", None], "_given": [None, {"id": "g"}]}])) == [
        ("empty-element", "Patient.name[0].given[1]")
    ]


def test_a_choice_is_told_by_its_type_in_the_location() -> None:
    resource = claim(1)
    resource["diagnosis"][0]["diagnosisCodeableConcept"]["coding"][0]["code"] = " J18"

    assert errors(resource) == [("bad-value", "Claim.diagnosis[0].diagnosis.ofType(CodeableConcept).coding[0].code")]


def test_issues_come_in_the_order_of_the_document_and_missing_ones_last_in_their_object() -> None:
    resource = {
        "resourceType": "Coverage",
        "period": {"start": "x"},
        "payor": [{"reference": "nobody"}],
        "status": "on",
    }

    assert errors(resource) == [
        ("bad-day", "Coverage.period.start"),
        ("bad-reference", "Coverage.payor[0].reference"),
        ("unknown-code", "Coverage.status"),
        ("missing-element", "Coverage.beneficiary"),
    ]


def test_after_two_hundred_problems_one_says_that_there_are_more() -> None:
    found = issues(patient(name=[{"first": place} for place in range(500)]))

    assert len(found) == MOST_FINDINGS + 1
    assert found[-1].code == "more-problems"


@pytest.mark.parametrize(
    "value", [None, [], "Patient", 7, Decimal("1.5"), {}, {"resourceType": 7}, {"resourceType": ""}]
)
def test_what_is_no_resource_is_said_to_be_none(value: Any) -> None:
    assert [each.severity for each in issues(value)] == ["error"]


def test_extensions_inside_extensions_end_somewhere() -> None:
    inner: dict[str, Any] = {"url": "https://example.org/x", "valueString": "deep"}
    for _ in range(5000):
        inner = {"url": "https://example.org/x", "extension": [inner]}

    assert ("too-deep") in {code for code, _ in errors(patient(extension=[inner]))}


def test_a_questionnaire_item_lies_inside_itself_by_reference() -> None:
    item: dict[str, Any] = {"linkId": "1", "type": "group", "item": [{"linkId": "1.1", "type": "sort"}]}
    resource = {"resourceType": "Questionnaire", "status": "active", "item": [item]}

    assert errors(resource) == [("unknown-code", "Questionnaire.item[0].item[0].type")]


def test_every_issue_says_in_two_languages_what_to_send() -> None:
    found = issues({"resourceType": "Claim", "status": "x", "item": [{}], "total": 5})

    assert len(found) > 8
    assert all(":" in each.text_en and ":" in each.text_zh for each in found)
