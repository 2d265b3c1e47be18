"""References: form, type of the target, contained and bundled targets, profiles of the target, aggregation."""

from typing import Any

import pytest

from gateway.validation.validate import Validator
from tests.unit.validation.samples import (
    CORE,
    HERE,
    base,
    bundle,
    claim,
    coverage,
    errors,
    library_with,
    patient,
    profile,
)


@pytest.mark.parametrize(
    "text",
    [
        "Patient/1",
        "Patient/1/_history/2",
        "https://example.org/fhir/Patient/1",
        "urn:uuid:c757873d-ec9a-4326-a141-556f43239520",
        "urn:oid:1.2.3",
        "https://example.org/people?id=7",
    ],
)
def test_a_reference_to_a_patient_may_be_written_so(text: str) -> None:
    assert errors(coverage(beneficiary={"reference": text})) == []


@pytest.mark.parametrize(
    "text",
    [
        "1",
        "Patient/",
        "Patient/a b",
        "Patient/a/b",
        "Organization/1",
        "https://example.org/Claim/1",
        "urn:uuid:7",
        "a b",
    ],
)
def test_what_is_no_reference_to_a_patient(text: str) -> None:
    assert errors(coverage(beneficiary={"reference": text})) in (
        [("bad-reference", "Coverage.beneficiary.reference")],
        [("bad-value", "Coverage.beneficiary.reference")],
    )


def test_a_logical_reference_needs_no_address_and_says_its_type_rightly() -> None:
    number = {"identifier": {"system": "urn:x:y", "value": "1"}}

    assert errors(coverage(beneficiary=number)) == []
    assert errors(coverage(beneficiary={**number, "type": "Claim"})) == [("bad-reference", "Coverage.beneficiary.type")]


def test_a_contained_target_must_be_there_and_of_the_type() -> None:
    house = {"resourceType": "Organization", "id": "h", "name": "医院"}

    assert errors(coverage(contained=[house], payor=[{"reference": "#h"}])) == []
    assert errors(coverage(payor=[{"reference": "#h"}])) == [("unresolved-contained", "Coverage.payor[0].reference")]
    assert errors(coverage(contained=[house], payor=[{"reference": "#h"}], beneficiary={"reference": "#h"})) == [
        ("bad-reference", "Coverage.beneficiary.reference")
    ]


def test_what_is_contained_must_be_used_and_hold_nothing_contained() -> None:
    house = {"resourceType": "Organization", "id": "h", "name": "医院"}

    assert errors(coverage(contained=[house])) == [("invariant-broken", "Coverage")]
    nested = coverage(contained=[{**house, "contained": [{**house, "id": "i"}]}], payor=[{"reference": "#h"}])
    assert ("invariant-broken", "Coverage") in errors(nested)
    assert errors(coverage(contained=[{"resourceType": "Organization", "name": "x"}], payor=[{"reference": "#"}])) != []


def test_the_type_of_a_bundled_target_is_what_the_entry_is() -> None:
    url = "urn:uuid:c757873d-ec9a-4326-a141-556f43239520"
    made = bundle(coverage(beneficiary={"reference": url}), {**patient(), "id": "p1"})
    made["entry"][1]["fullUrl"] = url
    assert errors(made) == []

    made["entry"][1]["resource"] = {"resourceType": "Organization", "id": "p1", "name": "x"}
    assert errors(made) == [("bad-reference", "Bundle.entry[0].resource.beneficiary.reference")]


def seen_patients() -> tuple[dict[str, Any], dict[str, Any]]:
    """A Coverage whose beneficiary must be a patient with a photo."""
    to = [{"code": "Reference", "targetProfile": [f"{HERE}seen"]}]
    strict = profile("Coverage", {"path": "Coverage.beneficiary", "type": to})
    return strict, profile("Patient", {"path": "Patient.photo", "min": 1}, name="seen")


def test_a_target_that_can_be_had_must_meet_its_profile() -> None:
    strict, seen = seen_patients()
    validator = Validator(library_with(strict, seen))
    people = {"Patient/p1": patient(), "Patient/p2": patient(photo=[{"title": "x"}])}

    def found(id: str) -> list[str]:
        resource = coverage(beneficiary={"reference": f"Patient/{id}"})
        return [each.code for each in validator.validate(resource, [strict["url"]], resolver=people.get)]

    assert found("p1") == ["target-outside-profile"]
    assert found("p2") == []
    assert found("p3") == []


def test_two_resources_that_refer_to_each_other_end() -> None:
    each_other = {"path": "Patient.link.other", "type": [{"code": "Reference", "targetProfile": [f"{HERE}by-hand"]}]}
    strict = profile("Patient", each_other)
    people = {
        f"Patient/{one}": patient(id=one, link=[{"other": {"reference": f"Patient/{two}"}, "type": "seealso"}])
        for one, two in (("a", "b"), ("b", "a"))
    }
    found = Validator(library_with(strict)).validate(people["Patient/a"], [strict["url"]], resolver=people.get)

    assert found == []


def test_an_aggregation_is_kept() -> None:
    to = [{"code": "Reference", "targetProfile": [f"{CORE}Patient"], "aggregation": ["contained"]}]
    strict = profile("Coverage", {"path": "Coverage.beneficiary", "type": to})

    assert errors(coverage(), strict) == [("reference-not-aggregated", "Coverage.beneficiary.reference")]


def test_a_resolver_that_brings_nonsense_harms_nothing() -> None:
    nonsense: Any = ["no resource"]

    assert base().validate(claim(1), resolver=lambda _: nonsense) == []
