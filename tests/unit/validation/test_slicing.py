"""Slices: told apart by value, pattern, type, existence and profile; counted; closed, ordered, open at the end."""

from typing import Any

import pytest

from tests.unit.validation.samples import CORE, HERE, bundle, claim, coverage, errors, patient, profile

SYSTEMS = {"phone": {"system": "phone", "value": "1"}, "email": {"system": "email", "value": "a@b"}}


def sliced(rules: str = "open", *, ordered: bool = False, **slices: dict[str, Any]) -> dict[str, Any]:
    """Patient.telecom sliced by the value of its system."""
    by = {"discriminator": [{"type": "value", "path": "system"}], "rules": rules, "ordered": ordered}
    elements: list[dict[str, Any]] = [{"path": "Patient.telecom", "slicing": by}]
    for name, more in slices.items():
        elements += [
            {"id": f"Patient.telecom:{name}", "path": "Patient.telecom", "sliceName": name, **more},
            {
                "id": f"Patient.telecom:{name}.system",
                "path": "Patient.telecom.system",
                "min": 1,
                "fixedCode": name,
            },
        ]
    return profile("Patient", *elements)


@pytest.mark.parametrize(
    ("strict", "systems", "found"),
    [
        (sliced(phone={"min": 1}), ["email"], [("missing-slice", "Patient.telecom")]),
        (sliced(phone={"min": 1}), ["email", "phone"], []),
        (sliced(phone={"max": "1"}), ["phone", "phone"], [("too-many-in-slice", "Patient.telecom")]),
        (sliced("closed", phone={}), ["phone", "email"], [("outside-slices", "Patient.telecom[1]")]),
        (sliced("openAtEnd", phone={}), ["email", "phone"], [("slice-out-of-order", "Patient.telecom[1]")]),
        (sliced("openAtEnd", phone={}), ["phone", "email"], []),
        (sliced(ordered=True, phone={}, email={}), ["email", "phone"], [("slice-out-of-order", "Patient.telecom[1]")]),
        (sliced(ordered=True, phone={}, email={}), ["phone", "email"], []),
    ],
)
def test_slices_by_value_are_counted_and_placed(
    strict: dict[str, Any], systems: list[str], found: list[tuple[str, str]]
) -> None:
    assert errors(patient(telecom=[SYSTEMS[each] for each in systems]), strict) == found


def test_a_slice_that_must_be_there_is_missed_when_the_element_is_not_there_at_all() -> None:
    assert errors(patient(telecom=None), sliced(phone={"min": 1})) in (
        [("missing-slice", "Patient.telecom")],
        [("missing-element", "Patient.telecom"), ("missing-slice", "Patient.telecom")],
    )


def by_pattern(*more: dict[str, Any]) -> dict[str, Any]:
    """Claim.item.adjudication-like: Claim.supportingInfo sliced by a pattern of its category."""
    return profile(
        "Claim",
        {
            "path": "Claim.supportingInfo",
            "slicing": {"discriminator": [{"type": "pattern", "path": "category"}], "rules": "open"},
        },
        {
            "id": "Claim.supportingInfo:day",
            "path": "Claim.supportingInfo",
            "sliceName": "day",
            "min": 1,
        },
        {
            "id": "Claim.supportingInfo:day.category",
            "path": "Claim.supportingInfo.category",
            "patternCodeableConcept": {"coding": [{"system": "urn:x:info", "code": "day"}]},
        },
        {"id": "Claim.supportingInfo:day.timing[x]", "path": "Claim.supportingInfo.timing[x]", "min": 1},
        *more,
    )


def info(code: str, **more: Any) -> dict[str, Any]:
    return {"sequence": 1, "category": {"coding": [{"system": "urn:x:info", "code": code}]}, **more}


def test_slices_by_pattern() -> None:
    def found(*infos: dict[str, Any]) -> list[tuple[str, str]]:
        return errors(claim(1) | {"supportingInfo": list(infos)}, by_pattern())

    assert found(info("day", timingDate="2024-08-10"), info("other")) == []
    assert found(info("other")) == [("missing-slice", "Claim.supportingInfo")]
    assert found(info("day")) == [("missing-element", "Claim.supportingInfo[0].timing")]


