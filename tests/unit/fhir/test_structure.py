"""Resources are checked against R4: names, types, cardinality, bindings and references, with every problem named."""

from decimal import Decimal
from typing import Any

import pytest

from gateway.fhir.guide import base_guide
from tests.unit.fhir.samples import claim, patient


def problems(resource: dict[str, Any], type_name: str) -> set[tuple[str, str]]:
    return {(problem.code, problem.path) for problem in base_guide().check(resource, type_name)}


def test_a_valid_claim_has_no_problem() -> None:
    assert base_guide().check(claim(), "Claim") == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"birthDate": "1950-02-30"}, ("bad-day", "Patient.birthDate")),
        ({"birthDate": 19500228}, ("wrong-type", "Patient.birthDate")),
        ({"birthdate": "1950-02-28"}, ("unknown-element", "Patient.birthdate")),
        ({"active": "true"}, ("wrong-type", "Patient.active")),
        ({"active": 1}, ("wrong-type", "Patient.active")),
        ({"gender": "f"}, ("unknown-code", "Patient.gender")),
        ({"name": {"text": "测试一"}}, ("expected-list", "Patient.name")),
        ({"name": []}, ("empty-element", "Patient.name")),
        ({"name": [{}]}, ("empty-element", "Patient.name[0]")),
        ({"name": ["测试一"]}, ("wrong-type", "Patient.name[0]")),
        ({"name": [{"text": ""}]}, ("empty-element", "Patient.name[0].text")),
        ({"name": [{"text": "a\x00b"}]}, ("bad-value", "Patient.name[0].text")),
        ({"name": [{"given": [None]}]}, ("wrong-type", "Patient.name[0].given[0]")),
        ({"gender": ["male"]}, ("expected-single", "Patient.gender")),
        ({"deceasedBoolean": True, "deceasedDateTime": "2015"}, ("two-choices", "Patient.deceased[x]")),
        ({"id": "x" * 65}, ("bad-value", "Patient.id")),
        ({"id": "a/b"}, ("bad-value", "Patient.id")),
        ({"implicitRules": "urn:x"}, ("modifier-unsupported", "Patient.implicitRules")),
        ({"modifierExtension": [{"url": "urn:x"}]}, ("modifier-unsupported", "Patient.modifierExtension")),
        ({"extension": [{"valueString": "x"}]}, ("missing-element", "Patient.extension[0].url")),
        (
            {"managingOrganization": {"reference": "Patient/1"}},
            ("bad-reference", "Patient.managingOrganization.reference"),
        ),
        ({"link": [{"type": "refer"}]}, ("missing-element", "Patient.link[0].other")),
        ({"text": {"status": "generated", "div": "<div><script>x</script></div>"}}, ("bad-value", "Patient.text.div")),
        ({"contained": [{"id": "a"}]}, ("missing-element", "Patient.contained[0].resourceType")),
        ({"contained": [{"resourceType": "Coverage"}]}, ("missing-element", "Patient.contained[0].status")),
        ({"multipleBirthInteger": 2**31}, ("bad-value", "Patient.multipleBirthInteger")),
        ({"_gender": {"wrong": 1}}, ("unknown-element", "Patient._gender.wrong")),
        ({"_name": {"id": "x"}}, ("unknown-element", "Patient._name")),
        ({"meta": {"lastUpdated": "2015-03-09"}}, ("bad-day", "Patient.meta.lastUpdated")),
        ({"contained": [{"resourceType": "Practitioner", "id": "p"}]}, ("invariant-broken", "Patient")),
        (
            {"extension": [{"url": "urn:x", "valuePeriod": {"start": "2015", "end": "2014"}}]},
            ("period-reversed", "Patient.extension[0].valuePeriod"),
        ),
    ],
    ids=str,
)
def test_each_kind_of_mistake_is_named_with_its_place(change: dict[str, Any], expected: tuple[str, str]) -> None:
    assert expected in problems({**patient(), **change}, "Patient")


@pytest.mark.parametrize(
    "change",
    [
        {"_birthDate": {"extension": [{"url": "urn:x", "valueDateTime": "1950-02-28T08:00:00+08:00"}]}},
        {"name": [{"given": [None, "一"], "_given": [{"extension": [{"url": "urn:x", "valueCode": "y"}]}, None]}]},
        {"deceasedDateTime": "2015-03-09T10:00:00.123+08:00"},
        {"birthDate": "1952-02-29"},
        {"text": {"status": "empty", "div": '<div xmlns="http://www.w3.org/1999/xhtml">测试</div>'}},
        {"extension": [{"url": "urn:x", "valueMoney": {"value": Decimal("0.10"), "currency": "CNY"}}]},
        {"extension": [{"url": "urn:x", "valueTiming": {"repeat": {"count": 2}}}]},
        {
            "contained": [{"resourceType": "Practitioner", "id": "p", "name": [{"text": "医生"}]}],
            "generalPractitioner": [{"reference": "#p"}],
        },
        {"link": [{"type": "refer", "other": {"reference": "https://other.example/fhir/Patient/1"}}]},
    ],
    ids=str,
)
def test_the_rest_of_r4_is_accepted(change: dict[str, Any]) -> None:
    assert base_guide().check({**patient(), **change}, "Patient") == []


def test_all_problems_are_reported_at_once() -> None:
    broken = claim(2)
    del broken["provider"]
    broken["status"] = "done"
    broken["item"][1]["sequence"] = 0
    broken["item"][1]["quantity"] = {"value": "2"}

    assert problems(broken, "Claim") == {
        ("missing-element", "Claim.provider"),
        ("unknown-code", "Claim.status"),
        ("bad-value", "Claim.item[1].sequence"),
        ("wrong-type", "Claim.item[1].quantity.value"),
    }


def test_a_flood_of_problems_is_cut_short() -> None:
    found = base_guide().check({"resourceType": "Patient", "name": ["x"] * 100_000}, "Patient")

    assert len(found) == 201
    assert found[-1].code == "more-problems"


@pytest.mark.parametrize("name", [None, 1, "Observation", "Bogus", ["Patient"]])
def test_another_type_is_refused(name: Any) -> None:
    assert problems({"resourceType": name}, "Patient") == {("unknown-resource-type", "resourceType")}


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("Patient/1", True),
        ("Patient/1/_history/2", True),
        ("https://gateway.example/fhir/Patient/1", True),
        ("https://gateway.example/fhir/Organization/1", False),
        ("https://other.example/Organization/1", False),
        ("https://other.example/people?id=1", True),
        ("urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", True),
        ("#contained", False),
        ("Organization/1", False),
        ("Patient", False),
        ("Patient/", False),
        ("Patient/1?x", False),
        ("patient/1", False),
        ("../Patient/1", False),
        ("javascript:alert(1)", False),
    ],
)
def test_references_have_a_shape_and_a_target(text: str, fits: bool) -> None:
    resource = {**patient(), "link": [{"type": "seealso", "other": {"reference": text}}]}

    assert (problems(resource, "Patient") == set()) is fits
