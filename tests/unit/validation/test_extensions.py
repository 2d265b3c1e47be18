"""Extensions: known ones by their definition and place, unknown ones named, unknown modifiers refused."""

from typing import Any

from gateway.validation.issue import Issue
from tests.unit.validation.samples import CORE, HERE, claim, errors, issues, patient, profile


def extension(name: str, *contexts: str, **more: Any) -> dict[str, Any]:
    """An extension of a string that may stand on the contexts."""
    return profile(
        "Extension",
        {"path": "Extension.extension", "max": "0"},
        {"path": "Extension.url", "fixedUri": HERE + name},
        {"path": "Extension.value[x]", "min": 1, "type": [{"code": "string"}]},
        name=name,
        context=[{"type": "element", "expression": each} for each in contexts],
        **more,
    )


def found(resource: dict[str, Any], *definitions: dict[str, Any]) -> list[tuple[str, str, str]]:
    told: list[Issue] = issues(resource, *definitions, profiles=[CORE + resource["resourceType"]])
    return [(each.severity, each.code, each.location) for each in told]


def test_an_unknown_extension_is_an_information_and_its_shape_is_checked() -> None:
    unknown = {"url": "https://example.org/unknown", "valueString": "x"}

    assert found(patient(extension=[unknown])) == [("information", "extension-unknown", "Patient.extension[0]")]
    assert errors(patient(extension=[{"url": "https://example.org/x"}])) == [
        ("invariant-broken", "Patient.extension[0]")
    ]
    assert errors(patient(extension=[{"valueString": "x"}])) == [("missing-element", "Patient.extension[0].url")]


def test_an_unknown_modifier_is_an_error() -> None:
    unknown = {"url": "https://example.org/unknown", "valueBoolean": True}

    assert errors(patient(modifierExtension=[unknown])) == [("modifier-unknown", "Patient.modifierExtension[0]")]


def test_a_known_extension_is_checked_by_its_definition() -> None:
    colour = extension("colour", "Patient")

    assert found(patient(extension=[{"url": f"{HERE}colour", "valueString": "red"}]), colour) == []
    assert found(patient(extension=[{"url": f"{HERE}colour", "valueInteger": 5}]), colour) == [
        ("error", "type-not-allowed", "Patient.extension[0].value.ofType(integer)")
    ]


def test_an_extension_stands_where_its_contexts_say() -> None:
    colour = {"url": f"{HERE}colour", "valueString": "red"}
    on_name = patient(name=[{"text": "王", "extension": [colour]}])
    misplaced = [("error", "extension-misplaced", "Patient.name[0].extension[0]")]

    assert found(on_name, extension("colour", "Patient.name")) == []
    assert found(on_name, extension("colour", "HumanName")) == []
    assert found(on_name, extension("colour", "Element")) == []
    assert found(on_name, extension("colour", "Patient")) == misplaced
    assert found(on_name, extension("colour", "Patient.contact.name", "Address")) == misplaced


def test_a_context_may_be_a_type_that_is_specialised() -> None:
    colour = {"url": f"{HERE}colour", "valueString": "red"}

    assert found(patient(extension=[colour]), extension("colour", "DomainResource")) == []
    lines = claim(1)
    lines["item"][0]["extension"] = [colour]
    assert found(lines, extension("colour", "Claim.item")) == []
    assert found(lines, extension("colour", "BackboneElement")) == []


def test_a_primitive_has_its_extensions_beside_it() -> None:
    beside = {"extension": [{"url": f"{HERE}colour", "valueString": "red"}]}

    assert found(patient(_birthDate=beside), extension("colour", "Patient.birthDate")) == []
    assert found(patient(_birthDate=beside), extension("colour", "Patient.gender")) == [
        ("error", "extension-misplaced", "Patient.birthDate.extension[0]")
    ]


def test_a_profile_may_demand_an_extension() -> None:
    strict = profile(
        "Patient",
        {
            "id": "Patient.extension:colour",
            "path": "Patient.extension",
            "sliceName": "colour",
            "min": 1,
            "type": [{"code": "Extension", "profile": [f"{HERE}colour"]}],
        },
    )
    colour = extension("colour", "Patient")

    assert errors(patient(), strict, colour) != []
    assert errors(patient(extension=[{"url": f"{HERE}colour", "valueString": "red"}]), strict, colour) == []
    assert errors(patient(extension=[{"url": f"{HERE}colour", "valueCode": "red"}]), strict, colour) == [
        ("type-not-allowed", "Patient.extension[0].value.ofType(code)")
    ]