def test_slices_by_existence() -> None:
    strict = profile(
        "Patient",
        {
            "path": "Patient.address",
            "slicing": {"discriminator": [{"type": "exists", "path": "period"}], "rules": "open"},
        },
        {"id": "Patient.address:dated", "path": "Patient.address", "sliceName": "dated", "max": "1"},
        {"id": "Patient.address:dated.period", "path": "Patient.address.period", "min": 1},
        {"id": "Patient.address:dated.city", "path": "Patient.address.city", "min": 1},
    )
    dated = {"period": {"start": "2024"}, "city": "珠海"}

    assert errors(patient(address=[dated, {"text": "x"}]), strict) == []
    assert errors(patient(address=[dated, dated]), strict) == [("too-many-in-slice", "Patient.address")]
    assert errors(patient(address=[{"period": {"start": "2024"}}]), strict) == [
        ("missing-element", "Patient.address[0].city")
    ]


def entries(kind: str) -> dict[str, Any]:
    """Bundle.entry sliced by type or profile of the resource."""
    return profile(
        "Bundle",
        {
            "path": "Bundle.entry",
            "slicing": {"discriminator": [{"type": kind, "path": "resource"}], "rules": "closed"},
        },
        {"id": "Bundle.entry:patient", "path": "Bundle.entry", "sliceName": "patient", "min": 1, "max": "1"},
        {
            "id": "Bundle.entry:patient.resource",
            "path": "Bundle.entry.resource",
            "min": 1,
            "type": [{"code": "Patient", "profile": [f"{HERE}with-photo" if kind == "profile" else f"{CORE}Patient"]}],
        },
    )


def test_slices_by_type() -> None:
    assert errors(bundle(patient()), entries("type")) == []
    assert errors(bundle(patient(), coverage()), entries("type")) == [("outside-slices", "Bundle.entry[1]")]


def test_slices_by_profile() -> None:
    photo = profile("Patient", {"path": "Patient.photo", "min": 1}, name="with-photo")
    seen = patient(photo=[{"title": "x"}])

    assert errors(bundle(seen), entries("profile"), photo) == []
    assert errors(bundle(patient()), entries("profile"), photo) == [
        ("missing-slice", "Bundle.entry"),
        ("outside-slices", "Bundle.entry[0]"),
    ]


def test_a_choice_is_sliced_by_its_type() -> None:
    strict = profile(
        "Observation",
        {
            "path": "Observation.value[x]",
            "slicing": {"discriminator": [{"type": "type", "path": "$this"}], "rules": "closed"},
        },
        {
            "id": "Observation.value[x]:valueQuantity",
            "path": "Observation.value[x]",
            "sliceName": "valueQuantity",
            "min": 1,
            "type": [{"code": "Quantity"}],
        },
        {"id": "Observation.value[x]:valueQuantity.unit", "path": "Observation.value[x].unit", "min": 1},
    )
    seen = {"resourceType": "Observation", "status": "final", "code": {"text": "x"}}

    assert errors(seen | {"valueQuantity": {"value": 1, "unit": "kg"}}, strict) == []
    assert errors(seen | {"valueQuantity": {"value": 1}}, strict) == [
        ("missing-element", "Observation.value.ofType(Quantity).unit")
    ]
    assert ("type-not-allowed", "Observation.value.ofType(string)") in errors(seen | {"valueString": "x"}, strict)
    assert errors(seen, strict) != []


def test_a_slice_of_a_slice_is_counted_among_its_members() -> None:
    by_system = {"discriminator": [{"type": "value", "path": "system"}], "rules": "open"}
    by_use = {"discriminator": [{"type": "value", "path": "use"}], "rules": "open"}
    strict = profile(
        "Patient",
        {"path": "Patient.telecom", "slicing": by_system},
        {"id": "Patient.telecom:phone", "path": "Patient.telecom", "sliceName": "phone", "slicing": by_use},
        {"id": "Patient.telecom:phone.system", "path": "Patient.telecom.system", "min": 1, "fixedCode": "phone"},
        {"id": "Patient.telecom:phone/home", "path": "Patient.telecom", "sliceName": "phone/home", "min": 1},
        {"id": "Patient.telecom:phone/home.use", "path": "Patient.telecom.use", "min": 1, "fixedCode": "home"},
    )
    work, home = ({"system": "phone", "value": "1", "use": use} for use in ("work", "home"))

    assert errors(patient(telecom=[work, home]), strict) == []
    assert errors(patient(telecom=[work]), strict) == [("missing-slice", "Patient.telecom")]


def test_members_are_told_through_references_and_extensions() -> None:
    strict = profile(
        "Claim",
        {
            "path": "Claim.careTeam",
            "slicing": {"discriminator": [{"type": "type", "path": "provider.resolve()"}], "rules": "open"},
        },
        {"id": "Claim.careTeam:house", "path": "Claim.careTeam", "sliceName": "house", "min": 1},
        {
            "id": "Claim.careTeam:house.provider",
            "path": "Claim.careTeam.provider",
            "type": [{"code": "Reference", "targetProfile": [f"{CORE}Organization"]}],
        },
    )
    house = {"resourceType": "Organization", "id": "h", "name": "医院"}
    doctor = {"resourceType": "Practitioner", "id": "d"}

    def found(*ids: str) -> list[tuple[str, str]]:
        team = [{"sequence": place, "provider": {"reference": f"#{id}"}} for place, id in enumerate(ids, 1)]
        used = [each for each in (house, doctor) if each["id"] in ids]
        return errors(claim(1) | {"contained": used, "careTeam": team}, strict)

    assert found("h", "d") == []
    assert found("d") == [("missing-slice", "Claim.careTeam")]


def by_code(code: str) -> dict[str, Any]:
    return {"coding": [{"system": "urn:kinds", "code": code}]}


@pytest.mark.parametrize(
    ("type", "slice_name"),
    [
        (by_code("a"), "a"),
        (by_code("b"), "b"),
        ({**by_code("b"), "text": "b"}, "b"),
        ({"coding": [{"system": "urn:other", "code": "a"}, {"system": "urn:kinds", "code": "b"}]}, "b"),
        ({"coding": [{"system": "urn:kinds", "code": "a", "display": "A"}]}, "a"),
        ({"coding": [{"system": "urn:other", "code": "a"}]}, ""),
        ({"coding": [{"code": "a"}]}, ""),
        ({"text": "a"}, ""),
    ],
)
def test_a_slice_told_by_a_code_is_found_however_the_code_stands(type: dict[str, Any], slice_name: str) -> None:
    """Of identifiers, a may not have a value of its own and b must: which one is meant shows in what is wrong."""
    elements: list[dict[str, Any]] = [
        {
            "path": "Patient.identifier",
            "slicing": {"discriminator": [{"type": "value", "path": "type"}], "rules": "open"},
        }
    ]
    for name, more in (("a", {"max": "0"}), ("b", {"min": 1})):
        inside = f"Patient.identifier:{name}"
        elements += [
            {"id": inside, "path": "Patient.identifier", "sliceName": name},
            {"id": f"{inside}.type", "path": "Patient.identifier.type", "patternCodeableConcept": by_code(name)},
            {"id": f"{inside}.value", "path": "Patient.identifier.value", **more},
        ]
    strict = profile("Patient", *elements)
    with_value = errors(patient(identifier=[{"type": type, "value": "1"}]), strict)
    without = errors(patient(identifier=[{"type": type, "system": "urn:x"}]), strict)

    found = {"a": [("element-not-allowed", "Patient.identifier[0].value")], "b": [], "": []}[slice_name]
    missing = {"a": [], "b": [("missing-element", "Patient.identifier[0].value")], "": []}[slice_name]
    assert (with_value, without) == (found, missing)
